"""Twenty faults in a random order, then every sum exact. `NHIP_CHAOS_SEED=n` repeats a run."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from deploy.local.kafka import Kafka
from services.scorer.engine.engine import EXIT_FAILED, EXIT_STALLED
from tests.chaos.worker import SESSION
from tests.chaos.workers import PATIENCE, SEED, Worker, kept_alive, until
from tests.integration.engine.kafka_side import PARTITIONS, KafkaSide

FAULTS = 20
WORKERS = 3
KEYS = 500
FEED_SECONDS = 10.0


class Storm:
    """The faults. Each returns when its effect has been seen."""

    def __init__(self, kafka: Kafka, workers: list[Worker], guest: Worker, rnd: random.Random) -> None:
        self.kafka = kafka
        self.workers = workers
        self.guest = guest
        self.rnd = rnd
        self.seen: Counter[str] = Counter()

    def faults(self) -> list[Callable[[], Awaitable[None]]]:
        """Each kind at least twice, in a random order."""
        kinds = [self.kill_inside_transaction, self.freeze, self.leave, self.visit, self.restart_kafka]
        chosen = kinds * 2 + self.rnd.choices(kinds, weights=[4, 4, 2, 2, 1], k=FAULTS - 2 * len(kinds))
        self.rnd.shuffle(chosen)
        return chosen

    async def kill_inside_transaction(self) -> None:
        worker = await self._busy_worker()
        life = worker.life
        life.process.send_signal(signal.SIGUSR1)
        await until(f"{worker.name} ends", lambda: life.ended)
        assert life.process.returncode in {-signal.SIGKILL, EXIT_FAILED}
        self.seen["killed inside a transaction"] += life.said("KILLED INSIDE")

    async def freeze(self) -> None:
        worker = await self._busy_worker()
        others = [other for other in self.workers if other is not worker]
        life = worker.life
        life.process.send_signal(signal.SIGSTOP)
        with suppress(AssertionError):  # a second fault may have hit them
            await until(
                "the others take over",
                lambda: set().union(*(other.partitions for other in others)) == set(range(PARTITIONS)),
                patience=5 * SESSION,
            )
        await asyncio.sleep(self.rnd.random() * 2)
        life.process.send_signal(signal.SIGCONT)
        with suppress(AssertionError):  # it may find itself expelled before it writes
            await until("the zombie ends", lambda: life.ended, patience=5.0)
        self.seen["zombie refused"] += life.said("ProducerFenced")

    async def leave(self) -> None:
        worker = await self._busy_worker()
        code = await worker.leave()
        assert code in {0, EXIT_FAILED}, f"{worker.name} left with {code}"
        self.seen["left cleanly"] += code == 0
        await asyncio.sleep(self.rnd.random() * 3)
        worker.start()

    async def visit(self) -> None:
        """A fourth worker joins and soon leaves again."""
        self.guest.start()
        await until("the guest is ready", lambda: self.guest.ready or not self.guest.alive)
        await asyncio.sleep(self.rnd.random() * 2)
        code = await self.guest.leave()
        assert code in {0, EXIT_FAILED}, f"the guest left with {code}"
        self.seen["visited"] += code == 0

    async def restart_kafka(self) -> None:
        self.kafka.kill()
        await asyncio.sleep(self.rnd.random() * 2)
        self.kafka.start()
        self.seen["Kafka restarted"] += 1

    async def _busy_worker(self) -> Worker:
        candidates = list(self.workers)
        self.rnd.shuffle(candidates)
        found: list[Worker] = []
        await until("a worker has partitions", lambda: bool(found.extend(w for w in candidates if _busy(w)) or found))
        return found[0]


def _busy(worker: Worker) -> bool:
    return worker.ready and bool(worker.partitions)


async def feed(side: KafkaSide, rnd: random.Random, stop: asyncio.Event) -> None:
    """Send numbers until `stop`, whatever happens to Kafka; what the topic then holds is the truth.

    A producer lives for some seconds only: one whose broker was killed can hang, or let out a cancellation that nobody asked for.
    """
    while not stop.is_set():
        try:
            async with asyncio.timeout(2 * FEED_SECONDS):
                await feed_for(FEED_SECONDS, side, rnd, stop)
        except (KafkaError, TimeoutError, OSError) as error:
            print(f"the feeder begins anew: {error!r}")
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            print("the feeder begins anew: aiokafka was cancelled by itself")


async def feed_for(seconds: float, side: KafkaSide, rnd: random.Random, stop: asyncio.Event) -> None:
    until = asyncio.get_running_loop().time() + seconds
    async with AIOKafkaProducer(bootstrap_servers=side.bootstrap, enable_idempotence=True) as producer:
        while not stop.is_set() and asyncio.get_running_loop().time() < until:
            for _ in range(20):
                await producer.send(side.input, b"%d" % rnd.randrange(-9, 100), key=b"key-%d" % rnd.randrange(KEYS))
            await asyncio.sleep(0.01)


async def truth(side: KafkaSide) -> dict[bytes, int]:
    sums: Counter[bytes] = Counter()
    for record in await side.read(side.input):
        sums[record.key] += int(record.value)
    return dict(sums)


@pytest.mark.chaos
@pytest.mark.timeout(420)
async def test_sums_are_exact_after_twenty_faults(tmp_path: Path) -> None:
    print(f"NHIP_CHAOS_SEED={SEED}, logs in {tmp_path}")
    rnd = random.Random(SEED)
    kafka = Kafka(tmp_path / "kafka")
    kafka.start()
    side = KafkaSide(kafka.bootstrap)
    await side.create_topics()
    arguments = [side.bootstrap, side.settings.app_id, side.input]
    workers = [Worker(f"worker-{n}", tmp_path / f"worker-{n}.log", arguments) for n in range(WORKERS)]
    guest = Worker("guest", tmp_path / "guest.log", arguments)
    stop = asyncio.Event()
    feeder = asyncio.create_task(feed(side, random.Random(SEED + 1), stop))
    try:
        async with kept_alive(workers, guest):
            storm = Storm(kafka, workers, guest, rnd)
            for number, fault in enumerate(storm.faults(), 1):
                assert not feeder.done(), "the feeder ended before its time"
                print(f"fault {number}: {fault.__name__}")
                await fault()
                await asyncio.sleep(rnd.random())
            stop.set()
            await feeder
            await side.sums_become(await truth(side))
            await until("all workers are ready", lambda: all(worker.ready for worker in workers), PATIENCE)
            # No worker stands still: what is sent now is counted too.
            await side.send((b"key-%d" % n, 1) for n in range(KEYS))
            await side.sums_become(await truth(side))
            print(dict(storm.seen), {worker.name: Counter(worker.codes) for worker in [*workers, guest]})
            codes = {code for worker in [*workers, guest] for code in worker.codes}
            assert EXIT_STALLED not in codes, "a worker stood still until its watchdog ended it"
            assert storm.seen["killed inside a transaction"]
            assert storm.seen["zombie refused"]
    finally:
        feeder.cancel()
        kafka.kill()
