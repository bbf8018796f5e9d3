"""`GET /` and the document behind it."""

import asyncio
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from schemas.moments import format_day
from schemas.periods import year_to_date
from schemas.rulesets.library import load
from services.api.http.answers import answer
from services.api.http.asked import Api
from services.api.http.query import Query
from services.api.page.table import Table, Tables
from services.api.problems import Problem
from services.api.service import Service

__all__ = ["router", "static_files"]

router = APIRouter(include_in_schema=False)

LIMIT: Final = 100
"""Rows of a page of the list."""

SORTS: Final = ("tree", "worst", "best")

_HERE: Final = Path(__file__).parent
_POLICY: Final = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:"
_PAGES: Final = Environment(loader=FileSystemLoader(_HERE), autoescape=select_autoescape(), trim_blocks=True)


def static_files() -> StaticFiles:
    """Style and script of the page."""
    return StaticFiles(directory=_HERE / "static")


@router.get("/page/units")
async def list_rows(request: Request, service: Api) -> Response:
    """The rows that the page shows: search `q`, `sort`, `offset`."""
    query = _query(request)
    table = await _table(request, service)
    return answer(request, _rows(table, query), table.stamp)


@router.get("/")
async def show_page(request: Request, service: Api) -> Response:
    """The page, with its rows already in it where the counts are complete."""
    query = _query(request)
    try:
        table = await _table(request, service)
    except Problem:
        rows, stamp = None, None
    else:
        rows, stamp = _rows(table, query), table.stamp
    period = year_to_date(service.today)
    page = _PAGES.get_template("page.html").render(
        demo=service.settings.demo,
        ruleset=load(service.settings.ruleset),
        from_day=format_day(period.first or 0),
        to_day=format_day(period.last),
        rows=rows,
        stamp=stamp,
        limit=LIMIT,
        sort=query.one_of("sort", SORTS, SORTS[0]),
        search=query.text("q") or "",
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"})


def _query(request: Request) -> Query:
    query = Query(request, "q", "sort", "offset")
    query.one_of("sort", SORTS, SORTS[0])
    query.number("offset", 0, 1_000_000)
    return query


async def _table(request: Request, service: Service) -> Table:
    """The table, worked out beside the event loop: for the whole country it takes some tens of milliseconds."""
    tables: Tables = request.app.state.tables
    return await asyncio.to_thread(tables.table, service)


def _rows(table: Table, query: Query) -> dict[str, Any]:
    offset = query.number("offset", 0, 1_000_000)
    places = table.places(query.text("q") or "", query.one_of("sort", SORTS, SORTS[0]))
    rows = [table.row(place) for place in places[offset : offset + LIMIT]]
    return {"max": table.max, "count": len(places), "offset": offset, "limit": LIMIT, "rows": rows}
