"""How a dossier stands to its due moment: what notices tell of (`schemas.notices`)."""

from typing import NamedTuple

from schemas.notices import DUE_SOON, LATE, Kind
from services.scorer.domain.life import Life
from services.scorer.domain.spans import FOREVER

__all__ = ["Standing", "standing_of"]


class Standing(NamedTuple):
    """A dossier that is late, or due soon, as of a moment. One that ended late stays so.

    ``since``: the first moment at which it was. ``late_from``: the first moment at which it is late, if nothing else happens.
    ``received``: when that was. Moments in microseconds.
    """

    kind: Kind
    since: int
    late_from: int
    unit: str
    procedure: str
    received: int


def standing_of(life: Life) -> Standing | None:
    """How an accepted dossier stands; None where neither holds: it has time left, waits, ended in time or has no due moment."""
    received = life.received
    if life.overdue_from != FOREVER:
        late_from = life.overdue_from
        return Standing(LATE, late_from, late_from, received.unit, received.procedure, life.start)
    if life.soon_from != FOREVER:
        return Standing(DUE_SOON, life.soon_from, life.in_time_until + 1, received.unit, received.procedure, life.start)
    return None
