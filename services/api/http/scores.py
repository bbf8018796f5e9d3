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
from services.api.http.answers import respond
from services.api.http.asked import Api, ruleset_of, unit_of
from services.api.http.query import Query
from services.api.problems import wrong
from services.api.service import Service

__all__ = ["router", "show_score", "show_series"]

router = APIRouter(tags=["scores"])

_ASKED: Final = ("ruleset", "period", "from", "to", "lang")


async def show_score(request: Request, service: Api, unit: str) -> Response:
    """The score of a unit in a period; without a period: the year to date."""
    query = Query(request, *_ASKED, "scope")
    of, asked = unit_of(service, unit), _asked(service, query)
    return respond(request, *await asyncio.to_thread(score_document, service, of, asked))


async def show_series(request: Request, service: Api, unit: str) -> Response:
    """A number of a unit by day, week or month: `total`, a group, an indicator or a count; `cumulative=true` from the first day on."""
    query = Query(request, *_ASKED, "scope", "indicator", "step", "cumulative")
    asked, of = _asked(service, query), unit_of(service, unit)
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
    query = Query(request, *_ASKED, "parent", "kind")
    parent = query.text("parent")
    above = None if parent is None else unit_of(service, parent)
    asked = _asked(service, query)
    made, stamp = await asyncio.to_thread(ranking_document, service, above, query.text("kind"), asked)
    return respond(request, made, stamp)


def _asked(service: Service, query: Query) -> Asked:
    period = query.period(service.today, year_to_date(service.today))
    return Asked(ruleset_of(service, query.text("ruleset")), period, query.pooled(), query.language())
