"""Sums by unit, day and column over days of their own: no array is made before its first count."""

import numpy as np
from numpy.typing import NDArray

from services.api.cube.days import DayAxis
from services.api.cube.sums import DaySums

Numbers = NDArray[np.int64]
Places = NDArray[np.intp]


class Block:
    """What comes together and is equally wide lies together.

    Args:
        columns: how many.
        width: of one number.
    """

    def __init__(self, columns: int, width: type[np.int32 | np.int64]) -> None:
        self._days = DayAxis()
        self._sums = DaySums(columns, width)

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

    def up_to(self, day: int | None, units: Places) -> Numbers:
        """What all days up to one (None: nothing) add up to, for units by slot: [unit][column]."""
        return self._sums.up_to(self._days.column(day), units)
