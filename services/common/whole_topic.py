"""Follows a topic from its beginning and for ever: what is small and must be known whole, such as the unit tree."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

__all__ = ["WholeTopic"]

_log = logging.getLogger(__name__)

_FETCH_BYTES = 16 << 20  # one record may hold a whole tree
_POLL_MS = 1000
_RETRY_SECONDS = 1.0


class WholeTopic:
    """Hands every record of a topic over. A broker that is away changes nothing; after it all is handed over again.

    Args:
        bootstrap: address of Kafka.
        topic: its name; all partitions are read.
        take: is given records of one partition, in their order, on the event loop.
    """

    def __init__(self, bootstrap: str, topic: str, take: Callable[[Sequence[Any]], None]) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._take = take
        self._read_once = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def ready(self) -> bool:
        """Whether the topic has been read to its end once."""
        return self._read_once.is_set()

    def follow(self) -> None:
        """Begin to follow in the background, without waiting for Kafka."""
        self._task = asyncio.create_task(self._follow())

    async def start(self) -> None:
        """Begin to follow; return once the present end of the topic is read, however long Kafka takes."""
        self.follow()
        await self._read_once.wait()

    async def stop(self) -> None:
        """Stop following; what was taken stays."""
        self._stopping = True
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _follow(self) -> None:
        while not self._stopping:
            try:
                await self._read()
            except asyncio.CancelledError:
                if self._stopping:
                    raise
                # aiokafka lets out cancellations of its own
                _log.warning("aiokafka gave up while it read %s, trying again", self._topic)
            except (KafkaError, OSError) as error:
                _log.warning("cannot read %s, trying again: %r", self._topic, error)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _read(self) -> None:
        consumer: Any = AIOKafkaConsumer(
            self._topic,
            bootstrap_servers=self._bootstrap,
            client_id=f"nhip-{self._topic}",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            max_partition_fetch_bytes=_FETCH_BYTES,
        )
        try:
            await consumer.start()
            ends = await consumer.end_offsets(sorted(consumer.assignment()))
            if not ends:
                raise UnknownTopicOrPartitionError(self._topic)
            while True:
                for place, end in list(ends.items()):
                    if await consumer.position(place) >= end:
                        del ends[place]
                if not ends:
                    self._read_once.set()
                for records in (await consumer.getmany(timeout_ms=_POLL_MS)).values():
                    self._take(records)
        finally:
            await consumer.stop()
