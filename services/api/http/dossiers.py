"""`/v1/units/{unit}/dossiers`, `/v1/dossiers/{code}`, `/v1/units/{unit}/findings`: what lies behind the numbers. They need a read key."""

import asyncio
from typing import Final, NamedTuple

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from schemas.periods import Period, year_to_date
from schemas.units import Unit
from services.api.archive.cursor import Cursor, read_cursor
from services.api.archive.dossier import document_of, read_dossier, units_of
from services.api.archive.dossiers import DUE_SOON, LATE, STATUSES, Question, count_by_status, read_page
from services.api.archive.findings import LIST, read_findings
from services.api.archive.naming import Names
from services.api.archive.stamp import ArchiveStamp
from services.api.cube.order import TreeOrder
from services.api.cube.scope import Scope
from services.api.documents.kept import Document
from services.api.documents.naming import unit_json
from services.api.http.answers import answer
from services.api.http.asked import Api, tree_must_be_known, unit_of
from services.api.http.openapi import DOSSIER
from services.api.http.query import Query
from services.api.http.readers import Reader, must_read
from services.api.problems import not_found, wrong
from services.api.service import Service
from services.api.watch.findings import silent_systems
from services.common.keyring import Key

__all__ = [
    "BY_STATUS",
    "SHOWN",
    "FindingsAsked",
    "ListAsked",
    "dossier_list",
    "finding_list",
    "list_dossiers",
    "list_findings",
    "one_dossier",
    "router",
]

router = APIRouter(tags=["dossiers"])

BY_STATUS: Final = "by_status"
"""The member of a list that says how many dossiers have each status."""
SHOWN: Final = 50
"""Entries of a page."""
_MOST_SHOWN: Final = 500
_FARTHEST_DAYS: Final = 366
_PERIOD: Final = ("period", "from", "to")


class ListAsked(NamedTuple):
    """Which dossiers of a unit are asked for (see `Question`); ``pooled``: with all units below it."""

    status: str
    pooled: bool
    limit: int
    within: int | None
    period: Period
    after: Cursor | None
    procedure: str | None = None
    agency: str | None = None


class FindingsAsked(NamedTuple):
    """Which findings; ``code`` None: all."""

    code: str | None
    pooled: bool
    limit: int
    after: Cursor | None


async def list_dossiers(request: Request, service: Api, reader: Reader, unit: str) -> Response:
    """The dossiers behind a number of a unit, the most overdue first.

    `status`: `overdue` (default), `due_soon` (by working hours; `within`: in so many days), `open`, `waiting`, or `late` (ended late in a
    period, without one in the year to date). They are those that the counts of the moment `as_of` count.
    """
    query = Query(request, "status", "within", "scope", "procedure", "agency", *_PERIOD, "limit", "after")
    status = query.one_of("status", STATUSES, STATUSES[0])
    _only_for(query, status)
    asked = ListAsked(
        status=status,
        pooled=query.pooled(),
        limit=query.number("limit", SHOWN, _MOST_SHOWN),
        within=None if query.text("within") is None else query.number("within", 0, _FARTHEST_DAYS),
        period=query.period(service.today, year_to_date(service.today)),
        after=read_cursor(query.text("after"), status, 1),
        procedure=query.text("procedure"),
        agency=query.text("agency"),
    )
    return answer(request, *await dossier_list(service, reader, unit_of(service, unit), asked))


