"""The small web server of processes that have no other: health and metrics, on the event loop of what it tells about."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.common.exposition import CONTENT_TYPE, ServiceMetrics

__all__ = ["serving"]


class _Server(uvicorn.Server):
    """Leaves signals to the worker."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(
    host: str, port: int, metrics: ServiceMetrics, missing: Callable[[], dict[str, str]]
) -> AsyncIterator[None]:
    """Answer `/healthz/live`, `/healthz/ready` and `/metrics` while the body runs.

    Args:
        host: address to listen on.
        port: port to listen on.
        metrics: what `/metrics` shows.
        missing: what keeps the process from its work, by part; empty when it is ready.

    Raises:
        OSError: the port is in use.
    """
    app = Starlette(
        routes=[
            Route("/healthz/live", _live),
            Route("/healthz/ready", _ready),
            Route("/metrics", _metrics),
        ]
    )
    app.state.missing = missing
    app.state.metrics = metrics
    server = _Server(uvicorn.Config(app, host, port, log_config=None, access_log=False, server_header=False))
    task = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if task.done():
                raise OSError(f"cannot listen on {host}:{port}; is the port in use?")
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await asyncio.wait([task])


async def _live(_: Request) -> JSONResponse:
    return JSONResponse({"live": True})


async def _ready(request: Request) -> JSONResponse:
    missing = request.app.state.missing()
    return JSONResponse({"ready": not missing, "missing": missing}, 503 if missing else 200)


async def _metrics(request: Request) -> Response:
    return Response(request.app.state.metrics.page(), media_type=CONTENT_TYPE)
