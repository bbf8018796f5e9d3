"""The days that have a column in the cube."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]

GAP: Final = 31
"""Days between two known ones that get columns of their own, so that days that come in any order seldom move columns. Longer gaps get
none: one wrong date of 1905 costs one column, not 44,000."""


class DayAxis:
    """Which days have a column, in order. Column 0 is before all of them, so a day's column is also the number of days up to it."""

    __slots__ = ("_days",)

    def __init__(self) -> None:
        self._days: Days = np.empty(0, np.int64)

    def __len__(self) -> int:
        """How many columns there are, column 0 included."""
        return len(self._days) + 1

    def column(self, day: int | None) -> int:
        """The last column not after a day; None lies before all days."""
        return 0 if day is None else int(np.searchsorted(self._days, day, "right"))

    def columns(self, days: Days) -> NDArray[np.intp]:
        """The columns of days that have one."""
        return np.searchsorted(self._days, days, "right")

    def add(self, days: Iterable[int] | Days) -> NDArray[np.intp] | None:
        """Give days a column.

        Returns:
            For each new column the old one that it continues (in a prefix sum: has the value of); None if all have one already.
        """
        wanted = np.union1d(self._days, np.fromiter(days, np.int64))
        if len(wanted) == len(self._days):
            return None
        filled = _without_small_gaps(wanted)
        continued = np.searchsorted(self._days, filled, "right")
        self._days = filled
        return np.concatenate(([0], continued))


def _without_small_gaps(days: Days) -> Days:
    steps = np.diff(days)
    if not np.any((steps > 1) & (steps <= GAP)):
        return days
    runs = np.split(days, np.flatnonzero(steps > GAP) + 1)
    return np.concatenate([np.arange(run[0], run[-1] + 1) for run in runs])