async def dossier_list(
    service: Service, reader: Key, unit: Unit, asked: ListAsked, *, counted: bool = False
) -> tuple[Document, ArchiveStamp]:
    """The document of a list; `counted`: with how many dossiers each status has (BY_STATUS), as a page shows beside it.

    Raises:
        Problem: 403 the reader may not read these, 503 the archive does not answer.
    """
    must_read(service, reader, unit.code)
    async with service.picture() as picture:
        today = service.order_on(service.zone.day(picture.as_of))
        order = service.order_of(asked.period) if asked.status == LATE else today
        question = Question(
            status=asked.status,
            units=_units(order, unit.code, pooled=asked.pooled),
            within=asked.within,
            period=asked.period,
            procedure=asked.procedure,
            agency=None if asked.agency is None else service.units.resolve(asked.agency) or asked.agency,
            limit=asked.limit,
            after=asked.after,
        )
        page = await read_page(picture, question, service.zone)
        by_status = {}
        if counted:
            now = question._replace(units=_units(today, unit.code, pooled=asked.pooled))
            then = question._replace(units=_units(service.order_of(asked.period), unit.code, pooled=asked.pooled))
            by_status = {BY_STATUS: await count_by_status(picture, now, then, service.zone)}
        as_of = picture.as_of
    names = Names(service, as_of, {row.procedure for row in page.dossiers if row.procedure})
    document = {
        "unit": unit_json(unit),
        "scope": "subtree" if asked.pooled else "own",
        "status": asked.status,
        "within": asked.within if asked.status == DUE_SOON else None,
        **(asked.period.to_json() if asked.status == LATE else {"from": None, "to": None}),
        "total": page.total,
        "dossiers": [names.line(row) for row in page.dossiers],
        "next": None if page.next is None else str(page.next),
        **by_status,
    }
    return document, _stamp(service, as_of)


@router.get("/v1/dossiers/{code:path}", response_class=Response, **DOSSIER)
async def show_dossier(request: Request, service: Api, reader: Reader, code: str) -> Response:
    """One dossier: the facts in force, what each counts for, what was superseded and by what, what foreign senders said."""
    Query(request)
    return answer(request, *await one_dossier(service, reader, code))


async def one_dossier(service: Service, reader: Key, code: str) -> tuple[Document, ArchiveStamp]:
    """The document of a dossier.

    Raises:
        Problem: 404 there is none, 403 the reader may not read it, 503 the archive does not answer.
    """
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
    return await asyncio.to_thread(document_of, found, service), _stamp(service, found.as_of)


async def list_findings(request: Request, service: Api, reader: Reader, unit: str) -> Response:
    """What is wrong with what a unit's systems said: counts by code, and a list, the newest first; `code` chooses."""
    query = Query(request, "code", "scope", "limit", "after")
    asked = FindingsAsked(
        code=query.text("code"),
        pooled=query.pooled(),
        limit=query.number("limit", SHOWN, _MOST_SHOWN),
        after=read_cursor(query.text("after"), LIST, 3),
    )
    return answer(request, *await finding_list(service, reader, unit_of(service, unit), asked))


async def finding_list(
    service: Service, reader: Key, unit: Unit, asked: FindingsAsked
) -> tuple[Document, ArchiveStamp]:
    """The document of a unit's findings; raises as `dossier_list`."""
    must_read(service, reader, unit.code)
    silent = silent_systems(service.systems(), unit.code, pooled=asked.pooled)
    async with service.picture() as picture:
        order = service.order_on(service.zone.day(picture.as_of))
        units = _units(order, unit.code, pooled=asked.pooled)
        found = await read_findings(picture, units, asked.code, asked.limit, asked.after, beside=silent)
        as_of = picture.as_of
    names = Names(service, as_of)
    document = {
        "unit": unit_json(unit),
        "scope": "subtree" if asked.pooled else "own",
        "counts": found.counts,
        "total": sum(found.counts.values()) if asked.code is None else found.counts.get(asked.code, 0),
        "findings": [
            {
                "subject": row.subject,
                "code": row.code,
                "detail": row.detail,
                "unit": names.unit_or_none(row.unit),
                "since": names.moment(row.since),
                **({} if row.silence is None else {"silence": row.silence._asdict()}),
            }
            for row in found.shown
        ],
        "next": None if found.next is None else str(found.next),
    }
    return document, _stamp(service, as_of)


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
