"""Units ranked by their totals, with what changed since the period before (`indicators.md`, A.6)."""

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from schemas.periods import preceding
from schemas.rulesets.document import Language, in_points, name_in
from schemas.rulesets.evaluate import Scores, evaluate
from schemas.rulesets.model import HUNDREDTHS
from schemas.rulesets.ranking import places
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.lateness import DUE_SOON_DAYS, lateness
from services.api.cube.order import COUNTRY, TreeOrder
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.cube.stacked import Stacked
from services.api.documents.asked import Asked
from services.api.documents.kept import Document, Made, Stamp
from services.api.documents.naming import unit_json
from services.api.service import Service

__all__ = ["ranking_document"]

Numbers = NDArray[np.int64]
Places = NDArray[np.intp]

_ABOVE: Final = 1
"""Row 0 is the unit above (or the country): its pooled figures."""


def ranking_document(service: Service, parent: Unit | None, kind: str | None, asked: Asked) -> tuple[Made, Stamp]:
    """The units right below one (without it: those at the top; of a kind: all of that kind in the country), best first.

    Each is ranked with all units below it; among equal totals in the order of their codes. The change of rank is told where something
    was handled in the period before.

    Raises:
        Problem: 503, the counts are not complete yet.
    """
    ruleset, period = asked.ruleset, asked.period
    order, today = service.order_of(period), service.today
    above = order.places[COUNTRY if parent is None else parent.code]

    def work(reading: Reading) -> Document:
        ranked, with_above = _scopes(order, above, kind)
        former = preceding(period)
        counts = [PeriodCounts(reading, with_above, period)]
        if former is not None:
            counts.append(PeriodCounts(reading, ranked, former))
        scores = evaluate(ruleset, Stacked(counts))
        return {
            "parent": None if parent is None else unit_json(parent),
            "kind": kind,
            "ruleset": ruleset.id,
            **period.to_json(),
            "before": None if former is None else former.to_json(),
            "max": in_points(ruleset.max),
            "pooled": _pooled(scores, asked.language),
            "due_soon_days": DUE_SOON_DAYS,
            "units": _rows(order, ranked.places, scores, counts, _due_soon(reading, ranked, today)),
        }

    return service.document(("ranking", order, above, kind, today, asked.key), work)


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
) -> list[dict[str, Any]]:
    now = slice(_ABOVE, _ABOVE + len(ranked))
    totals, ties = scores.total[now], order.alphabet[ranked]
    ranks = places(totals, ties)
    handled = counts[0].measure("open") + counts[0].measure("ended")
    changes, totals_before = _before(scores, counts, ranks, ties)
    columns = [
        ranks,
        changes,
        totals / HUNDREDTHS,
        totals_before,
        handled[now],
        *(counts[0].measure(name)[now] for name in ("received", "open", "open_overdue", "ended_late")),
        due_soon,
        *(each.score[now] / HUNDREDTHS for each in scores.groups),
    ]
    by_rank, units = np.argsort(ranks), _named(order)
    codes = [each.group.code for each in scores.groups]
    return [
        {
            "rank": rank,
            "rank_before": None if change is None else rank + change,
            "change": change,
            "unit": units[place],
            "total": total,
            "total_before": before,
            "groups": dict(zip(codes, groups, strict=True)),
            "handled": done,
            "received": received,
            "open": still,
            "overdue": overdue,
            "late": late,
            "due_soon": soon,
        }
        for place, rank, change, total, before, done, received, still, overdue, late, soon, *groups in zip(
            ranked[by_rank].tolist(), *(column[by_rank].tolist() for column in columns), strict=True
        )
    ]


def _before(
    scores: Scores, counts: list[PeriodCounts], ranks: Numbers, ties: Numbers
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """By how many places each unit has risen (falls are negative), and its total before; None where it handled nothing then."""
    size = len(ranks)
    changes, totals = np.full(size, None, object), np.full(size, None, object)
    if len(counts) > 1 and size:
        then = scores.total[counts[0].size :]
        known = counts[1].measure("open") + counts[1].measure("ended") > 0
        changes[known] = (places(then, ties) - ranks)[known]
        totals[known] = (then / HUNDREDTHS)[known]
    return changes, totals


def _due_soon(reading: Reading, scope: Scope, today: int) -> Numbers:
    return lateness(reading, scope, today, DUE_SOON_DAYS).due_soon
