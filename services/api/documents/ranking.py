"""Units ranked by their totals, with what changed since the period before (`indicators.md`, A.6)."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import starmap
from typing import Any, Final, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from schemas.periods import preceding
from schemas.rulesets.document import Language, in_points, name_in
from schemas.rulesets.evaluate import Scores, evaluate
from schemas.rulesets.model import HUNDREDTHS
from schemas.rulesets.ranking import places
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.lateness import lateness
from services.api.cube.order import COUNTRY, TreeOrder
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.cube.stacked import Stacked
from services.api.documents.asked import Asked
from services.api.documents.kept import Document, Made, Stamp
from services.api.documents.naming import unit_json
from services.api.service import Service

__all__ = ["Ranked", "ranking_document", "ranking_of"]

Numbers = NDArray[np.int64]
Places = NDArray[np.intp]

_ABOVE: Final = 1
"""Row 0 is the unit above (or the country): its pooled figures."""


class Ranked(Struct, frozen=True, gc=False):
    """A unit in a ranking. Scores are points; ``change`` says by how many places it has risen since the period before, None where it
    handled nothing then; ``groups`` are by code.
    """

    rank: int
    rank_before: int | None
    change: int | None
    unit: dict[str, str]
    total: float
    total_before: float | None
    groups: dict[str, float]
    handled: int
    received: int
    open: int
    overdue: int
    late: int
    due_soon: int


def ranking_document(service: Service, parent: Unit | None, kind: str | None, asked: Asked) -> tuple[Made, Stamp]:
    """The units right below one (without it: those at the top; of a kind: all of that kind in the country), best first.

    Each is ranked with all units below it; among equal totals in the order of their codes. The change of rank is told where something
    was handled in the period before.

    Raises:
        Problem: 503, the counts are not complete yet.
    """
    order, today = service.order_of(asked.period), service.today
    above = order.places[COUNTRY if parent is None else parent.code]

    def work(reading: Reading) -> Document:
        return ranking_of(reading, order, above, asked, kind=kind, today=today)

    return service.document(("ranking", order, above, kind, today, asked.key), work)


def ranking_of(
    reading: Reading, order: TreeOrder, above: int, asked: Asked, *, kind: str | None, today: int
) -> dict[str, Any]:
    """The same of an open reading: ``above`` is a place in ``order``, the country's or a unit's; ``today`` is that of what is due soon."""
    ruleset, period = asked.ruleset, asked.period
    ranked, with_above = _scopes(order, above, kind)
    former = preceding(period)
    counts = [PeriodCounts(reading, with_above, period)]
    if former is not None:
        counts.append(PeriodCounts(reading, ranked, former))
    scores = evaluate(ruleset, Stacked(counts))
    return {
        "parent": None if above == order.places[COUNTRY] else unit_json(order.unit_at(above)),
        "kind": kind,
        "ruleset": ruleset.id,
        **period.to_json(),
        "before": None if former is None else former.to_json(),
        "max": in_points(ruleset.max),
        "pooled": _pooled(scores, asked.language),
        "units": _rows(order, ranked.places, scores, counts, lateness(reading, ranked, today).due_soon),
    }


@lru_cache(maxsize=16)
def _scopes(order: TreeOrder, above: int, kind: str | None) -> tuple[Scope, Scope]:
    """The units to rank; the same behind the unit above. Kept: what is worked out about a scope serves every period."""
    ranked = order.of_kind(kind) if kind is not None and above == order.places[COUNTRY] else order.below(above, kind)
    return Scope(order, ranked, pooled=True), Scope(order, np.concatenate(([above], ranked)), pooled=True)


@lru_cache(maxsize=4)
def _named(order: TreeOrder) -> list[dict[str, str]]:
    return [unit_json(order.unit_at(place)) for place in range(len(order.codes))]


def _pooled(scores: Scores, language: Language) -> dict[str, Any]:
    """The figures of all of them together: counts are added up, scores are never averaged."""
    return {
        "total": int(scores.total[0]) / HUNDREDTHS,
        "groups": [
            {
                "code": each.group.code,
                "name": name_in(each.group.name, language),
                "score": int(each.score[0]) / HUNDREDTHS,
                "max": in_points(each.group.max),
            }
            for each in scores.groups
        ],
    }


def _rows(
    order: TreeOrder, ranked: Places, scores: Scores, counts: list[PeriodCounts], due_soon: Numbers
) -> list[Ranked]:
    now = slice(_ABOVE, _ABOVE + len(ranked))
    totals, ties = scores.total[now], order.alphabet[ranked]
    ranks = places(totals, ties)
    by_rank = np.argsort(ranks)

    def listed(values: NDArray[Any]) -> list[Any]:
        found: list[Any] = values[by_rank].tolist()
        return found

    units, codes = _named(order), [each.group.code for each in scores.groups]
    groups = zip(*(listed(each.score[now] / HUNDREDTHS) for each in scores.groups), strict=True)
    before = _before(scores, counts, ranks, ties)
    measured = [counts[0].measure(name)[now] for name in ("received", "open", "open_overdue", "ended_late")]
    columns: list[Iterable[Any]] = [
        listed(ranks),
        listed(before.rank),
        listed(before.change),
        [units[place] for place in listed(ranked)],
        listed(totals / HUNDREDTHS),
        listed(before.total),
        [dict(zip(codes, each, strict=True)) for each in groups],
        listed(_handled(counts[0])[now]),
        *map(listed, measured),
        listed(due_soon),
    ]
    return list(starmap(Ranked, zip(*columns, strict=True)))


class _Before(NamedTuple):
    """Of the period before; None where a unit handled nothing then."""

    rank: NDArray[np.object_]
    change: NDArray[np.object_]
    total: NDArray[np.object_]


def _before(scores: Scores, counts: list[PeriodCounts], ranks: Numbers, ties: Numbers) -> _Before:
    """The rank, by how many places each unit has risen since (falls are negative), and the total."""
    size = len(ranks)
    found = _Before(*(np.full(size, None, object) for _ in range(3)))
    if len(counts) > 1 and size:
        totals, known = scores.total[counts[0].size :], _handled(counts[1]) > 0
        former = places(totals, ties)
        found.rank[known] = former[known]
        found.change[known] = (former - ranks)[known]
        found.total[known] = (totals / HUNDREDTHS)[known]
    return found


def _handled(counts: PeriodCounts) -> Numbers:
    """Dossiers that were open or ended ("đã xử lý, đang xử lý")."""
    return counts.measure("open") + counts.measure("ended")
