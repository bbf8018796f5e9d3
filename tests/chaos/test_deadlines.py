"""Workers are killed, frozen and moved while deadlines pass: each lateness is told once. `NHIP_CHAOS_SEED=n` repeats a run."""

import asyncio
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.kafka import Kafka
from schemas.events import Door, encode
from schemas.moments import SECOND
from schemas.notices import LATE, Notice, decode_notice, notice
from schemas.rows import LATE as LATE_ROWS
from schemas.rows import decode_number, parse_key
from schemas.topics import DOSSIER_EVENTS, DOSSIER_LATE, INDICATOR_DAYS_CHANGELOG
from services.common.topics import create_topics, topics
from tests.chaos.scoring_worker import TREE, ZONE
from tests.chaos.worker import SESSION
from tests.chaos.workers import PATIENCE, SEED, Worker, kept_alive, until
from tests.integration.engine.kafka_side import KafkaSide

WORKERS, PARTITIONS = 3, 4
DOSSIERS = 400
FIRST, LAST = 4.0, 22.0
"""In how many seconds the deadlines pass."""

Written = list[tuple[bytes, bytes]]


class Town:
    """Dossiers whose deadlines lie just ahead, and the notices that must come of them.

    One in five is done in time. One in five is late, gets another day, and is late again.
    """

    def __init__(self, rnd: random.Random) -> None:
        self.now = time.time_ns() // 1000
        self.received: Written = []
        self.rescheduled: Written = []
        self.expected: set[str] = set()
        for number in range(DOSSIERS):
            subject = f"H01-{number}"
            due = self.now + round(rnd.uniform(FIRST, LAST) * SECOND)
            self.received.append(self._event(subject, "received", unit="H01", procedure="p", due_at=ZONE.format(due)))
            if number % 5 == 0:
                self.received.append(self._event(subject, "processed"))
                continue
            self._late(subject, due)
            if number % 5 == 1 and due < self.now + 10 * SECOND:
                again = self.now + round(rnd.uniform(LAST - 4, LAST) * SECOND)
                self.rescheduled.append(self._event(subject, "rescheduled", due_at=ZONE.format(again)))
                self._late(subject, again)

    def _late(self, subject: str, due: int) -> None:
        at = due + 1
        self.expected.add(notice(LATE, subject, at, at, unit="H01", procedure="p", received=self.now).id)

    def _event(self, subject: str, kind: str, **data: str) -> tuple[bytes, bytes]:
        sent = {
            "specversion": "1.0",
            "id": f"{subject}/{kind}",
            "source": "/chaos",
            "type": f"nhip.dossier.{kind}",
            "subject": subject,
            "time": ZONE.format(self.now),
            "data": data,
        }
        door = Door(system="chaos", unit="H01", tree=TREE, zone=ZONE, now=self.now)
        return subject.encode(), encode(door.check(msgspec.json.encode(sent)))


async def send(bootstrap: str, written: Written) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True) as producer:
        for key, value in written:
            await producer.send(DOSSIER_EVENTS, value, key=key)


async def storm(workers: list[Worker], guest: Worker, rnd: random.Random, seconds: float) -> Counter[str]:
    """Faults without a rest for so long; says how many of each kind there were."""
    seen: Counter[str] = Counter()
    end = time.monotonic() + seconds
    kinds = ["kill", "freeze", "visit", "kill inside a transaction"]
    while time.monotonic() < end:
        kind = kinds[seen.total() % len(kinds)]
        worker = rnd.choice([worker for worker in workers if worker.alive] or workers)
        if kind == "visit":
            guest.start()
            with suppress(AssertionError):  # a fault before may hold the rebalance up
                await until("the guest is ready", lambda: guest.ready, 3 * SESSION)
            await guest.leave()
        elif worker.alive and kind == "freeze":
            life = worker.life
            life.process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(1.5 * SESSION)
            life.process.send_signal(signal.SIGCONT)
        elif worker.alive:
            worker.process.send_signal(signal.SIGKILL if kind == "kill" else signal.SIGUSR1)
        seen[kind] += 1
        await asyncio.sleep(rnd.random())
    return seen


async def notices(side: KafkaSide) -> list[Notice]:
    return [decode_notice(record.value) for record in await side.read(DOSSIER_LATE)]


async def late_rows(side: KafkaSide) -> int:
    """How many late notices the rows of all partitions say there were."""
    rows = {record.key: record.value for record in await side.read(INDICATOR_DAYS_CHANGELOG)}
    parsed = {key: parse_key(key) for key in rows}
    return sum(decode_number(rows[key]) for key, row in parsed.items() if row is not None and row.kind == LATE_ROWS)


@pytest.mark.chaos
@pytest.mark.timeout(240)
async def test_each_lateness_is_told_once_whatever_happens_to_workers_at_deadlines(tmp_path: Path) -> None:
    print(f"NHIP_CHAOS_SEED={SEED}, logs in {tmp_path}")
    rnd = random.Random(SEED)
    kafka = Kafka(tmp_path / "kafka")
    kafka.start()
    side = KafkaSide(kafka.bootstrap)
    await create_topics(kafka.bootstrap, topics(PARTITIONS))
    *workers, guest = (
        Worker(name, tmp_path / f"{name}.log", [kafka.bootstrap], "tests.chaos.scoring_worker")
        for name in (*(f"worker-{n}" for n in range(WORKERS)), "guest")
    )
    try:
        async with kept_alive(workers, guest):
            await until("all workers are ready", lambda: all(worker.ready for worker in workers))
            town = Town(rnd)
            await send(kafka.bootstrap, town.received)
            raging = asyncio.create_task(storm(workers, guest, rnd, LAST))
            await asyncio.sleep(max(0.0, town.now / SECOND + 11 - time.time()))
            await send(kafka.bootstrap, town.rescheduled)
            seen = await raging
            until_when = time.monotonic() + PATIENCE
            while len(told := await notices(side)) < len(town.expected) and time.monotonic() < until_when:
                await asyncio.sleep(0.5)
            print(dict(seen), {worker.name: Counter(worker.codes) for worker in [*workers, guest]})
            ids = Counter(notice.id for notice in told)
            assert set(ids) == town.expected
            assert set(ids.values()) == {1}
            assert await late_rows(side) == len(town.expected)
            assert min(seen.values()) >= 1
    finally:
        kafka.kill()
