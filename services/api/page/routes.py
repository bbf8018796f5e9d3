"""`GET /`, `GET /units/{code}` and what these pages load."""

import asyncio
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from services.api.cube.order import COUNTRY
from services.api.http.asked import Api, unit_of
from services.api.page import bundle
from services.api.page.choice import read
from services.api.page.language import choose
from services.api.page.official import official_of
from services.api.page.refresh import wants_whole
from services.api.page.rendering import problem_page, view_page
from services.api.page.view import View, country_view, unit_view
from services.api.problems import Problem
from services.api.service import Service

__all__ = ["router", "show_unit_page", "static_files"]

router = APIRouter(include_in_schema=False)

_FOR_EVER: Final = "public, max-age=31536000, immutable"


def static_files() -> StaticFiles:
    """Styles and scripts of the pages."""
    return StaticFiles(directory=Path(__file__).parent / "static")


@router.get("/")
async def show_first_page(request: Request, service: Api) -> Response:
    """The only unit at the top; of several the country."""

    def work() -> View | None:
        choice, links = read(request, service, choose(request))
        service.must_be_ready()
        order = service.order_of(choice.asked.period)
        roots = order.children(COUNTRY)
        if not roots:
            return None
        if len(roots) == 1:
            return unit_view(service, order.tree[roots[0]], choice, links, whole=wants_whole(request))
        return country_view(service, choice, links)

    return await _page(request, service, work)


async def show_unit_page(request: Request, service: Api, unit: str) -> Response:
    """One unit."""

    def work() -> View:
        choice, links = read(request, service, choose(request))
        service.must_be_ready()
        return unit_view(service, unit_of(service, unit), choice, links, whole=wants_whole(request))

    return await _page(request, service, work)


@router.get(f"/page/{bundle.NAME}")
async def send_bundle(request: Request) -> Response:
    """The chart library. Its name changes with its contents."""
    packed = await asyncio.to_thread(bundle.packed)
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers=headers | {"Content-Encoding": "gzip"}, media_type="text/javascript")
    return Response(gzip.decompress(packed), headers=headers, media_type="text/javascript")


async def _page(request: Request, service: Service, work: Callable[[], View | None]) -> Response:
    """The page of a view, worked out beside the event loop; what goes wrong is a page as well."""
    try:
        view = await asyncio.to_thread(work)
        if view is not None and view.unit is not None:
            kind = None if view.board is None else view.board.kind
            view = replace(view, official=await official_of(service, view.unit, view.choice.asked, kind))
    except Problem as problem:
        return problem_page(request, service, problem)
    return await asyncio.to_thread(view_page, request, service, view)
