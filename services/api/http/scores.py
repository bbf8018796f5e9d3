"""`/v1/units/{unit}/score`, `/v1/units/{unit}/series`, `/v1/rankings`: what a rule set makes of counts (CONTRACT, section 3)."""

import asyncio
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from schemas.periods import STEPS, PeriodError, year_to_date
from services.api.documents.asked import Asked
from services.api.documents.ranking import ranking_document
from services.api.documents.score import score_document
from services.api.documents.series import TOTAL, Line, series_document
from services.api.documents.stale import stale_member
from services.api.http.answers import answer, respond, respond_beside
from services.api.http.asked import Api, ruleset_of, unit_of
from services.api.http.published import PUBLISHED, frozen_unit, is_published
from services.api.http.query import Query
from services.api.problems import wrong
from services.api.published.documents import published_ranking, published_score, published_series
from services.api.published.live import closed_ranking, closed_score
from services.api.service import Service

__all__ = ["ASKED", "asked_of", "router", "show_score", "show_series"]

router = APIRouter(tags=["scores"])

ASKED: Final = ("ruleset", "period", "from", "to", "lang")
"""The parameters by which scores are asked for."""


async def show_score(request: Request, service: Api, unit: str) -> Response:
    """The score of a unit in a period; without a period: the year to date. `published=true`: the official one of a closed period.

    `stale: true`: the unit's systems have been silent for longer than they ever are.
    """
    query = Query(request, *ASKED, "scope", PUBLISHED)
    asked = asked_of(service, query)
    if is_published(query, asked):
        stamp = service.stamp
        return answer(request, await published_score(service, frozen_unit(service, unit), asked), stamp)
    of = unit_of(service, unit)
    made, stamp = await asyncio.to_thread(score_document, service, of, asked)
    closed = await closed_score(service, of, asked, made.document)
    beside = stale_member(service, of.code, asked) if closed is None else {"closed": closed}
    return respond_beside(request, made, stamp, beside)


async def show_series(request: Request, service: Api, unit: str) -> Response:
    """A number of a unit by day, week or month: `total`, a group, an indicator or a count; `cumulative=true` from the first day on."""
    query = Query(request, *ASKED, "scope", "indicator", "step", "cumulative", PUBLISHED)
    asked = asked_of(service, query)
    if is_published(query, asked, "step", "cumulative"):
        code, indicator, stamp = frozen_unit(service, unit), query.text("indicator") or TOTAL, service.stamp
        return answer(request, await published_series(service, code, asked, indicator), stamp)
    of = unit_of(service, unit)
    line = Line(
        query.text("indicator") or TOTAL, query.one_of("step", STEPS, STEPS[0]), cumulative=query.yes("cumulative")
    )
    try:
        made, stamp = await asyncio.to_thread(series_document, service, of, asked, line)
    except PeriodError as error:
        raise wrong("from", str(error)) from error
    return respond(request, made, stamp)


@router.get("/v1/rankings", response_class=Response)
async def list_ranks(request: Request, service: Api) -> Response:
    """The units right below `parent` ranked, only those of `kind` where it is given; without a parent those at the top, or all of a kind.

    Totals and groups, the rank and its change since the period before, the pooled figures of all of them together.
    """
    query = Query(request, *ASKED, "parent", "kind", PUBLISHED)
    parent, kind = query.text("parent"), query.text("kind")
    asked = asked_of(service, query)
    if is_published(query, asked):
        if parent is None:
            raise wrong("parent", "say below which unit: the country as a whole is not closed")
        code, stamp = frozen_unit(service, parent), service.stamp
        return answer(request, await published_ranking(service, code, kind, asked), stamp)
    above = None if parent is None else unit_of(service, parent)
    made, stamp = await asyncio.to_thread(ranking_document, service, above, kind, asked)
    closed = await closed_ranking(service, above, kind, asked, made.document)
    return respond_beside(request, made, stamp, {} if closed is None else {"closed": closed})


def asked_of(service: Service, query: Query) -> Asked:
    """What those parameters ask for; without a period the year to date."""
    period = query.period(service.today, year_to_date(service.today))
    return Asked(ruleset_of(service, query.text("ruleset")), period, query.pooled(), query.language())
