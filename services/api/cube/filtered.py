"""Sums by unit and day of what procedures with an attribute add, for those measures and attributes that some rule set asks for."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.measures import BY_NAME, Kind
from schemas.periods import Period
from services.api.cube.block import Block

Numbers = NDArray[np.int64]
Places = NDArray[np.intp]


class FilteredSums:
    """One column for each measure and attribute.

    Args:
        wanted: (name of the measure, attribute).
    """

    def __init__(self, wanted: Sequence[tuple[str, str]]) -> None:
        self.filters = [(BY_NAME[name].number, attribute) for name, attribute in wanted]
        """(number of the measure, attribute), by column."""
        self._block = Block([BY_NAME[name].kind is Kind.FLOW for name, _ in wanted], np.int32)

    @property
    def nbytes(self) -> int:
        """Memory set aside."""
        return self._block.nbytes

    def add(self, column: int, units: Places, days: Numbers, counts: Numbers, slots: int) -> None:
        """Add counts to one column: of units by slot, on days; `slots`: how many there are now."""
        order = np.argsort(units, kind="stable")
        self._block.add(units[order], days[order], np.full(len(units), column), counts[order], slots)

    def read(self, units: Places, period: Period) -> Numbers:
        """What a period adds up to, for units by slot: [unit][column]; flows inside it, stocks at its end."""
        return self._block.of(units, period)
