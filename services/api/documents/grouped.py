"""Counts split by procedure, or by sector ("lĩnh vực"), as the catalogue of procedures has them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Final

from schemas.counts import MEASURES_OF_COUNTS, counts_of
from schemas.measures import BY_NAME, Measure
from schemas.periods import Period
from services.api.cube.cube import Reading
from services.api.cube.scope import Scope
from services.api.cube.store import Entries

__all__ = ["GROUPINGS", "grouped_counts"]

GROUPINGS: Final = ("procedure", "sector")

_Found = list[defaultdict[str, Counter[str]]]
"""By unit: group -> measure -> count."""


def grouped_counts(reading: Reading, scope: Scope, period: Period, by: str) -> list[list[dict[str, Any]]]:
    """The counts of each unit of a scope by procedure, or by sector ("lĩnh vực"); what has none is left out."""
    catalogue = reading.catalogue
    if by == "procedure":
        return [
            [{"procedure": name, "counts": counts} for name, counts in sorted(groups.items())]
            for groups in _by(str, reading, scope, period)
        ]
    names = {row.sector: row.sector_name or None for row in catalogue.values()} | {"": None}

    def sector_of(procedure: str) -> str:
        row = catalogue.get(procedure)
        return "" if row is None else row.sector

    return [
        [
            {"sector": sector or None, "name": names[sector], "counts": counts}
            for sector, counts in sorted(groups.items())
        ]
        for groups in _by(sector_of, reading, scope, period)
    ]


def _by(
    group_of: Callable[[str], str], reading: Reading, scope: Scope, period: Period
) -> list[dict[str, dict[str, int]]]:
    """The counts of each unit of a scope by what its procedures belong to; groups without any are left out."""
    inside: _Found = [defaultdict(Counter) for _ in range(len(scope))]
    before: _Found = [defaultdict(Counter) for _ in range(len(scope))]
    groups = [group_of(procedure) for procedure in reading.items]
    for measure in MEASURES_OF_COUNTS:
        _enter(inside, measure.name, groups, _entries(reading, scope, measure, period))
    if period.first is not None:
        _enter(before, "open", groups, _entries(reading, scope, BY_NAME["open"], Period(None, period.first - 1)))
    return [
        {name: counts_of(here[name], there[name]) for name in here.keys() | there.keys()}
        for here, there in zip(inside, before, strict=True)
    ]


def _entries(reading: Reading, scope: Scope, measure: Measure, period: Period) -> Entries:
    return scope.entries(reading.entries(scope.codes, measure, period))


def _enter(found: _Found, measure: str, groups: Sequence[str], entries: Entries) -> None:
    units, items, counts = entries
    for unit, item, count in zip(units.tolist(), items.tolist(), counts.tolist(), strict=True):
        found[unit][groups[item]][measure] += count
