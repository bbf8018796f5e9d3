"""The counts of CONTRACT, section 2, out of the sums of measures."""

from schemas.counts import MEASURES_OF_COUNTS, counts_of
from schemas.periods import Period
from services.api.cube.cube import Reading
from services.api.cube.scope import Scope
from services.api.cube.store import COLUMNS

__all__ = ["counts_in"]


def counts_in(reading: Reading, scope: Scope, period: Period) -> list[dict[str, int]]:
    """The counts of each unit of a scope in a period."""
    inside = _measured(reading, scope, period)
    if period.first is None:
        return [counts_of(here, {}) for here in inside]
    before = _measured(reading, scope, Period(None, period.first - 1))
    return [counts_of(here, there) for here, there in zip(inside, before, strict=True)]


def _measured(reading: Reading, scope: Scope, period: Period) -> list[dict[str, int]]:
    names = [measure.name for measure in MEASURES_OF_COUNTS]
    totals = scope.added(reading.totals(scope.codes, period))[:, [COLUMNS[name] for name in names]]
    return [dict(zip(names, row, strict=True)) for row in totals.tolist()]
