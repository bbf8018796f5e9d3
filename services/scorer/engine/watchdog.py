"""Ends a worker that lives but does not move: consumers can stall silently."""

import asyncio
import faulthandler
import logging
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from services.scorer.engine.broker import Broker
from services.scorer.engine.inbox import Inbox
from services.scorer.engine.observer import Observer
from services.scorer.engine.partition import Phase
from services.scorer.engine.settings import EngineSettings

__all__ = ["StallClock", "Watchdog"]

_INTERVAL = 1.0
_PATIENCE = 5.0
"""How long an answer of the broker about offsets is awaited."""

_log = logging.getLogger(__name__)


class _Watched(Protocol):
    """What the watchdog needs to know of a partition."""

    phase: Phase
    progress: int
    inbox: Inbox

    @property
    def waiting_since(self) -> float | None: ...


class StallClock:
    """How long each thing should have moved and has not.

    A look counts for two intervals at most: a process that was frozen and wakes up has lost minutes on the clock, but
    has to be given the time to move.
    """

    def __init__(self) -> None:
        self._looked_at: float | None = None
        self._progress: dict[str, int] = {}
        self._still: dict[str, float] = {}

    def look(self, now: float, busy: Mapping[str, int]) -> dict[str, float]:
        """Take one look. `busy`: by name, the progress (any growing number) of what has work to do.

        Returns, by name, for how many seconds it has not progressed; what has no work is forgotten.
        """
        passed = 0.0 if self._looked_at is None else min(now - self._looked_at, 2 * _INTERVAL)
        self._looked_at = now
        self._still = {
            name: self._still.get(name, 0.0) + passed if self._progress.get(name) == progress else 0.0
            for name, progress in busy.items()
        }
        self._progress = dict(busy)
        return dict(self._still)


class Watchdog:
    """Looks at every partition each second; the broker is asked for its end offsets over a connection of its own."""

    def __init__(self, broker: Broker, settings: EngineSettings, observer: Observer) -> None:
        self.stalled = False
        """Whether something has stood still for longer than `stall_unready_after`."""
        self._broker = broker
        self._settings = settings
        self._observer = observer
        self._clock = StallClock()
        self._behind: dict[int, float] = {}

    async def watch(self, view: Callable[[], tuple[Mapping[int, _Watched], bool]], end: Callable[[str], None]) -> None:
        """Watch for ever. `view` gives the partitions and whether a rebalance is under way; `end` ends the process."""
        try:
            while True:
                faulthandler.dump_traceback_later(self._settings.blocked_end_after, exit=True)
                await asyncio.sleep(_INTERVAL)
                name, seconds = await self._look(*view())
                self.stalled = seconds >= self._settings.stall_unready_after
                if seconds >= self._settings.stall_end_after:
                    end(f"{name} has stood still for {seconds:.0f} s")
        finally:
            faulthandler.cancel_dump_traceback_later()

    async def _look(self, partitions: Mapping[int, _Watched], rebalancing: bool) -> tuple[str, float]:
        """What has stood still longest, and for how many seconds."""
        busy = await self._busy(partitions)
        if rebalancing:
            busy["the rebalance"] = 0
        still = self._clock.look(time.monotonic(), busy)
        return max(still.items(), key=lambda item: item[1], default=("", 0.0))

    async def _busy(self, partitions: Mapping[int, _Watched]) -> dict[str, int]:
        """What has work to do, with its progress."""
        lags = await self._lags(partitions)
        return {
            f"partition {number} ({owned.phase.value})": owned.progress
            for number, owned in partitions.items()
            if owned.phase is not Phase.RUNNING or owned.inbox.size or lags.get(number)
        }

    async def _lags(self, partitions: Mapping[int, _Watched]) -> dict[int, int]:
        """How many records each running partition is behind; a broker that does not answer says nothing."""
        running = {n: owned for n, owned in partitions.items() if owned.phase is Phase.RUNNING}
        topics = sorted({topic for owned in running.values() for topic in owned.inbox.offsets})
        tps = [TopicPartition(topic, number) for number in running for topic in topics]
        try:
            ends = await asyncio.wait_for(self._broker.ends(tps), _PATIENCE)
        except (KafkaError, TimeoutError) as error:
            _log.warning("the broker does not tell its end offsets: %r", error)
            return {}
        lags = dict.fromkeys(running, 0)
        for tp, end in ends.items():
            lags[tp.partition] += max(0, end - running[tp.partition].inbox.offsets[tp.topic])
        now = time.time()
        self._behind = {number: self._behind.get(number, now) for number, lag in lags.items() if lag}
        for number, lag in lags.items():
            # of events that are not here yet it is known only how long they have waited at least
            since = min(running[number].waiting_since or now, self._behind.get(number, now))
            self._observer.lag(number, lag, max(0.0, now - since))
        return lags
