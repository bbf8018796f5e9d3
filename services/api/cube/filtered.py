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
        self._columns = {each: column for column, each in enumerate(wanted)}
        self._block = Block(len(wanted), np.int32)

    @property
    def nbytes(self) -> int:
        """Memory set aside."""
        return self._block.nbytes

    def add(self, column: int, units: Places, days: Numbers, counts: Numbers, slots: int) -> None:
        """Add counts to one column: of units by slot, on days; `slots`: how many there are now."""
        order = np.argsort(units, kind="stable")
        self._block.add(units[order], days[order], np.full(len(units), column), counts[order], slots)

    def read(self, units: Places, name: str, attribute: str, period: Period) -> Numbers | None:
        """A measure of procedures with an attribute in a period, for units by slot; None where that is no column."""
        column = self._columns.get((name, attribute))
        if column is None:
            return None
        upto = self._block.up_to(period.last, units)[:, column]
        if BY_NAME[name].kind is Kind.STOCK or period.first is None:
            return upto
        return upto - self._block.up_to(period.first - 1, units)[:, column]
