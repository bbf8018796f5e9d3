"""Sums by unit and day of what procedures with an attribute add, for those measures and attributes that some rule set asks for."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.measures import BY_NAME
from services.api.cube.sums import DaySums

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
        self.columns = {each: column for column, each in enumerate(self.filters)}
        self.sums = DaySums(len(self.filters), np.int32)

    def add(self, units: Places, days: Places, columns: Places, counts: Numbers, size: tuple[int, int]) -> None:
        """Add counts; arguments as of `DaySums.add`, units in any order."""
        order = np.argsort(units, kind="stable")
        self.sums.add(units[order], days[order], columns[order], counts[order], size)
