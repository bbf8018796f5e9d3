"""`/v1/units/{unit}/counts` and `/v1/counts`: what is counted (CONTRACT, section 2)."""

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from schemas.periods import Period
from services.api.cube.order import COUNTRY
from services.api.cube.scope import Scope
from services.api.documents.asked import Asked
from services.api.documents.counts import counts_in
from services.api.documents.grouped import GROUPINGS, grouped_counts
from services.api.documents.kept import Stamp
from services.api.http.answers import answer
from services.api.http.asked import Api, ruleset_of, unit_of
from services.api.http.published import PUBLISHED, frozen_unit, is_published
from services.api.http.query import Query
from services.api.problems import wrong
from services.api.published.documents import published_counts, published_counts_below
from services.api.published.live import closed_counts
from services.api.service import Service

__all__ = ["router", "show_counts"]

router = APIRouter(tags=["counts"])

_PERIOD: Final = ("from", "to", "period", "scope", "group_by", "ruleset", PUBLISHED)


async def show_counts(request: Request, service: Api, unit: str) -> Response:
    """The counts of a unit in a period; `group_by=procedure` or `sector` splits them."""
    query = Query(request, *_PERIOD)
    by = _asked(service, query)
    if is_published(query, by, "group_by"):
        stamp = service.stamp
        return answer(request, await published_counts(service, frozen_unit(service, unit), by), stamp)
    asked = unit_of(service, unit)
    period, pooled, grouped = by.period, by.pooled, _grouped(query)
    scope = Scope.of(service.order_of(period), [asked.code], pooled=pooled)
    with service.reading() as reading:
        stamp = Stamp(reading.state, service.zone)
        counts = counts_in(reading, scope, period)
        groups = [] if grouped is None else grouped_counts(reading, scope, period, grouped)
    document = _document(asked.code, period, counts[0], pooled=pooled)
    if grouped is not None:
        document |= {"group_by": grouped, "groups": groups[0]}
    closed = await closed_counts(service, asked.code, by, counts[0])
    if closed is not None:
        document |= {"closed": closed}
    return answer(request, document, stamp)


@router.get("/v1/counts", response_class=Response)
async def list_counts(request: Request, service: Api) -> Response:
    """The counts of all units right below one (`parent`; without it, of those at the top): a list, one entry a unit.

    The units are those in force on the last day of the period (see `Service.order_of`).
    """
    query = Query(request, "parent", *_PERIOD)
    parent, by = query.text("parent"), _asked(service, query)
    if is_published(query, by, "group_by"):
        if parent is None:
            raise wrong("parent", "say below which unit: the country as a whole is not closed")
        stamp = service.stamp
        return answer(request, await published_counts_below(service, frozen_unit(service, parent), by), stamp)
    above = COUNTRY if parent is None else unit_of(service, parent).code
    period, pooled, grouped = by.period, by.pooled, _grouped(query)
    order = service.order_of(period)
    codes = order.children(above)
    scope = Scope.of(order, codes, pooled=pooled)
    with service.reading() as reading:
        stamp = Stamp(reading.state, service.zone)
        counts = counts_in(reading, scope, period)
        groups = [] if grouped is None else grouped_counts(reading, scope, period, grouped)
    documents = [_document(code, period, of_unit, pooled=pooled) for code, of_unit in zip(codes, counts, strict=True)]
    for document, of_groups in zip(documents, groups, strict=False):
        document |= {"group_by": grouped, "groups": of_groups}
    for code, document in zip(codes, documents, strict=True):
        closed = await closed_counts(service, code, by, document["counts"])
        if closed is not None:
            document |= {"closed": closed}
    return answer(request, documents, stamp)


def _asked(service: Service, query: Query) -> Asked:
    """The period and scope; `ruleset` says whose closing is meant where one is."""
    period = query.period(service.today, Period(None, service.today))
    return Asked(ruleset_of(service, query.text("ruleset")), period, query.pooled())


def _document(code: str, period: Period, counts: dict[str, int], *, pooled: bool) -> dict[str, Any]:
    scope = "subtree" if pooled else "own"
    return {"unit": code, "scope": scope, **period.to_json(), "counts": counts}


def _grouped(query: Query) -> str | None:
    """By what `group_by` splits the counts; None: not at all."""
    return query.one_of("group_by", GROUPINGS, GROUPINGS[0]) if query.text("group_by") is not None else None
