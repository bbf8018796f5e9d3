"""Official results as they are shown: what was frozen, beside it what later events would have changed (CONTRACT, section 3).

What would have changed is worked out of the present counts by the rule set as it was frozen, whatever has become of its file since.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from schemas.counts import COUNTS
from schemas.periods import Period
from schemas.rulesets.document import Language
from services.api.cube.scope import Scope
from services.api.documents.asked import Asked
from services.api.documents.counts import counts_in
from services.api.documents.kept import Document
from services.api.documents.ranking import ranking_document
from services.api.documents.score import score_document
from services.api.documents.series import TOTAL
from services.api.problems import Problem, wrong
from services.api.published.difference import beside_counts, beside_ranking, beside_score
from services.api.published.known import period_of
from services.api.published.telling import in_language, mark, rules_of
from services.api.service import Service
from services.common.published import Closing, PublishedResult

__all__ = [
    "published_counts",
    "published_counts_below",
    "published_ranking",
    "published_score",
    "published_series",
    "result_of",
]

_LISTED: Final = 50
"""Closings that a problem document names."""


async def published_score(service: Service, code: str, asked: Asked) -> Document:
    """The official score of a unit.

    Raises:
        Problem: 404 with what is closed, 503 while PostgreSQL does not answer or the counts are not complete.
    """
    closings = (await service.closings.as_of_now()).of(asked.ruleset.id, asked.period)
    closing, result = await result_of(service, code, closings, asked)
    now = await _score_now(service, closing, code, asked.language)
    score = in_language(closing, result.score, asked.language)
    return {**beside_score(score, now), "rank": result.rank, "published": mark(service, closing)}


async def published_counts(service: Service, code: str, asked: Asked) -> Document:
    """The official counts of a unit; raises as `published_score`."""
    closings = (await service.closings.as_of_now()).of_any(asked.ruleset.id, asked.period)
    closing, result = await result_of(service, code, closings, asked)
    now = await asyncio.to_thread(_counts_now, service, [code], asked.period)
    return _counts_document(service, closing, result, now.get(code), asked.period)


async def published_counts_below(service: Service, code: str, asked: Asked) -> list[Document]:
    """The official counts of the units that were right below one; raises as `published_score`."""
    closings = (await service.closings.as_of_now()).of_any(asked.ruleset.id, asked.period)
    closing, _ = await result_of(service, code, closings, asked)
    results = await service.published.results_below(closing.id, code)
    now = await asyncio.to_thread(_counts_now, service, [each.unit for each in results], asked.period)
    return [_counts_document(service, closing, each, now.get(each.unit), asked.period) for each in results]


async def published_ranking(service: Service, code: str, kind: str | None, asked: Asked) -> Document:
    """The official ranking of the units right below one; raises as `published_score`."""
    closings = (await service.closings.as_of_now()).of(asked.ruleset.id, asked.period)
    found = await service.published.ranking(closings, code, kind)
    if found is None:
        raise _not_closed(service, code, asked)
    (closing,) = [each for each in closings if each.id == found.closing]
    rules, unit = rules_of(closing), service.units.get(code)
    now = None
    if rules is not None and unit is not None:
        made, _ = await asyncio.to_thread(ranking_document, service, unit, kind, asked._replace(ruleset=rules))
        now = made.document
    document = {**found.document, "pooled": in_language(closing, found.document["pooled"], asked.language)}
    return {**beside_ranking(document, now), "published": mark(service, closing)}


async def published_series(service: Service, code: str, asked: Asked, indicator: str) -> Document:
    """A number of a unit in every closed period that lies in one, of any length; raises as `published_score`."""
    ruleset = asked.ruleset
    allowed = [TOTAL, *(group.code for group in ruleset.groups), *ruleset.indicators, *COUNTS]
    if indicator not in allowed:
        raise wrong("indicator", f"there is no {indicator[:40]!r}; `allowed` lists what there is", allowed)
    by_period: dict[Period, list[Closing]] = {}
    for closing in (await service.closings.as_of_now()).inside(ruleset.id, asked.period):
        by_period.setdefault(period_of(closing), []).append(closing)
    points = []
    for closings in by_period.values():
        result = await service.published.result(closings, code)
        if result is not None:
            (closing,) = [each for each in closings if each.id == result.closing]
            points.append(await _point(service, closing, result, indicator))
    if not points:
        raise _not_closed(service, code, asked)
    head = {"unit": code, "ruleset": ruleset.id, "indicator": indicator, "scope": "subtree"}
    return {**head, **asked.period.to_json(), "points": points}


async def _point(service: Service, closing: Closing, result: PublishedResult, indicator: str) -> Document:
    period = period_of(closing)
    published: float | None
    now: float | None
    if indicator in COUNTS:
        published = result.counts.get(indicator)
        now = (await asyncio.to_thread(_counts_now, service, [result.unit], period)).get(result.unit, {}).get(indicator)
    else:
        published = _value(result.score, indicator)
        document = await _score_now(service, closing, result.unit, "vi")
        now = None if document is None else _value(document, indicator)
    difference = None if now is None or published is None else round(now - published, 2)
    numbers = {"value": published, "now": now, "difference": difference}
    return {**period.to_json(), **numbers, "published": mark(service, closing)}


def _value(score: Document, code: str) -> float | None:
    """The total, or the points of a group or an indicator; None where there are none."""
    if code == TOTAL:
        total: float = score["total"]
        return total
    parts = [part for group in score["groups"] for part in (group, *group["indicators"])]
    return next((part["score"] for part in parts if part["code"] == code), None)


async def result_of(
    service: Service, code: str, closings: Sequence[Closing], asked: Asked
) -> tuple[Closing, PublishedResult]:
    """What was frozen of a unit, out of the first of some closings that has it; raises as `published_score`."""
    found = await service.published.result(closings, code)
    if found is None:
        raise _not_closed(service, code, asked)
    return next(each for each in closings if each.id == found.closing), found


def _not_closed(service: Service, code: str, asked: Asked) -> Problem:
    above = service.units.line(code) or {code}
    closed = [
        {"closing": each.id, "parent": each.parent, **period_of(each).to_json(), "ruleset": each.ruleset}
        for each in service.closings.closings
        if each.parent in above
    ]
    days = " to ".join(day or "ever" for day in asked.period.to_json().values())
    detail = f"{code} has no published result for {days} by {asked.ruleset.id}; `closed` lists the periods that it has"
    return Problem(404, detail, members={"closed": closed[:_LISTED]})


async def _score_now(service: Service, closing: Closing, code: str, language: Language) -> Document | None:
    """The score of the present counts by the rules as they were frozen; None where the unit has left the tree."""
    rules, unit = rules_of(closing), service.units.get(code)
    if rules is None or unit is None:
        return None
    asked = Asked(rules, period_of(closing), language=language)
    made, _ = await asyncio.to_thread(score_document, service, unit, asked)
    return made.document


def _counts_now(service: Service, codes: list[str], period: Period) -> dict[str, dict[str, int]]:
    """The present counts of those units that are in the tree."""
    order = service.order_of(period)
    known = [code for code in codes if code in order.places]
    with service.reading() as reading:
        return dict(zip(known, counts_in(reading, Scope.of(order, known, pooled=True), period), strict=True))


def _counts_document(
    service: Service, closing: Closing, result: PublishedResult, now: dict[str, int] | None, period: Period
) -> Document:
    head = {"unit": result.unit, "scope": "subtree", **period.to_json()}
    return {**head, **beside_counts(result.counts, now), "published": mark(service, closing)}
