"""The stream of the demo: what was not sent yet of the days before, then everything as it comes."""

import asyncio
import heapq
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo
from itertools import count
from typing import Final

import msgspec

from deploy.demo.agenda import of_day
from deploy.demo.catalogue import standing
from deploy.demo.days import DAYS, LONGEST_DAYS
from deploy.demo.event import Happening
from deploy.demo.live import LONGEST_SECONDS, second
from deploy.demo.memory import Memory
from deploy.replay.pace import MAX_EVENTS
from deploy.replay.reading import Line

__all__ = ["Stream"]

TICK_SECONDS: Final = 0.5


class Stream:
    """Batches of events, each when its moment has come.

    Args:
        memory: what former runs have sent; kept up to date.
        keep: called with the memory before what it tells of is sent.
        answered: how many events of this run ingest has answered.
        days: how far the history reaches back from the first start.
    """

    def __init__(
        self,
        memory: Memory,
        zone: tzinfo,
        keep: Callable[[Memory], None],
        answered: Callable[[], int],
        *,
        days: int = DAYS,
    ) -> None:
        self._memory = memory
        self._zone = zone
        self._keep = keep
        self._answered = answered
        self._numbers = count(1)
        self._waiting: list[tuple[float, int, bytes]] = []
        self._given = 0
        self._given_up_to = memory.sent
        self.first_day = self._day(memory.since) - timedelta(days=days)
        """The first day of the history."""
        self.day = max(self.first_day, self._day(memory.sent) - timedelta(days=LONGEST_DAYS))
        """The next day whose dossiers and petitions are to come in."""
        self.caught_up = False
        """Whether everything of the past was given out."""
        self._take_up()

    async def batches(self) -> AsyncIterator[list[Line]]:
        """Never ends."""
        while True:
            for batch in self.due(time.time()):
                yield batch
            await asyncio.sleep(TICK_SECONDS)

    def due(self, now: float) -> Iterator[list[Line]]:
        """What is to be sent now (seconds since 1970), in time order.

        One day is drawn after the other, so that a long history takes no more memory than a short one.
        """
        if self._answered() == self._given:
            self._memory.sent = self._given_up_to
        while (begins := self._midnight(self.day)) <= now:
            yield from self._ripe(begins)
            self._add(of_day(self.day, self.first_day, self._zone))
            self.day += timedelta(days=1)
        self._live_until(now)
        self._keep(self._memory)
        yield from self._ripe(now)
        self._given_up_to = now
        self.caught_up = True

    def _take_up(self) -> None:
        """What stands from the beginning, and what the live dossiers of former runs still have to say."""
        memory = self._memory
        self._add(standing(self._zone))
        for number in range(max(memory.alive, int(memory.sent) - LONGEST_SECONDS), memory.drawn):
            self._add(second(number, self._zone))

    def _live_until(self, now: float) -> None:
        """Let dossiers come in. At a first start, and after a long sleep, it is as if that had begun some minutes ago."""
        memory, recent = self._memory, int(now) - LONGEST_SECONDS
        if memory.drawn < recent:
            memory.alive = memory.drawn = recent
        for number in range(memory.drawn, int(now) + 1):
            self._add(second(number, self._zone))
        memory.drawn = max(memory.drawn, int(now) + 1)

    def _add(self, happenings: Iterable[Happening]) -> None:
        """Take happenings in, but those that a former run has sent."""
        for at, event in happenings:
            if (moment := at.timestamp()) > self._memory.sent:
                heapq.heappush(self._waiting, (moment, next(self._numbers), msgspec.json.encode(event)))

    def _ripe(self, until: float) -> Iterator[list[Line]]:
        """The events up to a moment, as many at once as a request may have."""
        while self._waiting and self._waiting[0][0] <= until:
            batch: list[Line] = []
            while self._waiting and self._waiting[0][0] <= until and len(batch) < MAX_EVENTS:
                _, number, event = heapq.heappop(self._waiting)
                batch.append(Line(number, event))
            self._given += len(batch)
            yield batch

    def _day(self, moment: float) -> date:
        return datetime.fromtimestamp(moment, self._zone).date()

    def _midnight(self, day: date) -> float:
        return datetime(day.year, day.month, day.day, tzinfo=self._zone).timestamp()
