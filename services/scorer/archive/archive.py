"""Follows Kafka and writes PostgreSQL, for as long as both are there; else waits, and goes on where PostgreSQL says that it was."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import UnknownTopicOrPartitionError

from services.common.metrics import ARCHIVE_LAG_SECONDS, ARCHIVE_POSTGRES_AWAY
from services.common.persistent import Persistent
from services.scorer.agents.partition import Making
from services.scorer.archive.reading import TOPICS, Reading
from services.scorer.archive.tables import Tables

__all__ = ["Archive"]

_FETCH_BYTES: Final = 4 << 20
_LOOK_SECONDS: Final = 1.0
_PAUSE_SECONDS: Final = 0.1
"""Between two batches that are not full: what comes meanwhile is written together."""


class Archive(Persistent):
    """The archive's work.

    Args:
        bootstrap: address of Kafka.
        database_url: address of PostgreSQL, for SQLAlchemy.
        making: what rows are to be made by now, as the scorer's.
        now: the clock, microseconds.
    """

    def __init__(self, bootstrap: str, database_url: str, making: Callable[[], Making], now: Callable[[], int]) -> None:
        super().__init__("archive", ARCHIVE_POSTGRES_AWAY)
        self._bootstrap = bootstrap
        self._database_url = database_url
        self._making = making
        self._now = now
        self._reached_at = time.monotonic()
        ARCHIVE_LAG_SECONDS.set_function(lambda: time.monotonic() - self._reached_at)

    async def _work(self) -> None:
        tables = await Tables.open(self._database_url)
        self._found_postgres()
        if tables is None:
            return
        try:
            consumer: Any = AIOKafkaConsumer(
                *TOPICS,
                bootstrap_servers=self._bootstrap,
                client_id="nhip-archive",
                isolation_level="read_committed",
                auto_offset_reset="earliest",
                enable_auto_commit=False,
                max_partition_fetch_bytes=_FETCH_BYTES,
            )
            try:
                await consumer.start()
                if {place.topic for place in consumer.assignment()} != set(TOPICS):
                    raise UnknownTopicOrPartitionError("not all topics are there yet")
                await self._follow(await Reading.begin(consumer, tables, self._making, self._now))
            finally:
                await consumer.stop()
        finally:
            tables.close()

    async def _follow(self, reading: Reading) -> None:
        looked = 0.0
        while True:
            full = await reading.turn()
            self._begun()
            if time.monotonic() - looked >= _LOOK_SECONDS:
                looked = time.monotonic()
                await reading.look()
            self._reached_at = max(self._reached_at, reading.reached_at)
            if not full:
                await asyncio.sleep(_PAUSE_SECONDS)
