"""Sums by unit, day and column over days of their own: no array is made before its first count."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.periods import Period
from services.api.cube.days import DayAxis
from services.api.cube.sums import DaySums, Ints

Numbers = NDArray[np.int64]
Places = NDArray[np.intp]


class Block:
    """What comes together and is equally wide lies together.

    Args:
        flows: of each column, whether it counts what happens on a day; else it counts what there is at its end.
        width: of one number.
    """

    def __init__(self, flows: Sequence[bool], width: type[np.int32 | np.int64]) -> None:
        self._flows = np.array(flows, np.int8)
        self._days = DayAxis()
        self._sums = DaySums(len(flows), width)

    @property
    def nbytes(self) -> int:
        """Memory set aside."""
        return self._sums.nbytes

    def add(self, units: Places, days: Numbers, columns: Places, counts: Numbers, slots: int) -> None:
        """Add counts: of units by slot (rising), on days, by column; `slots`: how many there are now."""
        continued = self._days.add(np.unique(days))
        if continued is not None:
            self._sums.move_columns(continued)
        self._sums.add(units, self._days.columns(days), columns, counts, (slots, len(self._days)))

    def of(self, units: Places, period: Period) -> Ints:
        """What a period adds up to, for units by slot: [unit][column], flows inside it, stocks at its end."""
        upto = self._sums.up_to(self._days.column(period.last), units)
        if period.first is not None:
            upto -= self._sums.up_to(self._days.column(period.first - 1), units) * self._flows
        return upto
