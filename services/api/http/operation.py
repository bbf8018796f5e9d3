"""Progress, health, metrics: what operators and `nhip wait` read."""

import asyncio

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from services.api.http.asked import Api
from services.common.exposition import CONTENT_TYPE
from services.common.metrics import API

__all__ = ["router"]

router = APIRouter(tags=["operation"])


@router.get("/v1/progress")
async def progress(service: Api) -> JSONResponse:
    """How far each partition is: the moment applied, the next offset by event topic, what its counts were made by.

    Partitions without counts are not listed. `made_by` ends with the version of the unit tree; where that is not `unit_tree`, the
    partition is about to be made anew.
    """
    with service.cube.reading() as reading:
        known, revision = sorted(reading.progress.items()), reading.state.revision
    partitions = [
        {
            "partition": partition,
            "clock": service.zone.format(row.clock),
            "offsets": row.offsets,
            "made_by": row.made_by,
            "catalogue": row.catalogue,
        }
        for partition, row in known
    ]
    as_of = min((row.clock for _, row in known), default=None)
    body = {
        "partitions": partitions,
        "as_of": None if as_of is None else service.zone.format(as_of),
        "revision": revision,
        "unit_tree": service.tree.version,
        "ready": not service.missing(),
    }
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


@router.get("/healthz/live")
async def live() -> dict[str, bool]:
    """The process runs."""
    return {"live": True}


@router.get("/healthz/ready", responses={503: {"description": "Not yet; `missing` says why"}})
async def ready(service: Api) -> JSONResponse:
    """The counts are complete and can be read: 200; else 503, with what is missing."""
    missing = service.missing()
    body = {"ready": not missing, "missing": missing, "hints": service.hints()}
    return JSONResponse(body, 503 if missing else 200)


@router.get("/metrics", response_class=Response)
async def metrics(service: Api) -> Response:
    """Everything counted, in the Prometheus text format."""
    service.measure()
    return Response(await asyncio.to_thread(API.page), media_type=CONTENT_TYPE)
