"""Counts split by procedure, or by sector ("lĩnh vực"), as the catalogue of procedures has them."""

from collections import Counter, defaultdict
from typing import Any, Final

from schemas.counts import MEASURES_OF_COUNTS, counts_of
from schemas.measures import BY_NAME
from schemas.periods import Period
from services.api.cube.cube import Reading
from services.api.cube.scope import Scope

__all__ = ["GROUPINGS", "grouped_counts"]

GROUPINGS: Final = ("procedure", "sector")


def grouped_counts(reading: Reading, scope: Scope, period: Period, by: str) -> list[list[dict[str, Any]]]:
    """The counts of each unit of a scope by procedure, or by sector ("lĩnh vực"); what has none is left out."""
    found = _by_procedure(reading, scope, period)
    catalogue = reading.catalogue
    if by == "procedure":
        return [[{"procedure": name, "counts": counts} for name, counts in sorted(groups.items())] for groups in found]
    names = {row.sector: row.sector_name or None for row in catalogue.values()} | {"": None}
    answers = []
    for groups in found:
        sectors: dict[str, Counter[str]] = defaultdict(Counter)
        for procedure, counts in groups.items():
            row = catalogue.get(procedure)
            sectors["" if row is None else row.sector].update(counts)
        answers.append(
            [
                {"sector": sector or None, "name": names[sector], "counts": dict(counts)}
                for sector, counts in sorted(sectors.items())
            ]
        )
    return answers


def _by_procedure(reading: Reading, scope: Scope, period: Period) -> list[dict[str, dict[str, int]]]:
    """The counts of each unit of a scope by procedure; procedures without any are left out."""
    inside: list[dict[str, dict[str, int]]] = [defaultdict(dict) for _ in range(len(scope))]
    before: list[dict[str, dict[str, int]]] = [defaultdict(dict) for _ in range(len(scope))]
    for measure in MEASURES_OF_COUNTS:
        _enter(inside, measure.name, reading, scope, period)
    if period.first is not None:
        _enter(before, "open", reading, scope, Period(None, period.first - 1))
    return [
        {name: counts_of(here.get(name, {}), there.get(name, {})) for name in here.keys() | there.keys()}
        for here, there in zip(inside, before, strict=True)
    ]


def _enter(
    found: list[dict[str, dict[str, int]]], measure: str, reading: Reading, scope: Scope, period: Period
) -> None:
    units, items, counts = scope.entries(reading.entries(scope.codes, BY_NAME[measure], period))
    names = reading.items
    for unit, item, count in zip(units.tolist(), items.tolist(), counts.tolist(), strict=True):
        found[unit][names[item]][measure] = count
