"""How many accepted events the cube has not yet: what a scorer that is frozen or gone cannot tell itself."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Mapping
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.topics import EVENTS
from services.api.cube.cube import Cube
from services.api.feed.follower import Follower
from services.common.metrics import API_COUNTED_EVENTS, API_LAG_EVENTS

__all__ = ["Backlog"]

_log = logging.getLogger(__name__)

_INTERVAL_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 0.05
_PATIENCE_MS: Final = 5_000


class Backlog:
    """Asks Kafka each second where the event topics end, over a connection of its own. While Kafka is away, the last answer stands.

    Args:
        bootstrap: address of Kafka.
        cube: what has been counted.
        follower: knows which partitions there are.
    """

    def __init__(self, bootstrap: str, cube: Cube, follower: Follower) -> None:
        self._bootstrap = bootstrap
        self._cube = cube
        self._follower = follower
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._wake = asyncio.Event()
        self._asked = self._answered = 0
        self._ends: Mapping[TopicPartition, int] = {}

    def start(self) -> None:
        """Begin, without waiting for Kafka."""
        self._task = asyncio.create_task(self._ask_for_ever())

    async def stop(self) -> None:
        """Stop asking."""
        self._stopping = True
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def caught_up(self, seconds: float) -> bool:
        """Wait until all is counted that was accepted before this call; False if that takes longer, or Kafka does not tell."""
        until, question = (
            time.monotonic() + seconds,
            self._asked + 1,
        )  # one that is under way may have been asked before
        ends: Mapping[TopicPartition, int] | None = None
        self._wake.set()
        while time.monotonic() < until:
            if ends is None and self._answered >= question:
                ends = self._ends
            if ends is not None and not any(self._lags(ends).values()):
                return True
            await asyncio.sleep(_LOOK_SECONDS)
        return False

    async def _ask_for_ever(self) -> None:
        told = ""
        while not self._stopping:
            try:
                await self._ask_until_it_fails()
            except (KafkaError, OSError, asyncio.CancelledError) as error:
                if self._stopping:
                    raise
                # When a broker goes away, aiokafka lets out cancellations of its own.
                if told != repr(error):
                    told = repr(error)
                    _log.warning("Kafka does not tell where the event topics end, asking again: %s", told)
            await asyncio.sleep(_INTERVAL_SECONDS)

    async def _ask_until_it_fails(self) -> None:
        consumer: Any = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            client_id="nhip-api-backlog",
            enable_auto_commit=False,
            request_timeout_ms=_PATIENCE_MS,
        )
        try:
            await consumer.start()
            while True:
                self._wake.clear()
                self._asked += 1
                if places := self._places():
                    self._show(await consumer.end_offsets(places))
                    self._answered = self._asked
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), _INTERVAL_SECONDS)
        finally:
            await consumer.stop()

    def _places(self) -> list[TopicPartition]:
        """By partition the topics that its scorer reads; all of them before a scorer has ever said."""
        counted = self._cube.offsets()
        return [
            TopicPartition(topic, partition)
            for partition in self._follower.partitions
            for topic in counted.get(partition, EVENTS)
        ]

    def _show(self, ends: Mapping[TopicPartition, int]) -> None:
        """`ends` were asked for before the cube is looked at: a lag is 0 once all is counted that was there then."""
        self._ends = ends
        for partition, lag in self._lags(ends).items():
            API_LAG_EVENTS.labels(partition).set(lag)
        for partition, offsets in self._cube.offsets().items():
            API_COUNTED_EVENTS.labels(partition).set(sum(offsets.values()))

    def _lags(self, ends: Mapping[TopicPartition, int]) -> dict[int, int]:
        """How many events before `ends` are not counted yet, by partition."""
        counted = self._cube.offsets()
        lags = dict.fromkeys((place.partition for place in ends), 0)
        for place, end in ends.items():
            lags[place.partition] += max(0, end - counted.get(place.partition, {}).get(place.topic, 0))
        return lags
