"""Which days are working days: Monday to Friday, less the days off, and the working Saturdays.

A working day has a number: how many working days lie before it, counted from Monday 5 January 1970. Weeks are reckoned; only the
days that are not as their weekday says are kept, sorted, with sums. So every question takes O(log n) of these, for any year.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Final

__all__ = ["WorkingDays"]

_MONDAY: Final = 4
"""5 January 1970, as a day number of `schemas.moments`."""


class WorkingDays:
    """Counts working days. A day is days since 1970-01-01.

    Args:
        off: days on which nobody works; a Saturday or Sunday among them changes nothing.
        working: Saturdays and Sundays on which people work. Against a day off the day off holds.
    """

    __slots__ = ("_kept", "_numbers", "_shifts", "off", "working")

    def __init__(self, off: Iterable[int], working: Iterable[int]) -> None:
        all_off = frozenset(off)
        self.off = frozenset(day for day in all_off if not _is_weekend(day))
        self.working = frozenset(day for day in working if _is_weekend(day)) - all_off
        self._kept = sorted(self.off | self.working)
        self._shifts = list(accumulate((1 if day in self.working else -1 for day in self._kept), initial=0))
        self._numbers = [_weekdays_before(day) + shift for day, shift in zip(self._kept, self._shifts, strict=False)]

    def holds(self, day: int) -> bool:
        """Whether a day is a working day."""
        return day in self.working if _is_weekend(day) else day not in self.off

    def before(self, day: int) -> int:
        """How many working days lie before a day: on a working day, its number."""
        return _weekdays_before(day) + self._shifts[bisect_left(self._kept, day)]

    def numbered(self, number: int) -> int:
        """The working day that has a number."""
        # The kept days up to the one that is sought: all later ones have a greater number.
        passed = bisect_right(self._numbers, number)
        if passed and self._numbers[passed - 1] == number and self._kept[passed - 1] in self.working:
            return self._kept[passed - 1]
        weeks, weekday = divmod(number - self._shifts[passed], 5)
        return _MONDAY + 7 * weeks + weekday


def _is_weekend(day: int) -> bool:
    return (day - _MONDAY) % 7 >= 5


def _weekdays_before(day: int) -> int:
    weeks, weekday = divmod(day - _MONDAY, 7)
    return 5 * weeks + min(weekday, 5)
