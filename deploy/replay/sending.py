"""Requests to `POST /v1/events`: several in flight, with back-off, until Kafka has every good event."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

import httpx
import msgspec

from deploy.replay.outcome import Outcome, Rejection
from deploy.replay.reading import Line

__all__ = ["PATIENCE_SECONDS", "KeyRefused", "Sender", "Stopped"]

IN_FLIGHT: Final = 4
"""Requests at once: one is read, one is checked, one is written, one waits."""
REQUEST_SECONDS: Final = 60.0
PATIENCE_SECONDS: Final = 300.0
"""How long a request is sent again before the replay gives up: Kafka or the whole stack may be restarting."""
FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 15.0
_AGAIN: Final = frozenset({429, 500, 502, 503, 504})


class Stopped(Exception):
    """The replay cannot go on; the message is one line for the person at the console."""


class KeyRefused(Stopped):
    """There is no such key, or it was revoked."""


class _Rejected(msgspec.Struct):
    index: int
    code: str
    detail: str
    id: str | None = None


class _Answer(msgspec.Struct):
    """The body of a 202, or of a problem document that says what became of each event."""

    accepted: int | None = None
    rejected: list[_Rejected] | None = None
    detail: str = ""


_ANSWER: Final = msgspec.json.Decoder(_Answer)


class Sender:
    """Sends lines with one key to one ingest service, and notes the outcome.

    Every request is repeated until it is answered for good, which is harmless: the same event counts once.
    """

    def __init__(self, url: str, key: str, outcome: Outcome, patience: float = PATIENCE_SECONDS) -> None:
        """Nothing is sent yet; `url` is the address of ingest, `patience` in seconds; `outcome` is kept up to date."""
        self._url = url.rstrip("/") + "/v1/events"
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
        self.outcome = outcome
        self._patience = patience

    async def send_all(self, batches: AsyncIterator[list[Line]]) -> None:
        """Send every batch; return once all are answered.

        Raises:
            Stopped: the key is refused, or ingest was away for longer than the patience.
        """
        slots = asyncio.Semaphore(IN_FLIGHT)
        async with httpx.AsyncClient(timeout=REQUEST_SECONDS, trust_env=False) as http:
            try:
                async with asyncio.TaskGroup() as tasks:
                    async for batch in batches:
                        await slots.acquire()
                        task = tasks.create_task(self._send(http, self._sendable(batch)))
                        task.add_done_callback(lambda _task: slots.release())
            except BaseExceptionGroup as group:
                stopped, others = group.split(Stopped)
                if others is not None or stopped is None:
                    raise
                raise _leaf(stopped) from None

    def _sendable(self, batch: Sequence[Line]) -> list[Line]:
        """The lines that gave an event; the others are noted as rejected."""
        for line in batch:
            if line.fault is not None:
                self.outcome.reject(Rejection(line=line.number, code="bad_row", detail=line.fault))
        return [line for line in batch if line.fault is None]

    async def _send(self, http: httpx.AsyncClient, lines: list[Line]) -> None:
        """Send one request, in halves where it is too large."""
        if not lines:
            return
        body = b"\n".join(line.event for line in lines)
        response = await self._answered(http, body)
        if response.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE and len(lines) > 1:
            middle = len(lines) // 2
            await self._send(http, lines[:middle])
            await self._send(http, lines[middle:])
        else:
            self._note(response, lines)

    async def _answered(self, http: httpx.AsyncClient, body: bytes) -> httpx.Response:
        """The first answer that is not "come again"."""
        clock = asyncio.get_running_loop().time
        until, pause = clock() + self._patience, FIRST_PAUSE
        while True:
            try:
                response = await http.post(self._url, content=body, headers=self._headers)
            except httpx.TransportError as error:
                asked, why = 0.0, f"{type(error).__name__} {error}".strip()
            else:
                if response.status_code not in _AGAIN:
                    return response
                asked, why = _retry_after(response), f"it answers {response.status_code}: {_read(response).detail}"
            wait = max(asked, pause * random.uniform(0.5, 1))  # noqa: S311  spreads requests, guards nothing
            if clock() + wait > until:
                raise Stopped(f"ingest at {self._url} does not take events: {why}")
            self.outcome.retried += 1
            pause = min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(wait)

    def _note(self, response: httpx.Response, lines: Sequence[Line]) -> None:
        """Count what the answer says of each event.

        Raises:
            Stopped: it says nothing of the events; the next request would get the same answer.
        """
        answer = _read(response)
        if response.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
            self.outcome.reject(Rejection(line=lines[0].number, code="too_large", detail=answer.detail))
            return
        if response.status_code == httpx.codes.UNAUTHORIZED:
            raise KeyRefused(f"ingest refuses the key: {answer.detail}")
        if answer.accepted is None or answer.rejected is None:
            raise Stopped(f"ingest refuses the request with {response.status_code}: {answer.detail}")
        if answer.accepted + len(answer.rejected) != len(lines):
            raise Stopped(f"ingest tells of {answer.accepted + len(answer.rejected)} events, {len(lines)} were sent")
        self.outcome.accepted += answer.accepted
        for one in answer.rejected:
            number = lines[one.index].number
            self.outcome.reject(Rejection(line=number, id=one.id, code=one.code, detail=one.detail))


def _retry_after(response: httpx.Response) -> float:
    """Seconds that the answer asks to wait; 0 where it names none (a date is not worth reading here)."""
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isdecimal() else 0.0


def _read(response: httpx.Response) -> _Answer:
    """The body; with a `detail` alone where it is no JSON of ours."""
    try:
        return _ANSWER.decode(response.content)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _Answer(detail=f"an answer that is not from ingest ({response.headers.get('Content-Type', 'no type')})")


def _leaf(group: BaseExceptionGroup[Any]) -> BaseException:
    """The first exception in a group of groups."""
    first = group.exceptions[0]
    return _leaf(first) if isinstance(first, BaseExceptionGroup) else first
