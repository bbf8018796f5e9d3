"""Batches of events: as large as a request may be, or as fast as event time goes."""

import asyncio
import math
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Final

import msgspec

from deploy.replay.reading import Line

__all__ = ["MAX_BYTES", "MAX_EVENTS", "batches", "paced"]

MAX_EVENTS: Final = 5_000
"""Events of one request (CONTRACT, section 1)."""
MAX_BYTES: Final = 8 << 20
"""Bytes of one request; ingest takes four times as much."""
TICK_SECONDS: Final = 0.1
"""Events of one tick go together."""


class _Timed(msgspec.Struct):
    time: str


_TIME: Final = msgspec.json.Decoder(_Timed)


async def batches(lines: Iterator[Line]) -> AsyncIterator[list[Line]]:
    """As fast as the file can be read; reading happens in a thread of its own, so that requests go on meanwhile."""
    while batch := await asyncio.to_thread(_next_batch, lines):
        yield batch


def _next_batch(lines: Iterator[Line]) -> list[Line]:
    batch: list[Line] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line.event)
        if len(batch) >= MAX_EVENTS or size >= MAX_BYTES:
            break
    return batch


async def paced(lines: Iterator[Line], speed: float) -> AsyncIterator[list[Line]]:
    """`speed` times as fast as event time, which begins with the first event.

    An event whose time lies before that of its predecessors goes at once, and so does one without a readable time (it will be
    rejected).
    """
    clock = asyncio.get_running_loop().time
    started, first = clock(), None
    batch: list[Line] = []
    reading = batches(lines)
    async for read in reading:
        for line in read:
            moment = _seconds(line)
            if first is None:
                first = moment
            wait = 0.0 if moment is None or first is None else _until(started, (moment - first) / speed) - clock()
            if batch and (wait > 0 or len(batch) >= MAX_EVENTS):
                yield batch
                batch = []
            if wait > 0:
                await asyncio.sleep(wait)
            batch.append(line)
    if batch:
        yield batch


def _until(started: float, elapsed: float) -> float:
    """When an event is due: at the end of its tick."""
    return started + math.ceil(elapsed / TICK_SECONDS) * TICK_SECONDS


def _seconds(line: Line) -> float | None:
    """The event's `time` in seconds."""
    try:
        return datetime.fromisoformat(_TIME.decode(line.event).time).timestamp()
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, OverflowError):
        return None
