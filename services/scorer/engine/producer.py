"""The one writer of a partition: everything goes through its transactions."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.structs import RecordMetadata

from services.scorer.engine.broker import Broker
from services.scorer.engine.job import Send
from services.scorer.engine.settings import EngineSettings

__all__ = ["MarkersLostError", "PartitionProducer", "Rows"]

Rows = Iterable[tuple[bytes | None, bytes | None]]

_topic = attrgetter("topic")

_BATCH_BYTES = 1_000_000
"""Below the broker's limit of a record batch (1,048,588 bytes)."""
_RETRY_MS = 10
"""The broker ends a committed transaction in the background and tells a producer that begins the next one too early to
ask again; with aiokafka's 100 ms a quiet partition would stand still for that long, again and again."""
_STOP_SECONDS = 5.0
_RESTART_SECONDS = 1.0
"""No broker is killed and back in less."""


class MarkersLostError(Exception):
    """The broker calls a transaction committed, but has not ended it in every partition."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """Records on their way: the broker's answer has the offset of the first."""

    answer: Awaitable[RecordMetadata]
    count: int


class PartitionProducer:
    """A transactional producer whose id is that of its partition, whoever owns it.

    Starting it fences: the broker aborts the transaction that a former owner left open and refuses whatever that
    owner, frozen perhaps and now awake again, still sends. So start it *before* the partition's state is read.

    A broker that is killed just after it has decided to commit has to end the transaction in each of its partitions
    once it is back. Kafka 4 (one KRaft node, kill -9) was seen to skip that: it did not know the topics yet and took
    them for deleted. The records then hang, neither committed nor aborted, until the same id ends a later transaction
    there, as part of it; the offsets are lost (see `Fold.reached`). Both ends of that are closed here: `start` aborts
    whatever hangs, and `transact` looks, after any pause in which a broker can have been restarted, before it commits
    more on top.
    """

    def __init__(self, partition: int, settings: EngineSettings, broker: Broker) -> None:
        self._partition = partition
        self._group = settings.app_id
        self._settings = settings
        self._broker = broker
        self._producer: AIOKafkaProducer | None = None
        self._last: dict[TopicPartition, int] = {}
        self._decided_at = 0.0

    async def start(self, topics: Sequence[str], inputs: Sequence[str]) -> None:
        """Connect and become the only writer to this partition of `topics`; returns once older transactions are over.

        `inputs` are the topics whose offsets belong to the transactions.
        """
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._settings.bootstrap,
            transactional_id=f"{self._group}-{self._partition}",
            transaction_timeout_ms=int(self._settings.transaction_timeout * 1000),
            request_timeout_ms=int(self._settings.request_timeout * 1000),
            acks="all",
            max_batch_size=_BATCH_BYTES,
            retry_backoff_ms=_RETRY_MS,
        )
        await self._producer.start()
        await self._abort_what_hangs(topics, inputs)

    async def transact(
        self,
        rows: Sequence[tuple[str, Rows]],
        sends: Sequence[Send],
        offsets: Mapping[str, int],
        written: Callable[[int], None],
    ) -> int:
        """Write `rows` (topic, records), `sends` and the input `offsets` (by topic) in one transaction.

        Rows of one topic keep their order. `written` hears of the number of records once the broker has all and
        before the commit; the same number is returned. Raises aiokafka's errors and MarkersLostError; then the
        transaction is not done, and the process had better end.
        """
        producer = self._started()
        await producer.begin_transaction()
        sent: list[_Sent] = []
        for topic, records in rows:
            sent += await self._write(topic, records)
        for topic, others in groupby(sorted(sends, key=_topic), _topic):
            sent += await self._send(topic, list(others))
        moved = {TopicPartition(topic, self._partition): offset for topic, offset in offsets.items()}
        answers, _ = await asyncio.gather(
            asyncio.gather(*(part.answer for part in sent)), producer.send_offsets_to_transaction(moved, self._group)
        )
        await self._look_back()
        count = sum(part.count for part in sent)
        written(count)
        self._decided_at = time.monotonic()
        await producer.commit_transaction()
        for part, answer in zip(sent, answers, strict=True):
            self._last[answer.topic_partition] = answer.offset + part.count - 1
        return count

    async def stop(self) -> None:
        """Let go of the connection; an open transaction is left to the broker, which aborts it."""
        if self._producer is not None:
            producer, self._producer = self._producer, None
            await asyncio.wait_for(producer.stop(), _STOP_SECONDS)

    async def _abort_what_hangs(self, topics: Sequence[str], inputs: Sequence[str]) -> None:
        """An aborted transaction of our own ends, as aborted, what the same id left hanging in these partitions."""
        producer = self._started()
        await producer.begin_transaction()
        for topic in topics:
            await producer.send_and_wait(topic, None, key=b"aborted", partition=self._partition)
        offsets = {TopicPartition(topic, self._partition): 0 for topic in inputs}
        await producer.send_offsets_to_transaction(offsets, self._group)
        await producer.abort_transaction()

    async def _look_back(self) -> None:
        """Raise MarkersLostError where an earlier transaction of ours is still open in a partition."""
        if time.monotonic() - self._decided_at < _RESTART_SECONDS:
            return
        stable = await self._broker.ends(self._last)
        hanging = [tp for tp, end in stable.items() if end <= self._last[tp]]
        if hanging:
            raise MarkersLostError(f"a committed transaction hangs in {hanging}")

    async def _write(self, topic: str, records: Rows) -> list[_Sent]:
        """Write records with aiokafka's batch builder (0.5 µs each, against one future each)."""
        producer = self._started()
        now = time.time_ns() // 1_000_000
        sent: list[_Sent] = []
        batch = producer.create_batch()
        append = batch.append
        for key, value in records:
            if append(timestamp=now, key=key, value=value) is None:  # full
                sent.append(await self._submit(batch, topic))
                await asyncio.sleep(0)
                batch = producer.create_batch()
                append = batch.append
                append(timestamp=now, key=key, value=value)
        if batch.record_count():
            sent.append(await self._submit(batch, topic))
        return sent

    async def _submit(self, batch: BatchBuilder, topic: str) -> _Sent:
        batch.close()
        answer = await self._started().send_batch(batch, topic, partition=self._partition)
        return _Sent(answer, batch.record_count())

    async def _send(self, topic: str, sends: Sequence[Send]) -> list[_Sent]:
        """Write records of another topic, in their order: at once into the same partition number, else each where its key belongs."""
        producer = self._started()
        if self._partition in await producer.partitions_for(topic):
            return await self._write(topic, ((send.key, send.value) for send in sends))
        return [_Sent(await producer.send(topic, send.value, key=send.key), 1) for send in sends]

    def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            raise RuntimeError(f"the producer of partition {self._partition} is not started")
        return self._producer
