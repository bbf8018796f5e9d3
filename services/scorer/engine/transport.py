"""A Faust transport that hands records to partitions in bulk instead of one message at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any, ClassVar

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import IllegalStateError, KafkaError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

__all__ = ["Consumer", "ConsumerThread", "Transport"]

_PAUSE = 0.02
_FETCH_SECONDS = 0.2
"""A partition that begins to want records meanwhile is looked at after this time."""


class ConsumerThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]  # Faust ships no types
    """Faust's thread around aiokafka's consumer: heartbeats go on while the event loop folds."""

    def _create_worker_consumer(self, transport: "Transport") -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # Faust lets the broker hold an empty fetch for 1.5 s, and aiokafka has one fetch at a time for each broker: a
        # partition whose records were taken during it would stand still for so long. There is no setting for it.
        consumer._fetch_max_wait_ms = int(self.app.engine.settings.fetch_wait * 1000)  # noqa: SLF001 - see above
        consumer._isolation_level = "read_committed"  # noqa: SLF001 - Faust ties it to its own transactions
        return consumer


class Consumer(driver.Consumer):  # type: ignore[misc]  # Faust ships no types
    """Fetched records join their partition's inbox; what Faust sees of them is a wake-up for a partition that rests.

    Wake-ups are level-triggered: Faust empties its queues at a rebalance, so a partition that is ready and has no
    running task is woken again at every pass, until it runs.
    """

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Join the group for the input topics; changelogs are read by their store (see `store.load`)."""
        await super().subscribe(set(topics) - self.app.tables.changelog_topics)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """A rebalance begins: first finish and commit."""
        await self.app.engine.give_up()
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """A rebalance ends: partitions that left are dropped, new ones start loading."""
        await self.app.engine.take_over({tp.partition for tp in assigned}, generation_id)
        await super().on_partitions_assigned(assigned, generation_id)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:  # noqa: ARG002 - Faust's
        """Fetch once and put the records into their inboxes; yields the wake-ups that are needed."""
        if not self.flow_active:
            await self.wait(self.can_resume_flow)
        if self.should_stop:
            return
        await self._fetch_into_inboxes()
        for partition in self.app.engine.asleep():
            if not self.flow_active:
                return
            tp = TP(self.app.engine.job.topics[0], partition)
            self._read_offset[tp] = None  # Faust drops messages behind what it has read
            yield tp, self._wake_up(tp)

    async def _fetch_into_inboxes(self) -> None:
        engine = self.app.engine
        wanted = {tp for tp in self._active_partitions if engine.wants(tp.partition)}
        if not wanted:  # aiokafka takes an empty set for all partitions, and Faust would sleep for a second
            await asyncio.sleep(_PAUSE)
            return
        records = await self._getmany(wanted, _FETCH_SECONDS)
        back = {tp: offset for tp, batch in records.items() if batch and (offset := engine.put(tp, batch)) is not None}
        if back:
            await self.send_back({TP(tp.topic, tp.partition): offset for tp, offset in back.items()})

    async def send_back(self, offsets: dict[TP, int]) -> bool:
        """Read on from these offsets. False: the assignment has just gone (Faust's fetcher must not die of that)."""
        try:
            await self.seek_wait(offsets)
        except (IllegalStateError, KafkaError, TimeoutError) as error:
            self.log.info("cannot seek to %s: %r", offsets, error)
            return False
        return True

    async def perform_seek(self) -> None:
        """Faust seeks to the committed offsets before it resumes; each partition does so itself when it starts."""

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Faust's own detector looks at acknowledgements, which are off; the watchdog does its work."""

    def _wake_up(self, tp: TP) -> ConsumerMessage:
        return ConsumerMessage(
            tp.topic, tp.partition, 0, 0.0, 0, [], None, b"", None, 0, 0, tp,
            generation_id=self.app.consumer_generation_id,
        )  # fmt: skip


class Transport(driver.Transport):  # type: ignore[misc]  # Faust ships no types
    """`batched://host:port`."""

    Consumer: ClassVar[Any] = Consumer
