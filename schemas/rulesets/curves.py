"""From a ratio to points, in exact hundredths."""

from fractions import Fraction
from functools import reduce

import numpy as np

from schemas.rulesets.exact import Exact
from schemas.rulesets.model import Indicator


def points(indicator: Indicator, ratio: Exact) -> Exact:
    """The points (hundredths, not rounded) that an indicator gives for ratios; never below 0, never above its max."""
    size = len(ratio)
    none, full = Exact.constant(Fraction(0), size), Exact.constant(Fraction(indicator.max), size)
    match indicator.curve:
        case "linear":
            return (ratio * Exact.constant(indicator.max / indicator.full_from, size)).maximum(none).minimum(full)
        case "yes_no":
            return full.where(ratio.at_least(Exact.constant(indicator.full_from, size)), none)
        case "steps":
            return reduce(
                lambda reached, step: Exact.constant(Fraction(step[1]), size).where(
                    ratio.at_least(Exact.constant(step[0], size)), reached
                ),
                indicator.steps,
                none,
            )
        case "full":
            return full.where(np.ones(size, np.bool_), none)
        case "analysis":
            return none
