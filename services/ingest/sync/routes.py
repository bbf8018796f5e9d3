"""`POST /v1/sync/DongBoHoSoMC` and `/CapNhatTienDoHoSoMC`: read, authenticate, check, write, answer as the national portal does."""

import asyncio
import time
from typing import Final

from fastapi import APIRouter, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from schemas.events import Door
from schemas.moments import canonical
from services.common import metrics
from services.common.bearer import bearer_of, key_of
from services.common.keyring import Key
from services.common.problems import Problem
from services.ingest.batch import Checked
from services.ingest.formats import NotReadable, TooMany
from services.ingest.load import TooMuch
from services.ingest.requests import body_of, our_fault
from services.ingest.service import Service
from services.ingest.sync.answers import answer, refuse
from services.ingest.sync.batch import DOSSIERS, LINES, Checker, Kind
from services.ingest.sync.envelope import Envelope, open_envelope
from services.ingest.sync.openapi import operation
from services.ingest.sync.reading import Reading
from services.ingest.writing import write

__all__ = ["router"]

router = APIRouter(prefix="/v1/sync")

_AT_A_STRETCH: Final = 200
"""Records that are checked before other requests get their turn: a payload of 5,000 takes a second."""


@router.post("/DongBoHoSoMC", **operation(DOSSIERS.name))
async def post_dossiers(request: Request) -> Response:
    """Take the present state of dossiers in, as it is sent to the national portal.

    Each record is checked by itself. Personal fields are never read. Sending a payload again is always harmless.
    """
    return await _post(request, DOSSIERS)


@router.post("/CapNhatTienDoHoSoMC", **operation(LINES.name))
async def post_lines(request: Request) -> Response:
    """Take lines of the processing log in, as they are sent to the national portal.

    Lines may come before their dossier; they count once it is there.
    """
    return await _post(request, LINES)


async def _post(request: Request, kind: Kind) -> Response:
    started = time.perf_counter()
    try:
        response = await _handle(request, kind)
    except Problem as error:
        response = refuse(error)
    except ClientDisconnect:
        response = Response(status_code=400)  # nobody reads it
    except Exception as error:  # noqa: BLE001  a traceback could quote what was sent
        response = refuse(our_fault(error))
    metrics.INGEST_REQUEST_SECONDS.labels(response.status_code).observe(time.perf_counter() - started)
    return response


async def _handle(request: Request, kind: Kind) -> Response:
    service: Service = request.app.state.service
    key, envelope = await _opened(request, service)
    door = service.door(key)
    checker = Checker(kind, _reading(envelope, door, service), door)
    try:
        with service.load.hold(
            len(envelope.records)
        ):  # how many events they become is not known before they are checked
            checked = await _checked(checker, envelope, service.arrivals.take(len(envelope.records)))
            confirmed = await write(service, checked)
    except TooMuch as error:
        raise Problem(429, "too many events are on their way at once; send this payload again shortly") from error
    if confirmed < checked.accepted:
        detail = "Kafka did not confirm all events in time; send the whole payload again, duplicates are harmless"
        raise Problem(503, detail, members={"accepted": 0})
    return answer(len(envelope.records), checked.rejected, service.settings.sync_ok_code)


async def _checked(checker: Checker, envelope: Envelope, ids: list[str]) -> Checked:
    checked = Checked()
    for index, (raw, arrival) in enumerate(zip(envelope.records, ids, strict=True)):
        if index % _AT_A_STRETCH == 0:
            await asyncio.sleep(0)
        checker.check(index, raw, arrival, checked)
    return checked


async def _opened(request: Request, service: Service) -> tuple[Key, Envelope]:
    """The key and the payload. A key in the header is looked at before anything is read; else it is the `session` of the body."""
    token = bearer_of(request)
    key = None if token is None else await key_of(token, service.keys)
    body = await body_of(request, service.settings.ingest_max_body)
    try:
        envelope = open_envelope(body, request.query_params)
    except NotReadable as error:
        raise Problem(400 if key is not None else 401, _unread(key, error)) from error
    except TooMany as error:
        raise Problem(413, str(error)) from error
    return key or await key_of(envelope.session, service.keys), envelope


def _unread(key: Key | None, error: NotReadable) -> str:
    """Who has shown no key learns of his body only that none was found in it."""
    return (
        "send the key as Authorization: Bearer KEY, or as `session` of a payload that can be read"
        if key is None
        else str(error)
    )


def _reading(envelope: Envelope, door: Door, service: Service) -> Reading:
    return Reading(
        unit=door.unit,
        tree=door.tree,
        zone=door.zone,
        arrival=canonical(door.now),
        is_updating=envelope.is_updating,
        is_synced=service.settings.sync_is_synced,
        population_databases=service.settings.population_codes,
    )
