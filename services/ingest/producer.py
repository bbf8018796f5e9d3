"""One idempotent producer that is always there again: connected in the background, replaced when it has failed."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.ingest.partitions import Record

__all__ = ["NotConfirmed", "Producer"]

_log = logging.getLogger(__name__)

BATCH_BYTES = 512 << 10
"""Of one batch; a broker takes 1 MiB unless told otherwise."""
BACKOFF_SECONDS = 0.2, 2.0
"""Between attempts to connect: first and longest."""


class NotConfirmed(Exception):
    """Kafka has not confirmed the records: they may be there or not. Sending them again is harmless."""


class Producer:
    """Sends batches of records with acks=all and idempotence.

    Every failure that aiokafka does not mend by itself (a fatal error of an idempotent producer, a batch without an answer in time)
    ends the life of the inner producer; another takes over as soon as the broker answers.
    """

    def __init__(self, bootstrap: str, *, timeout: float) -> None:
        """Nothing is connected yet. `timeout`: seconds after which a batch counts as not confirmed."""
        self._bootstrap = bootstrap
        self._timeout = timeout
        self._current: Any = None
        self._connected = asyncio.Event()
        self._failed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether there is a producer that has not failed."""
        return self._connected.is_set()

    def start(self) -> None:
        """Begin to connect, and to stay connected, in the background."""
        self._task = asyncio.create_task(self._keep_connected())

    async def stop(self) -> None:
        """Close. What is not confirmed by now, nobody waits for: the server has let its requests end."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._current is not None:
            await _abandon(self._current)

    async def partitions(self, topic: str) -> int:
        """How many partitions a topic has.

        Raises:
            NotConfirmed: no broker told in time.
        """
        try:
            async with asyncio.timeout(self._timeout):
                await self._connected.wait()
                return len(await self._current.partitions_for(topic))
        except (TimeoutError, KafkaError) as error:
            raise NotConfirmed(f"Kafka does not answer: {error!r}") from error

    async def send(self, topic: str, partition: int, records: Sequence[Record]) -> None:
        """Write records to one partition and return once all replicas have them.

        Raises:
            NotConfirmed: not within `timeout`, or Kafka refuses.
        """
        used = None
        try:
            async with asyncio.timeout(self._timeout):
                await self._connected.wait()
                used = self._current
                sent = [await used.send_batch(batch, topic, partition=partition) for batch in _batches(used, records)]
                await asyncio.gather(*sent)
        except (TimeoutError, KafkaError) as error:
            if used is not None and used is self._current and not self._failed.is_set():
                _log.warning("Kafka did not take a batch for %s, making a new connection: %r", topic, error)
                self._failed.set()
            raise NotConfirmed(f"Kafka did not take a batch for {topic}: {error!r}") from error

    async def _keep_connected(self) -> None:
        while True:
            self._current = await self._connect()
            self._failed.clear()
            self._connected.set()
            await self._failed.wait()
            self._connected.clear()
            await _abandon(self._current)

    async def _connect(self) -> Any:
        wait, longest = BACKOFF_SECONDS
        while True:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap,
                client_id="nhip-ingest",
                acks="all",
                enable_idempotence=True,
                max_batch_size=BATCH_BYTES,
                request_timeout_ms=int(self._timeout * 1000),
            )
            try:
                async with asyncio.timeout(self._timeout):
                    await producer.start()
            except (TimeoutError, KafkaError, OSError) as error:
                _log.warning("Kafka does not answer, trying again: %r", error)
                await _abandon(producer)
                await asyncio.sleep(wait)
                wait = min(2 * wait, longest)
            except asyncio.CancelledError:
                await _abandon(producer)
                raise
            else:
                _log.info("connected to Kafka")
                return producer


def _batches(producer: Any, records: Sequence[Record]) -> list[Any]:
    now = time.time_ns() // 1_000_000
    batches = [producer.create_batch()]
    append = batches[-1].append
    for key, value in records:
        if append(timestamp=now, key=key, value=value) is None:  # full
            batches.append(producer.create_batch())
            append = batches[-1].append
            append(timestamp=now, key=key, value=value)
    return batches


async def _abandon(producer: Any) -> None:
    """Close a producer without waiting for a broker that may never come back."""
    # `stop` would wait until all batches are delivered, and has no public way to give them up.
    producer._message_accumulator.fail_all(KafkaError("given up"))  # noqa: SLF001
    try:
        await producer.stop()
    except Exception as error:  # noqa: BLE001  whatever its sender died of, its connections must go
        _log.debug("a failed producer did not stop cleanly: %r", error)
        await producer.client.close()
