"""Workers that come and go: engines of one group in one process, each with its own Faust application."""

from aiokafka import AIOKafkaProducer

from services.scorer.engine.engine import EXIT_FAILED, Engine
from tests.integration.engine.kafka_side import KafkaSide, until
from tests.integration.engine.sums import Sums
from tests.integration.engine.test_one_worker import NUMBERS, SUMS, times


async def test_workers_share_the_partitions_and_take_over_from_each_other(side: KafkaSide) -> None:
    async with side.engine() as first:
        await side.send(NUMBERS)
        async with side.engine() as second:
            await until(lambda: first.ready and len(first.partitions) == 2)
            assert first.partitions.keys() | second.partitions.keys() == {0, 1, 2, 3}
            await side.send(NUMBERS)
            await side.sums_become(times(2))
        await until(lambda: first.ready and len(first.partitions) == 4)
        await side.send(NUMBERS)
        await side.sums_become(times(3))


async def test_partitions_that_stay_are_not_loaded_again(side: KafkaSide) -> None:
    loads: list[int] = []

    class Counted(Sums):
        def open(self, partition, tables):
            loads.append(partition)
            return super().open(partition, tables)

    await side.send(NUMBERS)
    async with side.engine(Counted(side.input)) as first:
        await side.sums_become(SUMS)
        async with side.engine(Sums(side.input)):
            await until(lambda: first.ready and len(first.partitions) == 2)
            assert sorted(loads) == [0, 1, 2, 3]
            await side.send(NUMBERS)
            await side.sums_become(times(2))


async def test_more_workers_than_partitions_are_ready_all_the_same(side: KafkaSide) -> None:
    async with side.engine(), side.engine(), side.engine(), side.engine(), side.engine() as fifth:
        assert fifth.ready
        await side.send(NUMBERS)
        await side.sums_become(SUMS)


async def test_who_lost_a_partition_without_knowing_cannot_write(side: KafkaSide) -> None:
    """Another producer of the same transactional id is what a new owner is."""
    codes: list[int] = []
    zombie = Engine(Sums(side.input), side.settings, end_process=codes.append)
    await zombie.start()
    await until(lambda: zombie.ready)
    successors = [
        AIOKafkaProducer(bootstrap_servers=side.bootstrap, transactional_id=f"{side.settings.app_id}-{number}")
        for number in range(4)
    ]
    for successor in successors:
        await successor.start()
    await side.send(NUMBERS)
    await until(lambda: bool(codes))
    assert codes[0] == EXIT_FAILED
    assert await side.sums() == {}
    for successor in successors:
        await successor.stop()
    await zombie.stop()
