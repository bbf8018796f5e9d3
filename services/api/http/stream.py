"""`/v1/stream`: server-sent events (WHATWG HTML, 9.2), one when a shown number changes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends
from fastapi.sse import format_sse_event
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from schemas.periods import year_to_date
from services.api.http.asked import Api, ruleset_of, unit_of
from services.api.http.query import Query
from services.api.live.hub import Hub
from services.api.live.listener import Listener
from services.api.live.topics import Group, RankingTopic, ScoreTopic, Topic
from services.api.problems import wrong
from services.api.service import Service
from services.common.metrics import API_DROPPED_LISTENERS, API_LISTENERS, API_TOLD_EVENTS

__all__ = ["router"]

_log = logging.getLogger(__name__)

router = APIRouter(tags=["stream"])

HEARTBEAT_SECONDS: Final = 5.0
RETRY_MS: Final = 1000
"""After how long a browser that lost the connection tries again."""


def _hub(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub


@router.get("/v1/stream", response_class=Response)
async def stream(request: Request, service: Api, hub: Annotated[Hub, Depends(_hub)]) -> Response:
    """Listen to the score of a `unit` (event `score`), or to a ranking (`parent`, `kind`; event `ranking`).

    The first event comes at once, the next when a number in it changes; after five quiet seconds `heartbeat` says as of when all of it
    still holds. `Last-Event-ID` resumes: what was seen already is not sent again. Whoever reads too slowly gets the latest, not all, and is
    cut off if he takes nothing for long.
    """
    topic = _topic(request, service)
    first = await asyncio.to_thread(hub.now, topic)  # a problem, if there is one, is answered as one
    known = request.headers.get("last-event-id", "").rpartition("-")[2]

    async def frames() -> AsyncIterator[bytes]:
        with hub.listening(topic, known) as listener:
            listener.offer(first)
            async for frame in _frames(service, listener):
                yield frame

    return EventStream(frames(), service.settings.stream_patience)


async def _frames(service: Service, listener: Listener) -> AsyncIterator[bytes]:
    yield format_sse_event(retry=RETRY_MS, comment="nhip")
    while not listener.ended:
        event = await listener.take(HEARTBEAT_SECONDS)
        if event is not None:
            API_TOLD_EVENTS.inc()
            yield event.frame
        elif not listener.ended:
            data = msgspec.json.encode(service.stamp.members).decode()
            yield format_sse_event(event="heartbeat", data_str=data)


class EventStream(Response):
    """Sends frames as they come; a reader who takes none for `patience` seconds is left."""

    media_type = "text/event-stream"

    def __init__(self, frames: AsyncIterator[bytes], patience: float) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._frames = frames
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI has it
        """Answer (ASGI)."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        gone = asyncio.create_task(_until_gone(receive))
        API_LISTENERS.inc()
        try:
            async with aclosing(self._frames) as frames:  # type: ignore[type-var]
                async for frame in frames:
                    if gone.done():
                        return
                    async with asyncio.timeout(self._patience):
                        await send({"type": "http.response.body", "body": frame, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            API_DROPPED_LISTENERS.inc()
            _log.info("a listener took nothing for %s s and was left", self._patience)
        finally:
            API_LISTENERS.dec()
            gone.cancel()
            with suppress(asyncio.CancelledError):
                await gone


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _topic(request: Request, service: Service) -> Topic:
    query = Query(request, "unit", "parent", "kind", "ruleset", "period", "from", "to", "scope", "lang")
    ruleset, span, language = ruleset_of(service, query.text("ruleset")).id, query.span(), query.language()
    span.period(service.today, year_to_date(service.today))  # a wrong one is answered now
    unit, parent, kind = query.text("unit"), query.text("parent"), query.text("kind")
    if unit is not None:
        if parent is not None or kind is not None:
            raise wrong("unit", "listen to a unit, or to a ranking (parent, kind), not to both")
        return ScoreTopic(unit_of(service, unit).code, Group(ruleset, span, query.pooled()), language)
    if not query.pooled():
        raise wrong("scope", "a ranking counts each unit with all below it", ["subtree"])
    above = None if parent is None else unit_of(service, parent).code
    return RankingTopic(above, kind, ruleset, span, language)
