"""The counts of CONTRACT, section 2, out of the sums of measures."""

import numpy as np
from numpy.typing import NDArray

from schemas.counts import MEASURES_OF_COUNTS, counts_of
from services.api.cube.store import COLUMNS, Totals

__all__ = ["counts_of_row"]


def counts_of_row(totals: Totals, row: int) -> dict[str, int]:
    """The counts of one unit."""
    return counts_of(_named(totals.period[row]), _named(totals.before[row]))


def _named(numbers: NDArray[np.int64]) -> dict[str, int]:
    return {measure.name: int(numbers[COLUMNS[measure.name]]) for measure in MEASURES_OF_COUNTS}
