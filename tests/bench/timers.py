"""A million open dossiers in one worker, each with a timer: its memory; a hundred thousand deadlines in a minute, and at one moment.

Beside it goes a light flow of events about other dossiers. How long they wait is measured twice: from Kafka to Kafka, with and without
deadlines in one run, and by the worker itself (`nhip_scorer_inbox_seconds`).
"""

import asyncio
import itertools
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import msgspec
import psutil
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.process import free_port
from schemas.moments import from_canonical
from schemas.rows import decode_progress, progress_key
from schemas.topics import DOSSIER_EVENTS, DOSSIER_LATE, INDICATOR_DAYS_CHANGELOG, UNIT_TREE, UNIT_TREE_KEY
from services.common.topics import create_topics, topics
from tests.bench import dossiers

PARTITIONS: Final = 4
FLOW: Final = 200
"""Events a second beside the deadlines."""
SPREAD_SECONDS: Final = 60
QUIET_SECONDS: Final = 20
AFTER_SECONDS: Final = 10
LIMIT_SECONDS: Final = 600
_DAY: Final = 86_400
_LATE_PAUSE: Final = 20
"""Seconds from the moment when the last dossiers of a group are known to their first deadline."""


async def run(bootstrap: str, count: int = 1_000_000, due: int = 100_000) -> dict[str, Any]:
    """Figures of one worker.

    Args:
        bootstrap: a Kafka of its own.
        count: open dossiers.
        due: of these, so many become late within a minute, and as many at one moment.
    """
    await create_topics(bootstrap, topics(PARTITIONS))
    bench = Bench(bootstrap)
    await bench.start()
    try:
        return await bench.run(count, due)
    finally:
        await bench.stop()


