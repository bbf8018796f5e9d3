"""Follows Kafka and writes PostgreSQL, for as long as both are there; else waits, and goes on where PostgreSQL says that it was."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Final

import asyncpg
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from services.common.metrics import ARCHIVE_LAG_SECONDS, ARCHIVE_POSTGRES_AWAY
from services.scorer.agents.partition import Making
from services.scorer.archive.reading import TOPICS, Reading, ReadingError
from services.scorer.archive.tables import Tables

__all__ = ["Archive"]

_log = logging.getLogger(__name__)

_FETCH_BYTES: Final = 4 << 20
_LOOK_SECONDS: Final = 1.0
_PAUSE_SECONDS: Final = 0.1
"""Between two batches that are not full: what comes meanwhile is written together."""
_FIRST_RETRY_SECONDS: Final = 0.5
_LAST_RETRY_SECONDS: Final = 5.0

_OF_POSTGRES: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)


class Archive:
    """The archive's work.

    Args:
        bootstrap: address of Kafka.
        database_url: address of PostgreSQL, for SQLAlchemy.
        making: what rows are to be made by now, as the scorer's.
        now: the clock, microseconds.
    """

    def __init__(self, bootstrap: str, database_url: str, making: Callable[[], Making], now: Callable[[], int]) -> None:
        self._bootstrap = bootstrap
        self._database_url = database_url
        self._making = making
        self._now = now
        self._missing = {"archive": "it has not begun yet"}
        self._stopping = False
        self._works = False
        self._reached_at = time.monotonic()
        ARCHIVE_LAG_SECONDS.set_function(lambda: time.monotonic() - self._reached_at)

    def missing(self) -> dict[str, str]:
        """What keeps it from writing, by part; empty while it writes, however far behind it may be."""
        return dict(self._missing)

    def stop(self) -> None:
        """Let the cancellation of `run` through."""
        self._stopping = True

    async def run(self) -> None:
        """Archive until cancelled after `stop`. What one broken dependency undoes is done again when it is back."""
        pause = _FIRST_RETRY_SECONDS
        told = ""
        while True:
            self._works = False
            try:
                await self._work()
            except asyncio.CancelledError as error:
                if self._stopping:
                    raise
                part, why = "kafka", repr(error)  # aiokafka lets out cancellations of its own
            except (KafkaError, ReadingError) as error:
                part, why = "kafka", repr(error)
            except _OF_POSTGRES as error:
                part, why = "postgres", repr(error)
                ARCHIVE_POSTGRES_AWAY.set(1)
            else:
                part, why = "postgres", "another archive writes"
            self._missing = {part: why}
            if self._works or why != told:
                _log.warning("%s keeps the archive from writing, trying again: %s", part, why)
            told = why
            pause = _FIRST_RETRY_SECONDS if self._works else min(pause * 2, _LAST_RETRY_SECONDS)
            await self._sleep(pause)

    async def _sleep(self, seconds: float) -> None:
        """Sleep; a late cancellation of aiokafka's is none of ours."""
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            if self._stopping:
                raise

    async def _work(self) -> None:
        """Write until Kafka or PostgreSQL fails; return at once if another archive writes."""
        tables = await Tables.open(self._database_url)
        ARCHIVE_POSTGRES_AWAY.set(0)
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
            if not self._works:
                self._works, self._missing = True, {}
                _log.info("the archive writes")
            if time.monotonic() - looked >= _LOOK_SECONDS:
                looked = time.monotonic()
                await reading.look()
            self._reached_at = max(self._reached_at, reading.reached_at)
            if not full:
                await asyncio.sleep(_PAUSE_SECONDS)
