"""`POST /v1/events`: authenticate, read, check, write, answer."""

import logging
import time
import traceback
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from schemas.topics import REJECTED_EVENTS
from services.common import metrics
from services.common.keyring import Key, KeysUnknown
from services.common.problems import Problem, respond
from services.ingest.answers import answer
from services.ingest.batch import Checked, check_all
from services.ingest.body import BadCompression, TooLarge, read_body
from services.ingest.formats import BATCH, BINARY, LINES, SINGLE, NotReadable, TooMany, events_in, form_of
from services.ingest.load import TooMuch
from services.ingest.openapi import EVENTS_OPERATION
from services.ingest.service import Service

__all__ = ["router"]

router = APIRouter()
_log = logging.getLogger(__name__)

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
        response = respond(_our_fault(error))
    metrics.INGEST_REQUEST_SECONDS.labels(response.status_code).observe(time.perf_counter() - started)
    return response


def _our_fault(error: Exception) -> Problem:
    """Log the kind and the place of a fault of ours, not its message."""
    *_, frame = traceback.extract_tb(error.__traceback__)
    _log.error("a request failed: %s at %s:%s", type(error).__name__, frame.filename, frame.lineno)
    return Problem(500, "a fault of this service; send the request again later, duplicates are harmless")


async def _handle(request: Request, *, dry_run: bool) -> Response:
    service: Service = request.app.state.service
    key = await _key(request, service)
    form = form_of(request.headers)
    if form is None:
        detail = f"send {SINGLE}, {BATCH}, {LINES}, or {BINARY} with ce- headers (binary mode)"
        raise Problem(415, detail, headers={"Accept-Post": f"{SINGLE}, {BATCH}, {LINES}, {BINARY}"})
    body = await _body(request, service.settings.ingest_max_body)
    try:
        events = events_in(form, body, request.headers)
    except NotReadable as error:
        raise Problem(400, str(error)) from error
    except TooMany as error:
        raise Problem(413, str(error)) from error
    try:
        with service.load.hold(len(events)):
            checked = check_all(events, service.door(key))
            accepted = checked.accepted if dry_run else await _write(service, checked)
    except TooMuch as error:
        raise Problem(429, "too many events are on their way at once; send this request again shortly") from error
    return answer(accepted, checked.accepted - accepted, checked.rejected)


async def _key(request: Request, service: Service) -> Key:
    """The key of the request. Its unit need not be in the tree: then it may speak for none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    challenge = {"WWW-Authenticate": 'Bearer realm="nhip"'}
    if scheme.lower() != "bearer" or not token:
        raise Problem(401, "send the header Authorization: Bearer KEY", headers=challenge)
    try:
        key = await service.keys.find(token)
    except KeysUnknown as error:
        raise Problem(503, "the key cannot be looked up now; nothing was accepted, send the request again") from error
    if key is None:
        raise Problem(401, "this key is unknown or revoked", headers=challenge)
    return key


async def _body(request: Request, limit: int) -> bytes:
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip"}:
        raise Problem(
            415,
            "send the body as it is or with Content-Encoding: gzip",
            headers={"Accept-Encoding": "gzip, identity"},
        )
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise Problem(413, f"the body has more than {limit} bytes; send fewer events at once")
    try:
        return await read_body(request.stream(), limit=limit, gzipped=coding == "gzip")
    except TooLarge as error:
        raise Problem(413, str(error)) from error
    except BadCompression as error:
        raise Problem(400, str(error)) from error


async def _write(service: Service, checked: Checked) -> int:
    """Write what passed and keep what did not; return how many of the good events Kafka has confirmed."""
    confirmed = 0
    if await _write_derived(service, checked):
        for topic, records in checked.records.items():
            confirmed += await service.publisher.publish(topic, records)
    metrics.INGEST_EVENTS.labels("accepted").inc(confirmed)
    metrics.INGEST_UNCONFIRMED_EVENTS.inc(checked.accepted - confirmed)
    metrics.INGEST_EVENTS.labels("rejected").inc(len(checked.rejected))
    for rejection in checked.rejected:
        metrics.INGEST_REJECTIONS.labels(rejection.code).inc()
    if checked.letters and confirmed == checked.accepted:  # else the sender comes again, and Kafka is not there anyway
        kept = await service.publisher.publish(REJECTED_EVENTS, checked.letters)
        metrics.INGEST_LOST_DEAD_LETTERS.inc(len(checked.letters) - kept)
    return confirmed


async def _write_derived(service: Service, checked: Checked) -> bool:
    """Write what follows from the events, before them: what is accepted is then never without it. Returns whether Kafka has all."""
    for topic, records in checked.derived.items():
        if await service.publisher.publish(topic, records) < len(records):
            return False
    return True
