"""Places in a ranking, as the portal gives them: by total, falling; equal totals get places one after the other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.rulesets.evaluate import Hundredths


def places(totals: Hundredths, codes: Sequence[str]) -> NDArray[np.int64]:
    """The place (from 1) of each unit; among equal totals in the order of their codes, so that it never depends on chance."""
    order = sorted(range(len(codes)), key=lambda row: (-int(totals[row]), codes[row]))
    found = np.zeros(len(codes), np.int64)
    found[order] = np.arange(1, len(codes) + 1)
    return found
