"""The engine on the job of the comparison with its peers: drain of a preloaded topic, and latency at a steady rate."""

import asyncio
import sys
import time
import uuid
from pathlib import Path
from statistics import quantiles

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.partitioner import murmur2

from tests.bench.peers_events import Event, build, expected_rows
from tests.bench.peers_worker import PARTITIONS
from tests.committed import committed

__all__ = ["measure", "run"]

ROOT = Path(__file__).parents[2]
SEED = 766
RATE = 1_000
WARM_UP, MEASURED = 3, 12
"""Seconds at RATE events a second."""
QUIET = 60.0


def run(bootstrap: str, events: int) -> dict[str, float | int]:
    """Measure everything against the broker at `bootstrap` with `events` events; see `measure`."""
    return asyncio.run(measure(bootstrap, events))


async def measure(bootstrap: str, events: int) -> dict[str, float | int]:
    """Drain and latency. Rates are events/s and events per CPU-second of the worker; latencies milliseconds.

    `wrong_rows` is how many of `rows` differ from the exact answer; anything but 0 is a fault of the engine.
    """
    name = uuid.uuid4().hex[:8]
    topic, app_id = f"peers-{name}", f"peers-app-{name}"
    changelogs = [f"{app_id}-{table}-changelog" for table in ("facts", "rows")]
    await _create(bootstrap, [topic], changelogs)
    sent = build(events, SEED)
    await _fill(bootstrap, topic, sent)
    figures: dict[str, float | int] = {"events": len(sent)}
    reading = await _drain(["reading", bootstrap, topic, str(len(sent))], len(sent))
    figures |= {f"reading_{what}": figure for what, figure in reading.items()}
    worker = _Worker(["engine", bootstrap, app_id, topic])
    await worker.start()
    try:
        figures |= await worker.drained(len(sent))
        found = await _rows(bootstrap, changelogs[1])
        expected = expected_rows(sent)
        figures["rows"] = len(expected)
        figures["wrong_rows"] = sum(found.get(key) != row for key, row in expected.items())
        figures["wrong_rows"] += sum(key not in expected and any(row) for key, row in found.items())
        figures |= await _latency(bootstrap, topic, changelogs[1])
    finally:
        await worker.stop()
    return figures


class _Worker:
    """A measured process."""

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.peers_worker", *self._arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        self._lines = self._process.stdout

    async def drained(self, events: int) -> dict[str, float]:
        """Read marks until `events` events are done; the two rates between the first and the last."""
        begun = (0.0, 0.0)
        while line := await asyncio.wait_for(self._lines.readline(), QUIET):
            _, what, records, wall, cpu = line.decode().split()
            if what == "begun":
                begun = float(wall), float(cpu)
            elif int(records) >= events:
                self._rest = asyncio.create_task(self._lines.read())  # or it would wait for us one day
                return {
                    "events_per_s": round(events / (float(wall) - begun[0])),
                    "events_per_cpu_s": round(events / (float(cpu) - begun[1])),
                }
        raise RuntimeError(f"the worker ended with code {await self._process.wait()}")

    async def stop(self) -> None:
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()


async def _drain(arguments: list[str], events: int) -> dict[str, float]:
    worker = _Worker(arguments)
    await worker.start()
    try:
        return await worker.drained(events)
    finally:
        await worker.stop()


async def _create(bootstrap: str, inputs: list[str], changelogs: list[str]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        compacted = {"cleanup.policy": "compact"}
        await admin.create_topics(
            [NewTopic(name, PARTITIONS, 1) for name in inputs]
            + [NewTopic(name, PARTITIONS, 1, topic_configs=compacted) for name in changelogs]
        )
    finally:
        await admin.close()


async def _fill(bootstrap: str, topic: str, events: list[Event]) -> None:
    """Put the events into the topic, each into the partition that Kafka's own producers choose."""
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap, enable_idempotence=True, max_batch_size=256 << 10
    ) as producer:
        batches = [producer.create_batch() for _ in range(PARTITIONS)]
        for event in events:
            key, value = event.dossier.encode(), event.encoded()
            number = (murmur2(key) & 0x7FFFFFFF) % PARTITIONS
            if batches[number].append(timestamp=None, key=key, value=value) is None:
                await producer.send_batch(batches[number], topic, partition=number)
                batches[number] = producer.create_batch()
                batches[number].append(timestamp=None, key=key, value=value)
        for number, batch in enumerate(batches):
            await producer.send_batch(batch, topic, partition=number)
        await producer.flush()


async def _rows(bootstrap: str, changelog: str) -> dict[str, list[int]]:
    """The rows as their readers see them, added up over partitions."""
    last = {record.key: record.value for record in await committed(bootstrap, changelog, PARTITIONS)}
    rows: dict[str, list[int]] = {}
    for key, value in last.items():
        name = key.decode().split("|", 1)[1]
        added = rows.setdefault(name, [0] * 5)
        rows[name] = [a + b for a, b in zip(added, msgspec.json.decode(value), strict=True)]
    return rows


async def _latency(bootstrap: str, topic: str, changelog: str) -> dict[str, float]:
    """From handing an event to a producer until a read-committed consumer has its row, each event with its own row."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed")
    await consumer.start()
    tps = [TopicPartition(changelog, number) for number in range(PARTITIONS)]
    consumer.assign(tps)
    await consumer.seek_to_end(*tps)
    total = RATE * (WARM_UP + MEASURED)
    sending = asyncio.create_task(_send_steadily(bootstrap, topic, total))
    seen: dict[str, float] = {}
    async with asyncio.timeout(WARM_UP + MEASURED + QUIET):
        while len(seen) < total:
            for records in (await consumer.getmany(*tps, timeout_ms=100)).values():
                now = time.perf_counter()
                for record in records:
                    seen.setdefault(record.key.decode().split("|")[1], now)
    sent = await sending
    await consumer.stop()
    cuts = quantiles(((seen[unit] - sent[unit]) * 1000 for unit in list(sent)[RATE * WARM_UP :]), n=100)
    return {"latency_p50_ms": round(cuts[49], 1), "latency_p99_ms": round(cuts[98], 1)}


async def _send_steadily(bootstrap: str, topic: str, total: int) -> dict[str, float]:
    """Send one event of a new unit every 1/RATE s; returns when each was sent, by unit."""
    sent: dict[str, float] = {}
    moment = "2025-06-02T10:00:00+07:00"
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=0) as producer:
        began = time.perf_counter()
        for number in range(total):
            while (early := began + number / RATE - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            unit = f"L{number:06d}"
            event = Event("received", f"{unit}-250602-1", unit, moment, moment, 0, number)
            sent[unit] = time.perf_counter()
            await producer.send(topic, event.encoded(), key=event.dossier.encode())
        await producer.flush()
    return sent


if __name__ == "__main__":
    print(msgspec.json.encode(run(sys.argv[1], int(sys.argv[2]))).decode())
