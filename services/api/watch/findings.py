"""Systems that fell silent, as findings (CONTRACT, section 3): out of the cube, as of its clock."""

from typing import Final

from services.api.archive.findings import FindingLine, Silence
from services.api.watch.systems import Look
from services.common.instants import to_datetime

__all__ = ["SILENT_SYSTEM", "silent_systems"]

SILENT_SYSTEM: Final = "silent_system"
_HOUR: Final = 3_600_000_000


def silent_systems(look: Look, unit: str, *, pooled: bool) -> list[FindingLine]:
    """The systems of a unit that are silent for longer than they ever were (`Look.silent`). ``detail``: the unit whose key they use."""
    return [
        FindingLine(
            subject=sender.system,
            code=SILENT_SYSTEM,
            detail=sender.unit,
            unit=sender.unit,
            since=to_datetime(habit.last),
            silence=Silence(round(habit.silence(look.now) / _HOUR, 2), round(habit.longest / _HOUR, 2)),
        )
        for sender, habit in look.silent(unit, pooled=pooled).items()
    ]
