"""The whole scorer drains a preloaded topic, beside aiokafka reading the same topic alone, in one run."""

import asyncio
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from deploy.local.process import free_port
from schemas.rows import decode_progress, progress_key
from schemas.topics import DOSSIER_EVENTS, INDICATOR_DAYS_CHANGELOG, UNIT_TREE, UNIT_TREE_KEY
from services.common.topics import create_topics, topics
from tests.bench import dossiers

PARTITIONS = 4
LIMIT_SECONDS = 300


async def run(bootstrap: str, count: int) -> dict[str, Any]:
    """Events a second and a CPU second of reading alone and of scoring; start of the process excluded."""
    await create_topics(bootstrap, topics(PARTITIONS))
    await _preload(bootstrap, count)
    reading = await _read_alone(bootstrap, count)
    scoring = await _score(bootstrap, count)
    return {"events": count, "reading alone": reading, "whole scorer": scoring}


async def _preload(bootstrap: str, count: int) -> None:
    units = dossiers.tree()
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=20, max_batch_size=1 << 18)
    await producer.start()
    await producer.send_and_wait(UNIT_TREE, units.to_json(), key=UNIT_TREE_KEY)
    pending = [await producer.send(DOSSIER_EVENTS, value, key=key) for key, value in dossiers.events(count, units)]
    await asyncio.gather(*pending)
    await producer.stop()


async def _read_alone(bootstrap: str, count: int) -> dict[str, int]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    consumer.assign([TopicPartition(DOSSIER_EVENTS, n) for n in range(PARTITIONS)])
    seen, began, cpu = 0, time.perf_counter(), _own_cpu()
    while seen < count:
        seen += sum(map(len, (await consumer.getmany(timeout_ms=500)).values()))
    rates = _rates(seen, time.perf_counter() - began, _own_cpu() - cpu)
    await consumer.stop()
    return rates


async def _score(bootstrap: str, count: int) -> dict[str, int]:
    env = os.environ | {
        "NHIP_KAFKA_BOOTSTRAP": bootstrap,
        "NHIP_NOW": dossiers.NOW,
        "NHIP_SCORER_PORT": str(free_port()),
        "NHIP_LOG_LEVEL": "ERROR",
    }
    worker = subprocess.Popen([sys.executable, "-m", "services.scorer"], env=env)  # noqa: ASYNC220  starts in a moment
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        isolation_level="read_committed",
    )
    await consumer.start()
    consumer.assign([TopicPartition(INDICATOR_DAYS_CHANGELOG, n) for n in range(PARTITIONS)])
    offsets: dict[int, int] = {}
    began = first = cpu = 0.0
    until = time.monotonic() + LIMIT_SECONDS
    try:
        while sum(offsets.values()) < count:
            if time.monotonic() > until or worker.poll() is not None:
                raise TimeoutError(f"the scorer stopped at {sum(offsets.values())} of {count} events")
            for tp, records in (await consumer.getmany(timeout_ms=50)).items():
                for record in records:
                    if record.key == progress_key():
                        offsets[tp.partition] = decode_progress(record.value).offsets[DOSSIER_EVENTS]
            if not began and (first := sum(offsets.values())):
                began, cpu = time.perf_counter(), _cpu_of(worker.pid)
        return _rates(count - int(first), time.perf_counter() - began, _cpu_of(worker.pid) - cpu)
    finally:
        await consumer.stop()
        worker.terminate()
        worker.wait(30)


def _rates(events: int, seconds: float, cpu: float) -> dict[str, int]:
    return {"events/s": round(events / seconds), "events/CPU-s": round(events / cpu)}


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _cpu_of(pid: int) -> float:
    """User and system seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