class Bench:
    """One run."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._producer = AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=5, max_batch_size=1 << 18)
        self._worker = Worker(bootstrap)
        self._units = dossiers.tree()
        self._codes = [unit.code for unit in self._units if unit.parent is not None]
        self._numbers = itertools.count()
        self._rnd = random.Random(766)

    async def start(self) -> None:
        await self._producer.start()
        await self._producer.send_and_wait(UNIT_TREE, self._units.to_json(), key=UNIT_TREE_KEY)

    async def stop(self) -> None:
        self._worker.stop()
        await self._producer.stop()

    async def run(self, count: int, due: int) -> dict[str, Any]:
        await self._worker.start()
        empty = self._worker.memory
        began = time.monotonic()
        await self._open(count - 2 * due, lambda: time.time() + _DAY * self._rnd.uniform(20, 60))
        loaded = time.monotonic() - began
        quiet = await self._watch(0, QUIET_SECONDS)
        first = time.time() + _LATE_PAUSE + due / 8_000
        await self._open(due, lambda: first + self._rnd.uniform(0, SPREAD_SECONDS))
        spread = await self._watch(due, first + SPREAD_SECONDS + AFTER_SECONDS - time.time())
        moment = time.time() + _LATE_PAUSE + due / 8_000
        await self._open(due, lambda: moment)
        at_once = await self._watch(due, moment + AFTER_SECONDS - time.time())
        full = self._worker.memory
        self._worker.stop()
        began = time.monotonic()
        await self._worker.start()
        return {
            "open dossiers": count,
            "MB before, with all, after a restart": [empty, full, self._worker.memory],
            "bytes a dossier": round((full - empty) * 1e6 / count),
            "seconds to take them in, and to load them after a restart": [
                round(loaded, 1),
                round(time.monotonic() - began, 1),
            ],
            "no deadlines": quiet,
            f"{due} deadlines within {SPREAD_SECONDS} s": spread,
            f"{due} deadlines at one moment": at_once,
        }

    async def _open(self, count: int, due: Any) -> None:
        """Dossiers that were received now; returns once the worker has counted them."""
        async with self._reading(INDICATOR_DAYS_CHANGELOG) as rows:
            ends = dict.fromkeys(range(PARTITIONS), -1)
            for some in _batched(count):
                sent = [await self._send(due()) for _ in some]
                for one in await asyncio.gather(*sent):
                    ends[one.partition] = max(ends[one.partition], one.offset)
            until = time.monotonic() + LIMIT_SECONDS
            while any(end >= 0 for end in ends.values()):
                if time.monotonic() > until:
                    raise TimeoutError(f"the scorer does not come to the end of {count} dossiers")
                for partition, offset in await _progress(rows):
                    if offset > ends[partition]:
                        ends[partition] = -1

    async def _send(self, due: float) -> Any:
        unit = self._rnd.choice(self._codes)
        code = f"{unit}-{next(self._numbers):07d}"
        event = {
            "type": "nhip.dossier.received",
            "subject": code,
            "data": {"unit": unit, "procedure": f"1.{self._rnd.randrange(4000, 4300):06d}", "due_at": _text(due)},
            "specversion": "1.0",
            "id": code,
            "source": "/bench",
            "time": _text(time.time()),
            "keysystem": "bench",
            "keyunit": "H01",
        }
        return await self._producer.send(DOSSIER_EVENTS, msgspec.json.encode(event), key=code.encode())

    async def _watch(self, due: int, seconds: float) -> dict[str, Any]:
        """Send the flow for some seconds, and until `due` late notices are there; how long events and notices took."""
        inbox, cpu = await self._worker.inbox(), self._worker.cpu
        began = time.monotonic()
        async with self._reading(INDICATOR_DAYS_CHANGELOG) as rows, self._reading(DOSSIER_LATE) as late:
            counting = asyncio.create_task(_counted(rows))
            telling = asyncio.create_task(_told(late, due))
            sent = await self._flow(seconds, telling)
            waits = await _waits(counting, sent)
            delays = await telling
        seconds = time.monotonic() - began
        used = self._worker.cpu - cpu
        figures: dict[str, Any] = {
            "events": len(sent),
            "event to count, ms (p50, p99, most)": _quantiles(waits),
            "events behind the worker's own work, s": _above(inbox, await self._worker.inbox()),
            "CPU of the worker": round(used / seconds, 2),
        }
        if due:
            figures["deadline to notice, ms (p50, p99, most)"] = _quantiles(delays)
        return figures

    async def _flow(self, seconds: float, telling: asyncio.Task[Any]) -> list[Any]:
        """Events at their pace; gives what Kafka says of them."""
        began, sent = time.monotonic(), []
        until = began + seconds
        while time.monotonic() < until or not telling.done():
            if time.monotonic() > until + LIMIT_SECONDS:
                raise TimeoutError("not all late notices came")
            due = int((time.monotonic() - began) * FLOW) - len(sent)
            sent += [await self._send(time.time() + 30 * _DAY) for _ in range(due)]
            await asyncio.sleep(0.005)
        return list(await asyncio.gather(*sent))

    @asynccontextmanager
    async def _reading(self, topic: str) -> AsyncIterator[Any]:
        """A consumer of what is committed from now on."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap, enable_auto_commit=False, isolation_level="read_committed"
        )
        await consumer.start()
        places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        consumer.assign(places)
        await consumer.seek_to_end(*places)
        try:
            yield consumer
        finally:
            await consumer.stop()


