"""`POST /v1/events`: authenticate, read, check, write, answer."""

import time
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from services.common import metrics
from services.common.bearer import bearer_of, key_of
from services.common.problems import Problem, respond
from services.ingest.answers import answer
from services.ingest.batch import check_all
from services.ingest.formats import BATCH, BINARY, LINES, SINGLE, NotReadable, TooMany, events_in, form_of
from services.ingest.load import TooMuch
from services.ingest.openapi import EVENTS_OPERATION
from services.ingest.requests import body_of, our_fault
from services.ingest.service import Service
from services.ingest.writing import write

__all__ = ["router"]

router = APIRouter()

DryRun = Annotated[bool, Query(description="Check and answer alike, but write nothing.")]


@router.post("/v1/events", **EVENTS_OPERATION)
async def post_events(request: Request, *, dry_run: DryRun = False) -> Response:
    """Take events in.

    Each event is checked by itself; good ones are written although others of the request are not. The answer comes when Kafka has
    all that is `accepted`. Sending a request again is always harmless: the same event counts once.
    """
    started = time.perf_counter()
    try:
        response = await _handle(request, dry_run=dry_run)
    except Problem as error:
        response = respond(error)
    except ClientDisconnect:
        response = Response(status_code=400)  # nobody reads it
    except Exception as error:  # noqa: BLE001  a traceback could quote what was sent
        response = respond(our_fault(error))
    metrics.INGEST_REQUEST_SECONDS.labels(response.status_code).observe(time.perf_counter() - started)
    return response


async def _handle(request: Request, *, dry_run: bool) -> Response:
    service: Service = request.app.state.service
    key = await key_of(bearer_of(request), service.keys)
    form = form_of(request.headers)
    if form is None:
        detail = f"send {SINGLE}, {BATCH}, {LINES}, or {BINARY} with ce- headers (binary mode)"
        raise Problem(415, detail, headers={"Accept-Post": f"{SINGLE}, {BATCH}, {LINES}, {BINARY}"})
    body = await body_of(request, service.settings.ingest_max_body)
    try:
        events = events_in(form, body, request.headers)
    except NotReadable as error:
        raise Problem(400, str(error)) from error
    except TooMany as error:
        raise Problem(413, str(error)) from error
    if not dry_run:
        metrics.INGEST_REQUEST_EVENTS.observe(len(events))
    try:
        with service.load.hold(len(events)):
            checked = check_all(events, service.door(key))
            accepted = checked.accepted if dry_run else await write(service, checked)
    except TooMuch as error:
        raise Problem(429, "too many events are on their way at once; send this request again shortly") from error
    return answer(accepted, checked.accepted - accepted, checked.rejected)
