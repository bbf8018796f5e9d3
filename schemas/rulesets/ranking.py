"""Places in a ranking, as the portal gives them: by total, falling; equal totals get places one after the other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.rulesets.evaluate import Hundredths


def places(totals: Hundredths, ties: Sequence[str] | NDArray[np.int64]) -> NDArray[np.int64]:
    """The place (from 1) of each unit; among equal totals in the order of `ties` (codes, or their places in the alphabet), so that it
    never depends on chance.
    """
    found = np.empty(len(totals), np.int64)
    found[np.lexsort((np.asarray(ties), -totals))] = np.arange(1, len(totals) + 1)
    return found
