"""The api as a process of its own, and the scorer's part played by a transactional producer."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import httpx
from aiokafka import AIOKafkaProducer

from deploy.local.process import end, free_port, spawn, tail
from schemas import rows
from schemas.measures import BY_NAME
from schemas.moments import parse_day, parse_moment
from schemas.rows import Progress
from schemas.topics import INDICATOR_DAYS_CHANGELOG, UNIT_TREE, UNIT_TREE_KEY
from schemas.units import Unit, UnitTree
from services.common.settings import CommonSettings

NOW = "2026-04-01T12:00:00+07:00"
ZONE = CommonSettings().zone
PARTITIONS = 2
TREE = UnitTree(
    [
        Unit(code="H01", name="An Giang", kind="province"),
        Unit(code="H01.06", name="Sở Nội vụ", kind="department", parent="H01"),
        Unit(code="H01.187", name="Xã Ba Chúc", kind="commune", parent="H01"),
        Unit(code="một cửa/7 & 8%", name="Điểm một cửa", kind="commune", parent="H01.187"),
        Unit(code="H21.17", name="Xã Ia Grai", kind="commune"),
    ]
)

Cell = Mapping[str, Mapping[str, int]]
"""Procedure -> measure by name -> count."""


class Api:
    """One running service."""

    def __init__(self, home: Path, bootstrap: str, **settings: str) -> None:
        port = free_port()
        self.log = home / f"api-{port}.log"
        own = {"NHIP_API_PORT": str(port), "NHIP_KAFKA_BOOTSTRAP": bootstrap, "NHIP_NOW": NOW}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NHIP_")}
        with self.log.open("wb") as log:
            self.process = spawn([sys.executable, "-m", "services.api"], output=log, env=kept | own | settings)
        self.url = f"http://127.0.0.1:{port}"
        self.http = httpx.Client(base_url=self.url, timeout=30)

    def until_ready(self) -> "Api":
        """Wait until it says that it is ready."""
        self.until(lambda: self.health() == 200)
        return self

    def health(self) -> int | None:
        """The status of /healthz/ready; None while nobody listens."""
        try:
            return self.http.get("/healthz/ready").status_code
        except httpx.TransportError:
            return None

    def until(self, what: Callable[[], object], seconds: float = 60) -> None:
        """Ask again until something holds; another process has no event to await."""
        until = time.monotonic() + seconds
        while not what():
            if time.monotonic() > until:
                raise AssertionError(f"not within {seconds} s; the service says:\n{tail(self.log, 30)}")
            time.sleep(0.02)

    def get(self, path: str, status: int = 200, **options: Any) -> Any:
        """The JSON that a path answers with."""
        answer = self.http.get(path, **options)
        assert answer.status_code == status, answer.text
        return answer.json()

    def until_revision(self, least: int) -> None:
        """Wait until it shows what was committed up to a revision."""
        self.until(lambda: self.get("/v1/progress")["revision"] >= least)

    def stop(self) -> int:
        """End it with SIGTERM; its exit code."""
        self.http.close()
        end(self.process, patience=30)
        return self.process.returncode


class Scorer:
    """Writes rows as a scorer does: one transactional producer a partition, a progress row at each end."""

    def __init__(self, bootstrap: str, partition: int = 0, name: str = "scorer") -> None:
        self._partition = partition
        self._producer: Any = AIOKafkaProducer(
            bootstrap_servers=bootstrap, transactional_id=f"{name}-{partition}", transaction_timeout_ms=10_000
        )
        self.position = 0

    async def __aenter__(self) -> Self:
        await self._producer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._producer.stop()

    async def begin(self) -> None:
        await self._producer.begin_transaction()

    async def day(self, unit: str, day: str, cell: Cell) -> None:
        """Write the row of a unit's day; an empty one is a tombstone."""
        numbers = {item: {BY_NAME[name].number: n for name, n in counts.items()} for item, counts in cell.items()}
        value = rows.encode_counters(numbers) if cell else None
        await self._send(rows.day_key(self._partition, unit, parse_day(day)), value)

    async def last(self, unit: str, moment: str) -> None:
        """Write the row of a unit's newest event."""
        value = rows.encode_moment(parse_moment(moment, ZONE))
        await self._send(rows.last_key(self._partition, unit), value)

    async def procedure(self, code: str, **known: Any) -> None:
        """Write what is known of a procedure."""
        value = rows.encode_procedure(rows.ProcedureRow({}, **known))
        await self._send(rows.note_key(self._partition, rows.PROCEDURE, code), value)

    async def late(self, unit: str, number: int) -> None:
        """Write how many late notices there were about a unit."""
        await self._send(rows.late_key(self._partition, unit), rows.encode_number(number))

    async def heard(self, heard: rows.HeardKey, quarters: int) -> None:
        """Write in which quarters of an hour a system was heard."""
        await self._send(rows.heard_key(self._partition, heard), rows.encode_number(quarters))

    async def commit(self, *, clock: str = NOW, whole: bool = True, arrived: int | None = None) -> int:
        """Write the progress row and end the transaction; the revision of this partition."""
        progress = Progress(
            partition=self._partition,
            offsets={"dossier-events": 7},
            clock=parse_moment(clock, ZONE),
            made_by="test",
            whole=whole,
            arrived=arrived,
        )
        await self._send(rows.progress_key(), rows.encode_progress(progress))
        await self._producer.commit_transaction()
        return self.position

    async def abort(self) -> None:
        await self._producer.abort_transaction()

    async def write(self, cells: Mapping[tuple[str, str], Cell], **progress: Any) -> int:
        """One whole transaction: (unit, day) -> counts."""
        await self.begin()
        for (unit, day), cell in cells.items():
            await self.day(unit, day, cell)
        return await self.commit(**progress)

    async def _send(self, key: bytes, value: bytes | None) -> None:
        sent = await self._producer.send_and_wait(
            INDICATOR_DAYS_CHANGELOG, key=key, value=value, partition=self._partition
        )
        self.position = sent.offset + 1


async def publish_tree(bootstrap: str, tree: UnitTree) -> None:
    """Put a tree in force."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        await producer.send_and_wait(UNIT_TREE, tree.to_json(), key=UNIT_TREE_KEY)
