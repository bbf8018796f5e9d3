"""When each sender was heard, and what silence it is known for (rows of the kind HEARD)."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final, NamedTuple

from schemas.calendar import WorkingCalendar
from schemas.moments import DAY, MINUTE, SECOND
from schemas.rows import QUARTER, parse_heard

__all__ = ["Heard", "Sender", "Silence"]

_QUARTERS: Final = DAY // QUARTER

KNOWN_AFTER: Final = 16 * 60 * MINUTE
"""Working time from the first hearing to the last (two working days) after which a sender's habit is known, microseconds."""


class Sender(NamedTuple):
    """A system that speaks by a key of a unit."""

    system: str
    unit: str


class Silence(NamedTuple):
    """In working time of the unit of the key, so that nights, week-ends and holidays are none.

    ``since``: until when it was heard, microseconds; ``seconds``: how long ago that is. ``habit``: the longest silence between two
    hearings, seconds; None of a sender that is not known well enough.
    """

    since: int
    seconds: float
    habit: float | None


class Heard:
    """Senders of all partitions by the quarters of an hour in which they were heard. Not safe for several threads: the cube locks it."""

    def __init__(self) -> None:
        self._days: dict[Sender, dict[tuple[int, int], int]] = defaultdict(dict)
        self._habits: dict[Sender, tuple[WorkingCalendar, int, float | None]] = {}

    def put(self, partition: int, name: str, bits: int | None) -> None:
        """Put in force what a row says: the quarters of a day as bits; None: nothing is kept of that day any more.

        Raises:
            ValueError: `name` is none of such a row.
        """
        day, unit, system = parse_heard(name)
        sender = Sender(system, unit)
        self._habits.pop(sender, None)
        days = self._days[sender]
        if bits is None:
            days.pop((partition, day), None)
        else:
            days[partition, day] = bits
        if not days:
            del self._days[sender]

    def silences(self, now: int, calendar_of: Callable[[str], WorkingCalendar]) -> Mapping[Sender, Silence]:
        """The silence of each sender at a moment.

        Args:
            now: microseconds.
            calendar_of: gives the working calendar of a unit.
        """
        found = {}
        for sender, days in self._days.items():
            calendar = calendar_of(sender.unit)
            known = self._habits.get(sender)
            if known is None or known[0] != calendar:
                known = self._habits[sender] = calendar, *_habit(days, calendar)
            _, last, habit = known
            since = min(last, now)
            found[sender] = Silence(since, (calendar.worked(now) - calendar.worked(since)) / SECOND, habit)
        return found


def _habit(days: Mapping[tuple[int, int], int], calendar: WorkingCalendar) -> tuple[int, float | None]:
    """Until when a sender was heard, and the longest silence before, seconds of working time."""
    united: dict[int, int] = defaultdict(int)
    for (_, day), bits in days.items():
        united[day] |= bits
    quarters = [
        day * _QUARTERS + number for day in sorted(united) for number in range(_QUARTERS) if united[day] >> number & 1
    ]
    worked = [(calendar.worked(quarter * QUARTER), calendar.worked((quarter + 1) * QUARTER)) for quarter in quarters]
    last = (quarters[-1] + 1) * QUARTER
    if worked[-1][1] - worked[0][0] < KNOWN_AFTER:
        return last, None
    return last, max(after[0] - before[1] for before, after in pairwise(worked)) / SECOND
