"""Where a unit loses points and what wins them back, as it is shown (`schemas.rulesets.explain`)."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from schemas.periods import Period
from schemas.rulesets.actions import Action
from schemas.rulesets.changed import UNSPLIT
from schemas.rulesets.document import GroupDocument, IndicatorDocument, Language, document, plain
from schemas.rulesets.evaluate import Scores, evaluate
from schemas.rulesets.explain import Explanation, Gain, Subject, at_stake, explain, needed
from schemas.rulesets.lost import Term
from schemas.rulesets.model import HUNDREDTHS
from schemas.rulesets.ranking import places
from schemas.rulesets.words import counted_text, text_of
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.order import COUNTRY, TreeOrder
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.documents.asked import Asked
from services.api.documents.kept import Document, Made, Stamp
from services.api.documents.naming import unit_json
from services.api.service import Service

__all__ = ["explain_document"]

_LISTED: Final = 20
"""Procedures named with an action, those with the most first."""


def explain_document(service: Service, unit: Unit, asked: Asked) -> tuple[Made, Stamp]:
    """Points lost by indicator, the counts that lose them, what wins them back, and what lifts the unit by a place.

    Raises:
        Problem: 503, the counts are not complete yet.
    """
    order, today = service.order_of(asked.period), service.today

    def work(reading: Reading) -> Document:
        scope = Scope.of(order, [unit.code], pooled=asked.pooled)
        subject = Subject(asked.ruleset, PeriodCounts(reading, scope, asked.period))
        explained = explain(subject, now=(asked.period.first or 0) <= today <= asked.period.last)
        teller = _Teller(explained, reading.items, asked.language)
        return {
            "unit": unit_json(unit),
            "ruleset": asked.ruleset.id,
            "scope": "subtree" if asked.pooled else "own",
            **asked.period.to_json(),
            **teller.whole(),
            "at_stake": _at_stake(reading, scope, subject, asked.period, today),
            "next_rank": _next_rank(_above(reading, order, unit, asked), subject, explained, asked.language),
        }

    return service.document(("explain", order, unit.code, today, asked.key), work)


class _Teller:
    """Writes an explanation in a language."""

    def __init__(self, explained: Explanation, procedures: Sequence[str], language: Language) -> None:
        self._explained = explained
        self._procedures = procedures
        self._language = language
        self._after = _scores_of(explained.after)

    def whole(self) -> dict[str, Any]:
        """All but what surrounds it."""
        before, after = (
            document(scores, 0, self._language) for scores in (self._explained.before, self._explained.after)
        )
        return {
            "total": before.total,
            "max": before.max,
            "lost": _less(before.max, before.total),
            "groups": [self._group(group) for group in before.groups],
            "actions": [self._action(gain) for gain in self._explained.gains],
            "everything": {"total": after.total, "gain": _less(after.total, before.total)},
        }

    def _group(self, group: GroupDocument) -> dict[str, Any]:
        told: dict[str, Any] = msgspec.to_builtins(group)
        return told | {
            "lost": _less(group.max, group.score),
            "indicators": [self._indicator(one) for one in group.indicators],
        }

    def _indicator(self, one: IndicatorDocument) -> dict[str, Any]:
        by = [(gain.action.kind.code, gain.indicators.get(one.code, 0)) for gain in self._explained.gains]
        told: dict[str, Any] = msgspec.to_builtins(one)
        return told | {
            "lost": _less(one.max, one.score or 0),
            "terms": [self._term(term) for term in self._explained.terms[one.code]],
            "actions": [{"code": code, "gain": won / HUNDREDTHS} for code, won in by if won > 0],
            "after": self._after[one.code],
        }

    def _term(self, term: Term) -> dict[str, Any]:
        text = counted_text(term.key, term.filters, self._language)
        return {"term": term.key, "text": text, "count": plain(term.value), "worth": term.worth / HUNDREDTHS}

    def _action(self, gain: Gain) -> dict[str, Any]:
        action = gain.action
        return {
            **_named(action, action.count, self._language),
            "gain": gain.total / HUNDREDTHS,
            "gain_most": gain.most / HUNDREDTHS,
            "indicators": [{"code": code, "gain": won / HUNDREDTHS} for code, won in gain.indicators.items()],
            "events": list(action.kind.events),
            "procedures": [
                {"procedure": self._procedures[procedure], "count": count} for procedure, count in _most(action)
            ],
        }


def _named(action: Action, count: int, language: Language) -> dict[str, Any]:
    text = text_of(f"action:{action.kind.code}", language)
    return {
        "code": action.kind.code,
        "text": text.format(count=count, procedures=action.first(count).procedures),
        "count": count,
    }


def _most(action: Action) -> list[tuple[int, int]]:
    """The procedures of an action with how many of each, those with the most first."""
    many: dict[int, int] = {}
    for step in action.steps:
        if step.procedure != UNSPLIT:
            many[step.procedure] = many.get(step.procedure, 0) + step.count
    return sorted(many.items(), key=lambda item: -item[1])[:_LISTED]


def _scores_of(scores: Scores) -> dict[str, float | None]:
    return {one.code: one.score for group in document(scores, 0).groups for one in group.indicators}


def _less(most: float, have: float) -> float:
    """Points as hundredths are subtracted: 20 − 19.9 is 0.1."""
    return round(most * HUNDREDTHS - have * HUNDREDTHS) / HUNDREDTHS


def _at_stake(reading: Reading, scope: Scope, subject: Subject, period: Period, today: int) -> dict[str, Any] | None:
    """Dossiers that fall due before the last day of the period: then they surely are overdue at its end. None: it ends today or has."""
    first = max(today, period.first or today)
    if first >= period.last:
        return None
    cells = PeriodCounts(reading, scope, Period(first, period.last - 1)).cells("falls_due")
    stake = at_stake(subject, dict(zip(cells.procedure.tolist(), cells.value.tolist(), strict=True)))
    return {"count": stake.count, "loss": stake.loss / HUNDREDTHS}


class _Above(NamedTuple):
    """The unit right above in a ranking: its rank, its total, and the total with which one passes it, hundredths."""

    rank: int
    unit: Unit
    total: int
    wanted: int


def _above(reading: Reading, order: TreeOrder, unit: Unit, asked: Asked) -> _Above | None:
    """The unit right above one among those of its kind below its parent. None: it is the first, or not ranked so."""
    ranked = order.below(order.places[order.parent_of(unit.code) or COUNTRY], unit.kind)
    rows = np.flatnonzero(ranked == order.places[unit.code])
    if not asked.pooled or not len(rows):
        return None
    own = int(rows[0])
    totals = evaluate(asked.ruleset, PeriodCounts(reading, Scope(order, ranked, pooled=True), asked.period)).total
    ties = order.alphabet[ranked]
    ranks = places(totals, ties)
    if ranks[own] == 1:
        return None
    above = int(np.flatnonzero(ranks == ranks[own] - 1)[0])
    wanted = int(totals[above]) + int(ties[above] < ties[own])  # among equals the order of the codes holds
    return _Above(int(ranks[above]), order.unit_at(int(ranked[above])), int(totals[above]), wanted)


def _next_rank(above: _Above | None, subject: Subject, explained: Explanation, language: Language) -> Document | None:
    """How the unit above is passed; ``actions`` None: not by everything together."""
    if above is None:
        return None
    way = needed(subject, explained.gains, above.wanted)
    return {
        "rank": above.rank,
        "unit": unit_json(above.unit),
        "total": above.total / HUNDREDTHS,
        "lacking": (above.wanted - int(explained.before.total[0])) / HUNDREDTHS,
        "total_then": None if way is None else way.total / HUNDREDTHS,
        "actions": None if way is None else [_named(action, count, language) for action, count in way.actions],
    }
