"""The web application: routes, errors as problem documents, time measured."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response

from services.api.http import (
    compare,
    counts,
    dossiers,
    operation,
    periods,
    reports,
    rulesets,
    scores,
    stream,
    units,
    whatif,
)
from services.api.http.measured import Measured
from services.api.http.openapi import DOSSIERS, FINDINGS
from services.api.live.hub import Hub
from services.api.page import closed, login, routes, supposed
from services.api.page import dossiers as dossier_pages
from services.api.problems import Problem, respond
from services.api.service import running
from services.api.settings import Settings
from services.api.watch.lines import Lines
from services.common.metrics import API

__all__ = ["create_app"]

_DESCRIPTION: Final = """\
Counts and scores of public-administration units, live (điểm và số liệu của từng đơn vị, cập nhật liên tục).
Every answer says as of when it holds (`as_of`, `revision`) and carries an ETag over everything else; ask again with `If-None-Match`.
Every error is a problem document (RFC 9457)."""

_FAILED: Final = 70  # sysexits: internal software error


def create_app(settings: Settings) -> FastAPI:
    """The service; it connects when the server starts it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(settings, _end) as service:
            app.state.service = service
            app.state.hub = hub = Hub(service)
            API.collect(Lines(service).all)
            telling = asyncio.create_task(hub.run())
            yield
            telling.cancel()

    app = FastAPI(title="Nhịp api", version="1", description=_DESCRIPTION, lifespan=lifespan)
    for module in (
        units,
        counts,
        scores,
        dossiers,
        reports,
        stream,
        rulesets,
        whatif,
        periods,
        operation,
        routes,
        login,
        dossier_pages,
    ):
        app.include_router(module.router)
    # A unit's code may hold any character, also a slash (%2F): the longer paths first, the bare unit last.
    for path, route, tag, more in (
        ("/v1/units/{unit:path}/counts", counts.show_counts, "counts", {}),
        ("/v1/units/{unit:path}/score", scores.show_score, "scores", {}),
        ("/v1/units/{unit:path}/series", scores.show_series, "scores", {}),
        ("/v1/units/{unit:path}/explain", whatif.show_explanation, "scores", {}),
        ("/v1/units/{unit:path}/compare", compare.show_comparison, "scores", {}),
        ("/v1/units/{unit:path}/dossiers", dossiers.list_dossiers, "dossiers", DOSSIERS),
        ("/v1/units/{unit:path}/findings", dossiers.list_findings, "dossiers", FINDINGS),
        ("/v1/units/{unit:path}", units.show_unit, "units", {}),
    ):
        app.add_api_route(path, route, tags=[tag], response_class=Response, **more)
    for path, page in (
        ("/units/{unit:path}/dossiers", dossier_pages.show_dossiers_page),
        ("/units/{unit:path}/findings", dossier_pages.show_findings_page),
        ("/units/{unit:path}/published", closed.show_published_page),
        ("/units/{unit:path}/whatif", supposed.show_whatif_page),
        ("/units/{unit:path}", routes.show_unit_page),
    ):
        app.add_api_route(path, page, include_in_schema=False, response_class=Response)
    app.add_api_route(
        "/units/{unit:path}/whatif",
        supposed.work_out_page,
        methods=["POST"],
        include_in_schema=False,
        response_class=Response,
    )
    app.mount("/static", routes.static_files())
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_middleware(Measured)
    if settings.cors_origins:
        exposed = ["ETag", "Nhip-As-Of", "Nhip-Revision", "Content-Disposition"]
        app.add_middleware(
            CORSMiddleware, allow_origins=settings.cors_origins, allow_methods=["GET"], expose_headers=exposed
        )
    return app


def _end() -> None:
    """Crash only: a supervisor starts the service again, and it reads its state anew."""
    os._exit(_FAILED)


async def _problem(_: Request, error: Any) -> Response:
    return respond(error)


async def _http_error(_: Request, error: Any) -> Response:
    details = {404: "see /docs for all paths", 405: "see the header Allow"}
    return respond(Problem(error.status_code, details.get(error.status_code, str(error.detail)), headers=error.headers))
