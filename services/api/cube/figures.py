"""Declared figures of the units of a scope."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np

from schemas.periods import Period
from schemas.rulesets.counts import Figures
from services.api.cube.scope import Scope

__all__ = ["figures_of", "year_before"]

_EPOCH: Final = date(1970, 1, 1)
_ROOM: Final = 2**62


def figures_of(declared: Mapping[str, Fraction], scope: Scope) -> Figures:
    """A figure of each unit of a scope: its own, else the sum of what lies below it (with `own` scope: of what it absorbed).

    Args:
        declared: what units declared themselves, by code.
        scope: the units asked for.
    """
    if not declared:
        return Figures(np.zeros(len(scope), np.int64))
    order = scope.order
    own = [declared.get(code) for code in order.codes]
    below = [Fraction(0)] * len(own)
    counted = np.ones(len(own), np.bool_) if scope.pooled else order.is_absorbed
    for place in range(len(own) - 1, 0, -1):  # those below a unit come after it
        if counted[place]:
            said = own[place]
            below[order.parents[place]] += below[place] if said is None else said
    found = [below[place] if (said := own[place]) is None else said for place in scope.places]
    scale = lcm(*(value.denominator for value in found))
    values = [int(value * scale) for value in found]
    return Figures(np.array(values, np.int64 if max(map(abs, values)) < _ROOM else object), scale)


def year_before(period: Period) -> Period:
    """The calendar year before that of the period's last day."""
    year = (_EPOCH + timedelta(days=period.last)).year - 1
    return Period(*((date(year, *day) - _EPOCH).days for day in ((1, 1), (12, 31))))
