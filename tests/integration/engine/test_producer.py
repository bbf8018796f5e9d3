"""The writer of a partition, alone against the broker."""

from collections.abc import AsyncIterator, Iterable

import pytest
from aiokafka import TopicPartition

from services.scorer.engine.broker import Broker
from services.scorer.engine.producer import MarkersLostError, PartitionProducer
from tests.integration.engine.kafka_side import KafkaSide


class BrokerThatForgets(Broker):
    """What is seen of a broker that never ended a transaction: all after `stable` is open."""

    stable: int | None = None

    async def ends(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        ends = await super().ends(partitions)
        return ends if self.stable is None else dict.fromkeys(ends, self.stable)


@pytest.fixture
async def broker(side: KafkaSide) -> AsyncIterator[BrokerThatForgets]:
    broker = BrokerThatForgets(side.settings)
    await broker.start()
    yield broker
    await broker.stop()


async def write(producer: PartitionProducer, side: KafkaSide, value: bytes, count: int = 1) -> int:
    rows = [(side.changelog, [(b"key-%d" % n, value) for n in range(count)])]
    return await producer.transact(rows, [], {side.input: 1}, written=lambda _: None)


async def test_more_records_than_a_batch_holds_keep_their_order(side: KafkaSide, broker: Broker) -> None:
    producer = PartitionProducer(0, side.settings, broker)
    await producer.start([side.changelog], [side.input])
    assert await write(producer, side, b"x" * 10_000, count=500) == 500
    await producer.stop()
    assert [record.key for record in await side.read(side.changelog)] == [b"key-%d" % n for n in range(500)]


async def test_offsets_and_rows_are_committed_together(side: KafkaSide, broker: Broker) -> None:
    producer = PartitionProducer(0, side.settings, broker)
    await producer.start([side.changelog], [side.input])
    assert await broker.positions([side.input], 0) == {side.input: 0}
    await write(producer, side, b"1")
    await producer.stop()
    # The broker answers once it has decided; the offsets are there when the next one with this id may begin.
    await PartitionProducer(0, side.settings, broker).start([side.changelog], [side.input])
    assert await broker.positions([side.input], 0) == {side.input: 1}


async def test_what_a_predecessor_left_open_is_aborted(side: KafkaSide, broker: Broker) -> None:
    predecessor = PartitionProducer(0, side.settings, broker)
    await predecessor.start([side.changelog], [side.input])
    inner = predecessor._started()
    await inner.begin_transaction()
    await inner.send_and_wait(side.changelog, b"open", key=b"a", partition=0)
    successor = PartitionProducer(0, side.settings, broker)
    await successor.start([side.changelog], [side.input])
    await write(successor, side, b"2")
    assert [record.value for record in await side.read(side.changelog)] == [b"2"]
    await successor.stop()
    await predecessor.stop()


async def test_nothing_is_committed_on_top_of_a_transaction_that_hangs(
    side: KafkaSide, broker: BrokerThatForgets
) -> None:
    producer = PartitionProducer(0, side.settings, broker)
    await producer.start([side.changelog], [side.input])
    await write(producer, side, b"1")
    broker.stable = producer._last[TopicPartition(side.changelog, 0)]
    producer._decided_at = 0.0  # long ago: a broker may have been restarted since
    with pytest.raises(MarkersLostError):
        await write(producer, side, b"2")
    await producer.stop()
    assert [record.value for record in await side.read(side.changelog)] == [b"1"]
