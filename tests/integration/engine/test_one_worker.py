"""One worker against the real broker: sums, restarts, ends of logs, idle progress, sends, several topics."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from services.scorer.engine.engine import EXIT_FAILED, Engine
from services.scorer.engine.job import Changes
from services.scorer.engine.observer import Observer
from tests.integration.engine.kafka_side import PARTITIONS, KafkaSide, until
from tests.integration.engine.sums import PROGRESS, Sums, SumsOfPartition

NUMBERS = [(b"key-%d" % (i % 50), i) for i in range(10_000)]
SUMS = {b"key-%d" % k: sum(range(k, 10_000, 50)) for k in range(50)}


def times(factor: int) -> dict[bytes, int]:
    return {key: factor * number for key, number in SUMS.items()}


async def test_numbers_sent_in_become_sums(side: KafkaSide) -> None:
    await side.send(NUMBERS)
    async with side.engine():
        await side.sums_become(SUMS)


async def test_a_restarted_worker_goes_on_where_it_stopped(side: KafkaSide) -> None:
    await side.send(NUMBERS)
    async with side.engine():
        await side.sums_become(SUMS)
    await side.send(NUMBERS)
    async with side.engine():
        await side.sums_become(times(2))
    async with side.engine():
        await side.send(NUMBERS)
        await side.sums_become(times(3))


async def test_a_stop_in_mid_work_loses_and_doubles_nothing(side: KafkaSide) -> None:
    for _ in range(3):
        await side.send(NUMBERS)
        async with side.engine(max_batch=100):
            pass  # stopped as soon as it runs
    async with side.engine():
        await side.sums_become(times(3))


async def test_state_says_itself_how_far_it_reaches_whatever_the_broker_has_forgotten(side: KafkaSide) -> None:
    await side.send(NUMBERS)
    async with side.engine():
        await side.sums_become(SUMS)
    places = [TopicPartition(side.input, number) for number in range(PARTITIONS)]
    async with AIOKafkaConsumer(bootstrap_servers=side.bootstrap, group_id=side.settings.app_id) as group:
        group.assign(places)
        await group.commit(dict.fromkeys(places, 0))
    await side.send(NUMBERS)
    async with side.engine():
        await side.sums_become(times(2))


async def test_state_is_loaded_where_the_log_ends_with_an_aborted_transaction(side: KafkaSide) -> None:
    await side.send(NUMBERS)
    async with side.engine():
        await side.sums_become(SUMS)
    for partition in range(4):
        async with AIOKafkaProducer(bootstrap_servers=side.bootstrap, transactional_id=f"x-{partition}") as producer:
            await producer.begin_transaction()
            await producer.send_and_wait(side.changelog, b"999", key=b"key-1", partition=partition)
            await producer.abort_transaction()
    await side.send(NUMBERS)
    async with side.engine():
        await side.sums_become(times(2))


async def test_transactional_input_leaves_gaps_that_are_no_losses(side: KafkaSide) -> None:
    async with side.engine():
        for part in range(10):
            await side.send(NUMBERS[part::10], transactional=True)
        await side.sums_become(SUMS)


async def test_deleted_keys_stay_deleted(side: KafkaSide) -> None:
    class Forgetful(SumsOfPartition):
        def fold(self, records: Sequence[ConsumerRecord]) -> Changes:
            changes = super().fold(records)
            for rows in changes.tables.values():
                rows.update({key: None for key, value in rows.items() if value == 0})
            return changes

    class ForgetfulSums(Sums):
        fold_of = Forgetful

    await side.send([(b"a", 1), (b"b", 5)])
    async with side.engine(ForgetfulSums(side.input)):
        await side.sums_become({b"a": 1, b"b": 5})
        await side.send([(b"a", -1)])
        await side.sums_become({b"b": 5})
    async with side.engine(ForgetfulSums(side.input)) as engine:
        assert b"a" not in {key for n in engine.partitions for key in engine.table("sums", n)}


async def test_an_idle_worker_writes_progress(side: KafkaSide) -> None:
    async def progress_rows() -> int:
        return sum(record.key.startswith(PROGRESS) for record in await side.read(side.changelog))

    async with side.engine(Sums(side.input, idle=True)):
        before = await progress_rows()
        while await progress_rows() < before + 8:
            pass


async def test_an_idle_worker_commits_but_moves_only_with_what_comes(side: KafkaSide) -> None:
    class Heard(Observer):
        def __init__(self) -> None:
            self.moves: Counter[int] = Counter()
            self.commits = 0

        def moved(self, partition: int) -> None:
            self.moves[partition] += 1

        def committed(self, partition: int, offsets: Mapping[str, int], records: int, seconds: float) -> None:  # noqa: ARG002 - the observer's
            self.commits += 1

    heard = Heard()
    async with side.engine(Sums(side.input, idle=True), heard):
        assert set(heard.moves) == set(range(PARTITIONS)), "loading is a move"
        await until(lambda: heard.commits >= PARTITIONS)
        loaded, commits = heard.moves.total(), heard.commits
        await until(lambda: heard.commits >= commits + 2 * PARTITIONS)
        assert heard.moves.total() == loaded
        await side.send(NUMBERS)
        await side.sums_become(SUMS)
        assert all(heard.moves[partition] > loaded / PARTITIONS for partition in range(PARTITIONS))


async def test_progress_is_the_last_record_of_its_transaction(side: KafkaSide) -> None:
    await side.send(NUMBERS)
    async with side.engine(max_batch=500):
        await side.sums_become(SUMS)
    by_partition: dict[int, list[ConsumerRecord]] = {}
    for record in await side.read(side.changelog):
        by_partition.setdefault(record.partition, []).append(record)
    for records in by_partition.values():
        # A marker follows each transaction: offsets skip one.
        ends = [
            here
            for here, following in zip(records, [*records[1:], None], strict=True)
            if following is None or following.offset > here.offset + 1
        ]
        assert ends
        assert all(record.key.startswith(PROGRESS) for record in ends)
        assert [int(record.value) for record in ends] == sorted(int(record.value) for record in ends)


async def test_sends_arrive_once_in_the_same_partition(side: KafkaSide) -> None:
    numbers = [(b"key-%d" % i, -i) for i in range(1, 1_000)]
    await side.send(numbers)
    async with side.engine(Sums(side.input, notices=side.notices)):
        await side.sums_become(dict(numbers))
    notices = await side.read(side.notices)
    assert sorted((record.key, int(record.value)) for record in notices) == sorted(numbers)
    home = {record.key: record.partition for record in await side.read(side.input)}
    assert all(record.partition == home[record.key] for record in notices)


async def test_several_topics_meet_in_one_partition(side: KafkaSide) -> None:
    await side.send(NUMBERS)
    async with side.engine(Sums(side.input, side.second_input)):
        await side.send(NUMBERS, side.second_input)
        await side.sums_become(times(2))
    async with side.engine(Sums(side.input, side.second_input)):
        await side.send(NUMBERS, side.second_input)
        await side.sums_become(times(3))


async def test_a_job_that_raises_ends_the_process(side: KafkaSide, caplog: pytest.LogCaptureFixture) -> None:
    codes: list[int] = []
    engine = Engine(Sums(side.input), side.settings, end_process=codes.append)
    await engine.start()
    await until(lambda: engine.ready)
    async with AIOKafkaProducer(bootstrap_servers=side.bootstrap) as producer:
        await producer.send_and_wait(side.input, b"not a number", key=b"a")
    await until(lambda: bool(codes))
    assert codes[0] == EXIT_FAILED
    assert any("ValueError" in record.getMessage() for record in caplog.records if record.levelname == "CRITICAL")
    await engine.stop()


async def test_work_in_pieces_is_done_whole(side: KafkaSide) -> None:
    class InPieces(SumsOfPartition):
        left = 25

        def tick(self) -> Changes | None:
            if not self.left:
                return None
            self.left -= 1
            return Changes({"sums": {b"piece-%d-%d" % (self._partition, self.left): 1}}, more=self.left > 0)

    class SumsInPieces(Sums):
        fold_of = InPieces

    async with side.engine(SumsInPieces(side.input), tick_interval=3600.0):
        await side.sums_become({b"piece-%d-%d" % (p, n): 1 for p in range(4) for n in range(25)})


@pytest.mark.parametrize("transactional", [False, True])
async def test_a_job_hears_once_that_it_has_caught_up_with_what_lay_there(
    side: KafkaSide, *, transactional: bool
) -> None:
    caught_up: dict[int, list[int]] = {}

    class Behind(SumsOfPartition):
        folded = 0

        def fold(self, records: Sequence[ConsumerRecord]) -> Changes:
            self.folded += len(records)
            return super().fold(records)

        def caught_up(self) -> None:
            caught_up.setdefault(self._partition, []).append(self.folded)

    class SumsBehind(Sums):
        fold_of = Behind

    await side.send(NUMBERS, transactional=transactional)
    there = Counter(record.partition for record in await side.read(side.input))
    async with side.engine(SumsBehind(side.input), max_batch=50):
        await until(lambda: len(caught_up) == PARTITIONS)
    assert caught_up == {number: [there[number]] for number in range(PARTITIONS)}


async def test_batches_are_folded_while_the_clock_has_no_end_of_work(side: KafkaSide) -> None:
    class Busy(SumsOfPartition):
        def tick(self) -> Changes | None:
            return Changes({"sums": {PROGRESS + b"busy": 1}}, again=True)

    class BusySums(Sums):
        fold_of = Busy

    async with side.engine(BusySums(side.input)):
        await side.send(NUMBERS)
        await side.sums_become(SUMS)
