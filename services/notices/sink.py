"""The sink's work: reading, posting, telling and forgetting side by side, for as long as Kafka and PostgreSQL are there."""

import asyncio
import time
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from sqlalchemy.ext.asyncio import AsyncConnection

from services.common.clock import clock_of
from services.common.database import connect
from services.common.metrics import (
    NOTICES_FAILED_DIGESTS,
    NOTICES_LAG_SECONDS,
    NOTICES_OLDEST_SECONDS,
    NOTICES_POSTGRES_AWAY,
    NOTICES_WAITING_DIGESTS,
)
from services.common.persistent import Persistent
from services.common.settings import NoticesSettings
from services.common.tree import TreeFollower
from services.notices.forgetting import Forgetting
from services.notices.outbox import Outbox
from services.notices.posting import Posting
from services.notices.reading import Reading, consumer_of
from services.notices.telling import Telling

__all__ = ["Sink"]

_LOOK_SECONDS: Final = 1.0


class Sink(Persistent):
    """Posts notices to webhooks.

    Args:
        settings: of this service.
        tree: followed by the caller.
    """

    def __init__(self, settings: NoticesSettings, tree: TreeFollower) -> None:
        super().__init__("sink", NOTICES_POSTGRES_AWAY)
        self._settings = settings
        self._tree = lambda: tree.tree
        self._zone = settings.zone
        self._clock = clock_of(settings)
        self._reached_at = time.monotonic()
        NOTICES_LAG_SECONDS.set_function(lambda: time.monotonic() - self._reached_at)

    async def _work(self) -> None:
        engine = connect(self._settings.database_url)
        outbox = Outbox(engine)
        try:
            async with outbox.only_one() as lock:
                self._found_postgres()
                if lock is not None:
                    await self._with_kafka(outbox, lock)
        finally:
            await engine.dispose()

    async def _with_kafka(self, outbox: Outbox, lock: AsyncConnection) -> None:
        bootstrap = self._settings.kafka_bootstrap
        consumer = consumer_of(bootstrap)
        producer: Any = AIOKafkaProducer(
            bootstrap_servers=bootstrap, client_id="nhip-notices", acks="all", enable_idempotence=True
        )
        try:
            await consumer.start()
            await producer.start()
            wait = timedelta(seconds=self._settings.notices_gather_seconds)
            reading = await Reading.begin(consumer, outbox, self._tree, wait)
            self._begun()
            await _together(
                self._follow(reading, outbox, lock),
                Posting(outbox, self._settings, self._tree).run(),
                Telling(outbox, producer, self._tree, self._zone, self._clock.now_us).run(),
                Forgetting(outbox, timedelta(days=self._settings.notices_keep_days)).run(),
            )
        finally:
            await producer.stop()
            await consumer.stop()

    async def _follow(self, reading: Reading, outbox: Outbox, lock: AsyncConnection) -> None:
        looked = 0.0
        while True:
            await reading.turn()
            if time.monotonic() - looked < _LOOK_SECONDS:
                continue
            looked = time.monotonic()
            await reading.look()
            self._reached_at = max(self._reached_at, reading.reached_at)
            standing = await outbox.standing(lock)
            NOTICES_WAITING_DIGESTS.set(standing.waiting)
            NOTICES_FAILED_DIGESTS.set(standing.failed)
            NOTICES_OLDEST_SECONDS.set(standing.oldest)


async def _together(*work: Coroutine[Any, Any, None]) -> None:
    """Run until one of them fails; end the others, and raise that."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for one in ended:
            one.result()
    finally:
        for one in tasks:
            one.cancel()
        await asyncio.wait(tasks)
