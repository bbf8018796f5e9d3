"""The web application: routes, errors as problem documents, health, metrics."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from services.common.exposition import CONTENT_TYPE
from services.common.metrics import INGEST
from services.common.problems import Problem, respond
from services.common.settings import IngestSettings
from services.ingest import events, openapi
from services.ingest.service import Service, running
from services.ingest.sync import routes as sync

__all__ = ["create_app"]


def create_app(settings: IngestSettings) -> FastAPI:
    """The service; it connects when the server starts it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(settings) as service:
            app.state.service = service
            yield

    app = FastAPI(title="Nhịp ingest", version="1", description=openapi.DESCRIPTION, lifespan=lifespan)
    app.include_router(events.router)
    app.include_router(sync.router)
    app.add_api_route("/healthz/live", live, tags=["operation"])
    app.add_api_route("/healthz/ready", ready, tags=["operation"], responses=openapi.READY)
    app.add_api_route("/metrics", metrics, tags=["operation"], response_class=Response, responses=openapi.METRICS)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_parameter)
    openapi.install(app)
    return app


async def live() -> dict[str, bool]:
    """The process runs."""
    return {"live": True}


async def ready(request: Request) -> JSONResponse:
    """Events can be taken: 200; else 503, with what is missing."""
    service: Service = request.app.state.service
    missing = service.missing()
    body = {"ready": not missing, "missing": missing, "hints": service.hints()}
    return JSONResponse(body, 503 if missing else 200)


async def metrics() -> Response:
    """Everything counted, in the Prometheus text format."""
    return Response(INGEST.page(), media_type=CONTENT_TYPE)


async def _http_error(_: Request, error: Any) -> Response:
    details = {404: "events are taken at POST /v1/events, payloads at POST /v1/sync/…", 405: "see the header Allow"}
    detail = details.get(error.status_code, str(error.detail))
    return respond(Problem(error.status_code, detail, headers=error.headers))


async def _bad_parameter(_: Request, error: Any) -> Response:
    names = ", ".join(sorted({str(fault["loc"][-1]) for fault in error.errors()}))
    return respond(Problem(422, f"wrong value of the parameter {names}; dry_run is true or false"))
