"""Kafka, PostgreSQL and the services without a supervisor: what a test kills stays away until the test brings it back."""

import asyncio
import csv
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from aiokafka import AIOKafkaProducer

from deploy.local.kafka import Kafka
from deploy.local.postgres import Postgres
from deploy.local.process import end, free_port, spawn, tail
from deploy.prepare import prepare
from schemas.rows import Progress, decode_progress, progress_key
from schemas.topics import DOSSIER_EVENTS, DOSSIERS_CHANGELOG, INDICATOR_DAYS_CHANGELOG
from schemas.units import UnitTree
from services.common.settings import CommonSettings
from services.common.tree import TreeFollower
from services.ingest.partitions import Record, by_partition
from tests.committed import committed
from tests.stack import NHIP, clean_env
from tests.waiting import until

MODULES = {
    "ingest": "services.ingest",
    "scorer": "services.scorer",
    "api": "services.api",
    "archive": "services.scorer.archive",
}
TOPICS = (DOSSIERS_CHANGELOG, DOSSIER_EVENTS, INDICATOR_DAYS_CHANGELOG)
PARTITIONS = 4


class Town:
    """All of them, in one home; `start` starts a service with further settings."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.kafka = Kafka(home / "kafka")
        self.postgres = Postgres(home / "postgres")
        self.kafka.start()
        self.postgres.start()
        asyncio.run(prepare(CommonSettings(kafka_bootstrap=self.kafka.bootstrap, database_url=self.postgres.url)))
        self.ports = {name: free_port() for name in MODULES}
        self.env = clean_env(
            NHIP_HOME=str(home / "none"),
            NHIP_KAFKA_BOOTSTRAP=self.kafka.bootstrap,
            NHIP_DATABASE_URL=self.postgres.url,
            **{f"NHIP_{name.upper()}_PORT": str(port) for name, port in self.ports.items()},
            **settings,
        )
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str, **settings: str) -> None:
        self.env |= settings
        for name in names:
            with (self.home / f"{name}.log").open("ab") as log:
                self.processes[name] = spawn([sys.executable, "-m", MODULES[name]], output=log, env=self.env)

    def await_ready(self, *names: str) -> None:
        for name in names:
            until(lambda name=name: self._is_ready(name), lambda name=name: self.said(name))

    def stop(self, *names: str) -> None:
        for name in names:
            end(self.processes.pop(name), patience=20)

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def close(self) -> None:
        for name in list(self.processes):
            self.kill(name)
        self.kafka.stop()
        self.postgres.stop()

    def said(self, name: str) -> str:
        return tail(self.home / f"{name}.log", 30)

    def get(self, name: str, path: str, **options: Any) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.ports[name]}{path}", timeout=60, **options)

    def metric(self, service: str, name: str) -> float:
        """The value of a metric, summed over its labels."""
        lines = self.get(service, "/metrics").text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.split("{")[0].split(" ")[0] == name)

    def nhip(self, *args: str) -> str:
        done = subprocess.run([*NHIP, *args], check=False, capture_output=True, text=True, env=self.env)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def load(self, tree: UnitTree) -> str:
        """Put a tree in force; gives its version."""
        file = self.home / "units.csv"
        with file.open("w", newline="") as opened:
            lines = csv.writer(opened)
            lines.writerow(["code", "name", "kind", "parent"])
            lines.writerows([unit.code, unit.name, unit.kind, unit.parent or ""] for unit in tree)
        self.nhip("units", "load", str(file))
        return asyncio.run(self._version())

    async def _version(self) -> str:
        follower = TreeFollower(self.kafka.bootstrap)
        await follower.start()
        await follower.stop()
        return follower.version

    def write(self, records: dict[str, list[Record]]) -> None:
        """Write records of event topics as ingest does."""
        asyncio.run(self._write(records))

    async def _write(self, records: dict[str, list[Record]]) -> None:
        async with AIOKafkaProducer(bootstrap_servers=self.kafka.bootstrap, enable_idempotence=True) as producer:
            for topic, written in records.items():
                for partition, batch in by_partition(written, PARTITIONS).items():
                    for key, value in batch:
                        await producer.send(topic, value, key=key, partition=partition)
            await producer.flush()

    def query(self, sql: str, *arguments: object) -> list[Any]:
        """Rows of PostgreSQL."""
        return asyncio.run(self._query(sql, arguments))

    async def _query(self, sql: str, arguments: Iterable[object]) -> list[Any]:
        connection = await asyncpg.connect(self.postgres.url.replace("+asyncpg", ""))
        try:
            return await connection.fetch(sql, *arguments)
        finally:
            await connection.close()

    async def execute(self, sql: str) -> None:
        """Statements, in one transaction."""
        connection = await asyncpg.connect(self.postgres.url.replace("+asyncpg", ""))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    def read(self, topic: str) -> list[Any]:
        """All records of a topic, as committed by now."""
        return asyncio.run(committed(self.kafka.bootstrap, topic, PARTITIONS))

    def await_scored(self, made_with: str) -> None:
        """Wait until the scorer has counted every dossier event, by rows made with what `made_with` is part of."""
        ends = dict.fromkeys(range(PARTITIONS), 0)
        for record in self.read(DOSSIER_EVENTS):
            ends[record.partition] = max(ends[record.partition], record.offset + 1)

        def scored() -> bool:
            told: dict[int, Progress] = {}
            for record in self.read(INDICATOR_DAYS_CHANGELOG):
                if record.key == progress_key():
                    told[record.partition] = decode_progress(record.value)
            return len(told) == PARTITIONS and all(
                one.whole and made_with in one.made_by and one.offsets.get(DOSSIER_EVENTS, 0) >= ends[partition]
                for partition, one in told.items()
            ) and len({one.made_by for one in told.values()}) == 1  # fmt: skip

        until(scored, lambda: self.said("scorer"))

    def await_archived(self, seconds: float = 120, *, made_with: str = "") -> None:
        """Wait until all that Kafka has now is in PostgreSQL, all made by the same, of which `made_with` is part."""

        def alike() -> bool:
            told = self.query("select distinct made_by from archive_position where topic <> $1", DOSSIER_EVENTS)
            return len(told) == 1 and made_with in told[0]["made_by"]

        until(alike, lambda: self.said("archive"), seconds)
        asked = time.monotonic()  # from here on: dossiers are made anew from the moment on at which that is named
        eventually(
            lambda: self.metric("archive", "nhip_archive_lag_seconds") < time.monotonic() - asked,
            seconds,
            lambda: self.said("archive"),
        )

    def _is_ready(self, name: str) -> bool:
        assert self.processes[name].poll() is None, self.said(name)
        try:
            return self.get(name, "/healthz/ready").status_code == 200
        except httpx.TransportError:
            return False


def eventually(what: Callable[[], object], seconds: float = 60, said: Callable[[], str] = str) -> None:
    """Wait for something that asks over HTTP: a service that does not answer has not done it yet."""

    def happened() -> bool:
        try:
            return bool(what())
        except httpx.TransportError:
            return False

    until(happened, said, seconds)
