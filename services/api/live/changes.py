"""Which units' shown numbers differ between two evaluations."""

import numpy as np

from schemas.rulesets.evaluate import Scores
from schemas.rulesets.exact import Flags

__all__ = ["changed"]


def changed(one: Scores, other: Scores) -> Flags:
    """Where a total, a group, or an indicator's points, numerator, denominator or status differ; both of the same units."""
    found = one.total != other.total
    for group, former in zip(one.groups, other.groups, strict=True):
        found = found | (group.score != former.score)
        for each, was in zip(group.indicators, former.indicators, strict=True):
            found |= (each.score != was.score) | (each.status != was.status) | (each.scored != was.scored)
            found |= each.counted.numerator.differs(was.counted.numerator)
            found |= each.counted.denominator.differs(was.counted.denominator)
    return np.asarray(found, np.bool_)
