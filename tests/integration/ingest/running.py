"""Ingest as a process of its own, and what it wrote, read back from Kafka."""

import asyncio
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx
import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from deploy.local.process import end, free_port, spawn, tail
from schemas.topics import UNIT_TREE, UNIT_TREE_KEY
from schemas.units import Unit, UnitTree

NOW = "2026-04-01T12:00:00+07:00"
TREE = UnitTree(
    [
        Unit(code="H01", name="An Giang", kind="province"),
        Unit(code="H01.06", name="Xã Một", kind="commune", parent="H01"),
        Unit(code="H01.07", name="Xã Hai", kind="commune", parent="H01"),
        Unit(code="H21", name="Gia Lai", kind="province"),
        Unit(code="H21.17", name="Xã Ba", kind="commune", parent="H21"),
        Unit(code="000.00.99.H01", name="Nhà mạng giữ mã cũ", kind="commune", parent="H01"),
    ]
)
SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LINES = "application/x-ndjson"


class Ingest:
    """One running service. `kafka` and `postgres` may go away and come back meanwhile."""

    def __init__(self, home: Path, bootstrap: str, database: str, **settings: str) -> None:
        port = free_port()
        self.log = home / f"ingest-{port}.log"
        own = {
            "NHIP_INGEST_PORT": str(port),
            "NHIP_KAFKA_BOOTSTRAP": bootstrap,
            "NHIP_DATABASE_URL": database,
            "NHIP_NOW": NOW,
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NHIP_")}
        with self.log.open("wb") as log:
            self.process = spawn([sys.executable, "-m", "services.ingest"], output=log, env=kept | own | settings)
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)

    def until_ready(self, *, ready: bool = True) -> "Ingest":
        """Wait until it answers, and says that it is ready (or not)."""
        wait_for(lambda: self._ready() is ready, lambda: tail(self.log, 30))
        return self

    def _ready(self) -> bool | None:
        try:
            return self.http.get("/healthz/ready").status_code == 200
        except httpx.TransportError:
            return None

    def post(self, events: Any, key: str, media_type: str = BATCH, **options: Any) -> httpx.Response:
        """Send events as JSON (or bytes as they are)."""
        body = events if isinstance(events, bytes) else msgspec.json.encode(events)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": media_type} | options.pop("headers", {})
        return self.http.post("/v1/events", content=body, headers=headers, **options)

    def metric(self, line: str) -> float:
        """The value of one line of /metrics; 0 if it is not there yet."""
        lines = self.http.get("/metrics").text.splitlines()
        return next((float(found.rpartition(" ")[2]) for found in lines if found.startswith(f"{line} ")), 0.0)

    def stop(self) -> int:
        """End it with SIGTERM; its exit code."""
        self.http.close()
        end(self.process, patience=30)
        return self.process.returncode


def wait_for(what: Any, why: Any = lambda: "", seconds: float = 60) -> None:
    """Ask again until `what` holds; another process has no event to await."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s: {why()}")
        time.sleep(0.05)


def publish_tree(bootstrap: str, tree: UnitTree) -> None:
    """Put a tree in force."""

    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
            await producer.send_and_wait(UNIT_TREE, tree.to_json(), key=UNIT_TREE_KEY)

    asyncio.run(send())


def stored(bootstrap: str, topic: str, keys: Iterable[str] | None = None) -> list[tuple[int, str, Any]]:
    """All records (partition, key, value) of a topic of JSON, or those with the given keys."""
    wanted = None if keys is None else {key.encode() for key in keys}
    return [
        (partition, key.decode(), msgspec.json.decode(value))
        for partition, key, value in raw(bootstrap, topic)
        if wanted is None or key in wanted
    ]


def raw(bootstrap: str, topic: str) -> list[tuple[int, bytes, bytes | None]]:
    """All records (partition, key, value) of a topic as they are; a value None deletes."""

    async def read() -> list[tuple[int, bytes, bytes | None]]:
        async with AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest") as consumer:
            numbers = await consumer._client._wait_on_metadata(topic) and consumer.partitions_for_topic(topic)
            places = [TopicPartition(topic, number) for number in numbers]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            found = []
            while any([await consumer.position(place) < ends[place] for place in places]):
                for records in (await consumer.getmany(timeout_ms=1000)).values():
                    found += [(r.partition, r.key, r.value) for r in records]
            return found

    return asyncio.run(read())
