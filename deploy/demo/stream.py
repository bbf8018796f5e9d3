"""The stream of the demo: what was not sent yet of the history and of the last run, then every second as it comes."""

import asyncio
import heapq
import math
import time
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime, timedelta, tzinfo
from itertools import count
from typing import Final

import msgspec

from deploy.demo.history import DAYS, history
from deploy.demo.life import Happening
from deploy.demo.live import LONGEST, second
from deploy.demo.memory import Memory
from deploy.replay.pace import MAX_EVENTS
from deploy.replay.reading import Line

__all__ = ["Stream"]

TICK_SECONDS: Final = 0.5
MARGIN_SECONDS: Final = 15.0
"""What the last run sent just before it ended may not have arrived; sent twice it counts once."""
MAX_GAP_SECONDS: Final = 60
"""After a machine has slept, the seconds before are left out."""


class Stream:
    """Batches of events, each when its moment has come; `keep` is called as time goes on."""

    def __init__(self, memory: Memory, zone: tzinfo, keep: Callable[[Memory], None]) -> None:
        self._memory = memory
        self._zone = zone
        self._keep = keep
        self._numbers = count()
        self._waiting: list[tuple[float, int, bytes]] = []

    async def batches(self) -> AsyncIterator[list[Line]]:
        """Never ends."""
        self._take_up()
        upcoming = math.ceil(self._memory.alive)
        while True:
            now = time.time()
            upcoming = max(upcoming, math.ceil(now) - MAX_GAP_SECONDS)
            while upcoming <= now:
                self._add(second(upcoming, self._zone))
                upcoming += 1
            while batch := self._due(now):
                yield batch
            self._memory.sent = now
            self._keep(self._memory)
            await asyncio.sleep(TICK_SECONDS)

    def _take_up(self) -> None:
        """What the history and the last run still have to say; then a new run begins."""
        memory = self._memory
        since = datetime.fromtimestamp(memory.since, self._zone)
        self._add(history(since.date() - timedelta(days=DAYS), since, self._zone))
        last = math.floor(memory.sent)
        for number in range(max(math.ceil(memory.alive), last - int(LONGEST.total_seconds())), last + 1):
            self._add(second(number, self._zone))
        memory.alive = max(time.time(), memory.sent)

    def _add(self, happenings: Iterable[Happening]) -> None:
        """Take happenings in, but those that the last run has sent."""
        sent = self._memory.sent - MARGIN_SECONDS
        for at, event in happenings:
            if (moment := at.timestamp()) > sent:
                heapq.heappush(self._waiting, (moment, next(self._numbers), msgspec.json.encode(event)))

    def _due(self, now: float) -> list[Line]:
        """The events whose moment has come, as many as a request may have."""
        batch: list[Line] = []
        while self._waiting and self._waiting[0][0] <= now and len(batch) < MAX_EVENTS:
            _, number, event = heapq.heappop(self._waiting)
            batch.append(Line(number + 1, event))
        return batch