class Worker:
    """`python -m services.scorer`."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._process: subprocess.Popen[bytes] | None = None
        self._url = ""

    async def start(self) -> None:
        """Start it; return once it is ready."""
        port = free_port()
        self._url = f"http://127.0.0.1:{port}"
        settings = {"NHIP_KAFKA_BOOTSTRAP": self._bootstrap, "NHIP_SCORER_PORT": str(port), "NHIP_LOG_LEVEL": "ERROR"}
        self._process = subprocess.Popen([sys.executable, "-m", "services.scorer"], env=os.environ | settings)  # noqa: ASYNC220
        async with httpx.AsyncClient(trust_env=False) as http, asyncio.timeout(LIMIT_SECONDS):
            while not await self._is_ready(http):
                await asyncio.sleep(0.1)

    async def _is_ready(self, http: httpx.AsyncClient) -> bool:
        try:
            return (await http.get(self._url + "/healthz/ready")).is_success
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
            self._process = None

    @property
    def memory(self) -> int:
        """Resident, MB."""
        return round(self._psutil.memory_info().rss / 1e6)

    @property
    def cpu(self) -> float:
        """Seconds that it has used."""
        used = self._psutil.cpu_times()
        return float(used.user + used.system)

    @property
    def _psutil(self) -> psutil.Process:
        assert self._process is not None
        return psutil.Process(self._process.pid)

    async def inbox(self) -> dict[float, float]:
        """Batches by the upper end, in seconds, of how long their first event had waited."""
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            page = (await http.get(self._url + "/metrics")).text
        return {
            float(sample.labels["le"]): sample.value
            for family in text_string_to_metric_families(page)
            if family.name == "nhip_scorer_inbox_seconds"
            for sample in family.samples
            if sample.name.endswith("_bucket")
        }


async def _counted(rows: Any) -> list[tuple[float, int, int]]:
    """When which partition was counted up to which offset; until it is cancelled."""
    seen: list[tuple[float, int, int]] = []
    try:
        while True:
            found = await _progress(rows)
            seen += [(time.time(), partition, offset) for partition, offset in found]
    except asyncio.CancelledError:
        return seen


async def _progress(rows: Any) -> list[tuple[int, int]]:
    """Partitions and the offsets up to which their events are counted, of what has come."""
    return [
        (place.partition, decode_progress(record.value).offsets.get(DOSSIER_EVENTS, 0))
        for place, records in (await rows.getmany(timeout_ms=50)).items()
        for record in records
        if record.key == progress_key()
    ]


async def _told(late: Any, due: int) -> list[float]:
    """Seconds from each deadline to its notice."""
    delays: list[float] = []
    while len(delays) < due:
        for records in (await late.getmany(timeout_ms=50)).values():
            now = time.time()
            delays += [now - from_canonical(msgspec.json.decode(one.value)["time"]) / 1e6 for one in records]
    return delays


async def _waits(counting: asyncio.Task[list[tuple[float, int, int]]], sent: Sequence[Any]) -> list[float]:
    """Seconds from the arrival of each event in Kafka to the commit that counts it."""
    await asyncio.sleep(1)
    counting.cancel()
    seen = await counting
    waits = []
    for number in range(PARTITIONS):
        steps = iter([step for step in seen if step[1] == number])
        step = next(steps, None)
        for one in sorted((one for one in sent if one.partition == number), key=lambda one: one.offset):
            while step is not None and step[2] <= one.offset:
                step = next(steps, None)
            if step is None:
                raise TimeoutError("an event is not counted a second after the flow")
            waits.append(step[0] - one.timestamp / 1e3)
    return waits


def _quantiles(seconds: Sequence[float]) -> list[int]:
    """Median, 99th percentile and maximum, milliseconds."""
    cuts = statistics.quantiles(seconds, n=100)
    return [round(1000 * one) for one in (cuts[49], cuts[98], max(seconds))]


def _above(before: dict[float, float], after: dict[float, float]) -> dict[str, int]:
    """How many batches had waited for longer than which times."""
    grown = {end: after[end] - before.get(end, 0) for end in after}
    total = grown[float("inf")]
    above = {f"> {end:g}": int(total - many) for end, many in grown.items() if end in {0.02, 0.05, 0.1, 0.2, 0.5, 1}}
    return {"batches": int(total), **above}


def _batched(count: int) -> Iterator[range]:
    return (range(start, min(start + 5_000, count)) for start in range(0, count, 5_000))


def _text(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
