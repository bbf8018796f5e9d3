"""What rows tell of units beside their counts, over all partitions."""

from collections.abc import Iterable

from services.api.cube.differences import Told
from services.api.cube.hearings import Hearings

__all__ = ["ToldOfUnits"]


class ToldOfUnits:
    """Newest events and late notices by unit and partition, and when senders were heard. One thread at a time."""

    __slots__ = ("_newest", "hearings", "late")

    def __init__(self) -> None:
        self._newest: dict[str, dict[int, int]] = {}
        self.late: dict[str, dict[int, int]] = {}
        """How many late notices there were about the dossiers of a unit, ever, by partition."""
        self.hearings = Hearings()

    def take(self, partition: int, told: Told) -> None:
        """Put in force what a batch of rows of a partition tells."""
        for unit, moment in told.newest.items():
            self._newest.setdefault(unit, {})[partition] = moment
        for unit, number in told.late.items():
            self.late.setdefault(unit, {})[partition] = number
        for heard, quarters in told.heard.items():
            self.hearings.put(partition, heard, quarters)

    def last_event(self, units: Iterable[str]) -> int | None:
        """The `time` of the newest event of any of these units, microseconds; None without one."""
        return max((moment for unit in units for moment in self._newest.get(unit, {}).values()), default=None)

    def late_notices(self, units: Iterable[str]) -> list[int]:
        """How many late notices there were about the dossiers of each of these units alone, ever."""
        return [sum(self.late.get(unit, {}).values()) for unit in units]
