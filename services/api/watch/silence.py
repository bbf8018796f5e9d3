"""How long a system is silent, and for how long it ever is: in working time, so that nights, week-ends and Tết are no silence.

It is known to the quarter of an hour when a system was heard. Silences are counted from the end of one such quarter to the end of the
next one: a system that is heard every working day at nine, give or take some minutes, is never silent for longer than it ever is.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from schemas.calendar import WORKING_DAY, WorkingCalendar
from schemas.moments import DAY, MINUTE, SECOND
from schemas.rows import HABIT_DAYS, QUARTER, QUARTERS

__all__ = ["Habit", "habit_of"]

_LEAST: Final = 60 * MINUTE
"""Working time that nobody calls silence."""

_KNOWN: Final = 2 * WORKING_DAY * SECOND
"""Working time between the first and the last time that a system was heard, from which on it is known well enough."""


class Habit(NamedTuple):
    """What is known of a system's silences, as of when it was last heard. Working time in microseconds.

    ``last``: the end of the quarter of an hour in which it was last heard, a moment. ``longest``: its longest silence. ``is_known``: it was
    heard for long enough to tell.
    """

    calendar: WorkingCalendar
    last: int
    longest: int
    is_known: bool

    def silence(self, now: int) -> int:
        """Working time since it was last heard."""
        return max(self.calendar.worked(now) - self.calendar.worked(self.last), 0)

    def has_left(self, now: int) -> bool:
        """Whether it has not been heard for so long that nobody waits for it."""
        return now - self.last > HABIT_DAYS * DAY

    def is_quiet(self, now: int) -> bool:
        """Whether it is silent for longer than it was ever found to be."""
        return self.silence(now) > max(self.longest, _LEAST)

    def is_silent(self, now: int) -> bool:
        """Whether that can be told: it is known well enough, and has not left."""
        return self.is_known and not self.has_left(now) and self.is_quiet(now)


def habit_of(days: Mapping[int, int], calendar: WorkingCalendar) -> Habit | None:
    """The habit of a system; None if it was never heard.

    Args:
        days: by day (days since 1970, UTC) the quarters of an hour in which it was heard, bit 0 the first.
        calendar: of the unit of its key.
    """
    heard = {day: quarters for day, quarters in days.items() if quarters}
    if not heard:
        return None
    newest = max(heard)
    oldest = min(day for day in heard if day > newest - HABIT_DAYS)
    quarters = sum(bits << (day - oldest) * QUARTERS for day, bits in heard.items() if day >= oldest)
    worked, longest, first, last = calendar.worked, QUARTER, 0, 0
    for begins, ends in _runs(quarters):
        began, ended = (oldest * DAY + quarter * QUARTER for quarter in (begins + 1, ends))
        if last:
            longest = max(longest, worked(began) - worked(last))
        first, last = first or began, ended
    return Habit(calendar, last, longest, worked(last) - worked(first) >= _KNOWN)


def _runs(bits: int) -> Iterator[tuple[int, int]]:
    """Where ones that stand side by side begin and end (not included), the lowest first."""
    place = 0
    while bits:
        zeros = (bits & -bits).bit_length() - 1
        bits >>= zeros
        place += zeros
        ones = (~bits & (bits + 1)).bit_length() - 1
        yield place, place + ones
        bits >>= ones
        place += ones
