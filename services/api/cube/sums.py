"""Sums by unit, day and measure, kept as prefix sums along the days."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Places = NDArray[np.intp]
Ints = NDArray[Any]
"""int32 or int64."""


_SPARE_DAYS: Final = 92
_SPARE_UNITS: Final = 64


class DaySums:
    """A dense array [unit][day][measure]; what stands at a day is the sum of all days up to it.

    A unit's days lie together, so a change rewrites one short stretch of memory (from its day to today), and a day of a unit is a few
    cache lines, so a period of all units is two gathers. Nothing is allocated before the first count.

    Args:
        measures: how many.
        width: of one number, int32 or int64.
    """

    def __init__(self, measures: int, width: type[np.int32 | np.int64]) -> None:
        self._measures = measures
        self._width = width
        self._sums = np.zeros((0, 0, self._measures), width)

    @property
    def nbytes(self) -> int:
        """Memory that is set aside, spare units and days included."""
        return self._sums.nbytes

    def add(self, units: Places, days: Places, measures: Places, counts: Numbers, size: tuple[int, int]) -> None:
        """Add counts of days.

        Args:
            units: slots, rising.
            days: columns, one for each of `units`.
            measures: numbers below that of measures, one for each.
            counts: what is added, one for each.
            size: how many slots and columns there are now.
        """
        if not len(units):
            return
        self._make_room(size)
        last = size[1]
        starts = np.flatnonzero(np.diff(units, prepend=-1))
        for start, end in zip(starts, [*starts[1:], len(units)], strict=True):
            of_unit = slice(start, end)
            first = int(days[of_unit].min())
            block = np.zeros((last - first, self._measures), self._width)
            np.add.at(block, (days[of_unit] - first, measures[of_unit]), counts[of_unit])
            np.cumsum(block, axis=0, out=block)
            self._sums[units[start], first:last] += block

    def move_columns(self, continued: Places) -> None:
        """Make room for new columns; `continued` says for each column whose value it has (see `DayAxis.add`)."""
        if not self._sums.size:
            return
        before, after = int(continued[-1]) + 1, len(continued)
        units, room, _ = self._sums.shape
        only_later_days = bool(np.array_equal(continued[:before], np.arange(before)))
        if only_later_days and after <= room:
            self._sums[:, before:after] = self._sums[:, before - 1 : before]
            return
        moved = np.zeros((units, after + _SPARE_DAYS, self._measures), self._width)
        for unit in range(units):  # piece by piece: no second copy of everything
            moved[unit, :after] = self._sums[unit, continued]
        self._sums = moved

    def up_to(self, column: int, units: Places) -> Ints:
        """What all days up to a column add up to: [unit][measure]; zeros for units without counts."""
        if self._sums.size and units.max(initial=0) < len(self._sums):
            everywhere: Ints = self._sums[units, column]
            return everywhere
        found: Ints = np.zeros((len(units), self._measures), self._width)
        if self._sums.size:
            there = units < len(self._sums)
            found[there] = self._sums[units[there], column]
        return found

    def _make_room(self, size: tuple[int, int]) -> None:
        """Give every slot a place; the columns have theirs since `move_columns`, save at the very first count."""
        units, columns = self._sums.shape[:2]
        if units >= size[0]:
            return
        room = max(size[0] + _SPARE_UNITS, units + units // 4), columns or size[1] + _SPARE_DAYS
        grown = np.zeros((*room, self._measures), self._width)
        grown[:units, :columns] = self._sums
        self._sums = grown
