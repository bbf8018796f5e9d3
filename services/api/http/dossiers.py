"""`/v1/units/{unit}/dossiers`, `/v1/dossiers/{code}`, `/v1/units/{unit}/findings`: what lies behind the numbers. They need a read key."""

import asyncio
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from schemas.periods import year_to_date
from services.api.archive.cursor import read_cursor
from services.api.archive.dossier import document_of, read_dossier, units_of
from services.api.archive.dossiers import DUE_SOON, LATE, STATUSES, Question, read_page
from services.api.archive.findings import LIST, read_findings
from services.api.archive.naming import Names
from services.api.archive.stamp import ArchiveStamp
from services.api.cube.lateness import DUE_SOON_DAYS
from services.api.cube.order import TreeOrder
from services.api.cube.scope import Scope
from services.api.documents.naming import unit_json
from services.api.http.answers import answer
from services.api.http.asked import Api, tree_must_be_known, unit_of
from services.api.http.openapi import DOSSIER
from services.api.http.query import Query
from services.api.http.readers import Reader, must_read
from services.api.problems import not_found, wrong
from services.api.service import Service

__all__ = ["list_dossiers", "list_findings", "router"]

router = APIRouter(tags=["dossiers"])

_SHOWN: Final = 50
_MOST_SHOWN: Final = 500
_FARTHEST_DAYS: Final = 366
_PERIOD: Final = ("period", "from", "to")


async def list_dossiers(request: Request, service: Api, reader: Reader, unit: str) -> Response:
    """The dossiers behind a number of a unit, the most overdue first.

    `status`: `overdue` (default), `due_soon` (`within` so many days), `open`, `waiting`, or `late` (ended late in a period, without one in
    the year to date). They are those that the counts of the moment `as_of` count.
    """
    query = Query(request, "status", "within", "scope", "procedure", "agency", *_PERIOD, "limit", "after")
    status = query.one_of("status", STATUSES, STATUSES[0])
    _only_for(query, status)
    pooled, limit = query.pooled(), query.number("limit", _SHOWN, _MOST_SHOWN)
    within = query.number("within", DUE_SOON_DAYS, _FARTHEST_DAYS)
    period = query.period(service.today, year_to_date(service.today))
    after = read_cursor(query.text("after"), status, 1)
    asked = unit_of(service, unit)
    must_read(service, reader, asked.code)
    agency = query.text("agency")
    async with service.picture() as picture:
        order = service.order_of(period) if status == LATE else service.order_on(service.zone.day(picture.as_of))
        page = await read_page(
            picture,
            Question(
                status=status,
                units=_units(order, asked.code, pooled=pooled),
                within=within,
                period=period,
                procedure=query.text("procedure"),
                agency=None if agency is None else service.units.resolve(agency) or agency,
                limit=limit,
                after=after,
            ),
            service.zone,
        )
        as_of = picture.as_of
    names = Names(service, as_of, {row.procedure for row in page.dossiers if row.procedure})
    document: dict[str, Any] = {
        "unit": unit_json(asked),
        "scope": "subtree" if pooled else "own",
        "status": status,
        "within": within if status == DUE_SOON else None,
        **(period.to_json() if status == LATE else {"from": None, "to": None}),
        "total": page.total,
        "dossiers": [names.line(row) for row in page.dossiers],
        "next": None if page.next is None else str(page.next),
    }
    return answer(request, document, _stamp(service, as_of))


@router.get("/v1/dossiers/{code:path}", response_class=Response, **DOSSIER)
async def show_dossier(request: Request, service: Api, reader: Reader, code: str) -> Response:
    """One dossier: the facts in force, what each counts for, what was superseded and by what, what foreign senders said."""
    Query(request)
    tree_must_be_known(service)
    no_dossier = not_found("dossier", code, "the archive has none of this code; a new one is there within seconds")
    if "\x00" in code:
        raise no_dossier
    async with service.picture() as picture:
        found = await read_dossier(picture, code)
    units = units_of(code, found, service)
    if found is None and not units:
        raise no_dossier
    must_read(service, reader, *units)
    if found is None:
        raise no_dossier
    document = await asyncio.to_thread(document_of, found, service)
    return answer(request, document, _stamp(service, found.as_of))


async def list_findings(request: Request, service: Api, reader: Reader, unit: str) -> Response:
    """What is wrong with what a unit's systems said: counts by code, and a list, the newest first; `code` chooses."""
    query = Query(request, "code", "scope", "limit", "after")
    pooled, limit = query.pooled(), query.number("limit", _SHOWN, _MOST_SHOWN)
    code, after = query.text("code"), read_cursor(query.text("after"), LIST, 3)
    asked = unit_of(service, unit)
    must_read(service, reader, asked.code)
    async with service.picture() as picture:
        order = service.order_on(service.zone.day(picture.as_of))
        found = await read_findings(picture, _units(order, asked.code, pooled=pooled), code, limit, after)
        as_of = picture.as_of
    names = Names(service, as_of)
    document: dict[str, Any] = {
        "unit": unit_json(asked),
        "scope": "subtree" if pooled else "own",
        "counts": found.counts,
        "total": sum(found.counts.values()) if code is None else found.counts.get(code, 0),
        "findings": [
            {
                "subject": row.subject,
                "code": row.code,
                "detail": row.detail,
                "unit": names.unit_or_none(row.unit),
                "since": names.moment(row.since),
            }
            for row in found.shown
        ],
        "next": None if found.next is None else str(found.next),
    }
    return answer(request, document, _stamp(service, as_of))


def _only_for(query: Query, status: str) -> None:
    """Refuse what another status is asked for with: it would be passed over in silence."""
    for names, of in ((("within",), DUE_SOON), (_PERIOD, LATE)):
        for name in names:
            if query.text(name) is not None and status != of:
                raise wrong(name, f"it goes with status={of} alone")


def _units(order: TreeOrder, code: str, *, pooled: bool) -> list[str]:
    """The units whose dossiers count for one, as in the cube."""
    return Scope.of(order, [code], pooled=pooled).codes


def _stamp(service: Service, as_of: int) -> ArchiveStamp:
    return ArchiveStamp(as_of, service.now, service.zone)
