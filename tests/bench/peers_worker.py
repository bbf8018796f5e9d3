"""The measured processes: `engine` runs the peers job on the engine, `reading` only reads with aiokafka.

Lines on stdout: `MARK what records wall-clock cpu-seconds`.
"""

import asyncio
import sys
import time
from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.scorer.engine.engine import Engine
from services.scorer.engine.observer import Observer
from services.scorer.engine.settings import EngineSettings
from services.scorer.engine.worker import run_worker
from tests.bench.peers_fold import PeersJob

PARTITIONS = 4


def mark(what: str, records: int, wall: float, cpu: float) -> None:
    print(f"MARK {what} {records} {wall:.6f} {cpu:.6f}", flush=True)


class Marks(Observer):
    def __init__(self) -> None:
        self._begun = False
        self._folded = [0] * PARTITIONS
        self._committed = [0] * PARTITIONS

    def batch(self, partition: int, records: int, seconds: float, waited: float) -> None:  # noqa: ARG002
        if not self._begun:
            self._begun = True
            mark("begun", 0, time.time() - seconds, time.process_time() - seconds)
        self._folded[partition] += records

    def committed(self, partition: int, offsets: Mapping[str, int], records: int, seconds: float) -> None:  # noqa: ARG002 - the observer's
        self._committed[partition] = self._folded[partition]
        mark("committed", sum(self._committed), time.time(), time.process_time())


def engine(bootstrap: str, app_id: str, topic: str) -> None:
    run_worker(Engine(PeersJob(topic), EngineSettings(app_id=app_id, bootstrap=bootstrap), Marks()))


def reading(bootstrap: str, topic: str, events: str) -> None:
    async def read() -> None:
        consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
        await consumer.start()
        consumer.assign([TopicPartition(topic, number) for number in range(PARTITIONS)])
        count = 0
        mark("begun", 0, time.time(), time.process_time())
        while count < int(events):
            count += sum(map(len, (await consumer.getmany(timeout_ms=500)).values()))
        mark("committed", count, time.time(), time.process_time())
        await consumer.stop()

    asyncio.run(read())


if __name__ == "__main__":
    {"engine": engine, "reading": reading}[sys.argv[1]](*sys.argv[2:])
