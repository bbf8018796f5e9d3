"""The whole stack as a newcomer runs it: `nhip up` as a process, everything else through `nhip` and HTTP."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import httpx
import msgspec
import psutil

from deploy.local.home import Home, State
from deploy.local.process import end, free_port, spawn, tail

UP_SECONDS = 180
"""The first start may download; a machine may be busy."""


class Running:
    """One stack in a home of its own on free ports. `settings` are environment variables of all its parts."""

    def __init__(self, home: Path, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NHIP_")}
        ports = {f"NHIP_{name}_PORT": str(free_port()) for name in ("INGEST", "API", "SCORER")}
        self.home = home / "nhip"
        self.log = home / "up.log"
        self.env = kept | ports | {"NHIP_HOME": str(self.home)} | settings
        self._process: subprocess.Popen[bytes] | None = None

    def up(self, *options: str) -> "Running":
        """Start it and return once it says that it is ready."""
        with self.log.open("wb") as log:
            self._process = spawn(
                [sys.executable, "-m", "deploy.cli", "up", *options],
                output=log,
                env=self.env,
                death_signal=signal.SIGINT,
            )
        wait_for(self._is_up, lambda: tail(self.log, 40), UP_SECONDS)
        return self

    def _is_up(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, tail(self.log, 40)
        return "Ready:" in self.log.read_text(errors="replace")

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C does; its exit code."""
        assert self._process is not None
        end(self._process, patience=60, how=how)
        return self._process.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop()

    @property
    def state(self) -> State:
        state = Home(self.home).running()
        assert state is not None, tail(self.log, 40)
        return state

    def kill_9(self, name: str) -> None:
        """Kill a part (ingest, scorer, api, Kafka, PostgreSQL) and wait until another runs in its place."""
        former = self.state.pids[name]
        psutil.Process(former).kill()
        wait_for(lambda: self.state.pids.get(name, former) != former, lambda: tail(self.log, 40), UP_SECONDS)

    def run(self, *command: str, key: str = "", expect: int = 0) -> str:
        """A command of `nhip`: what it prints, both streams."""
        env = self.env | ({"NHIP_KEY": key} if key else {})
        done = subprocess.run(
            [sys.executable, "-m", "deploy.cli", *command],
            check=False,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        assert done.returncode == expect, done.stdout
        return done.stdout

    def key(self, unit: str, *options: str) -> str:
        """A key made as everybody makes one: it stands last on its line."""
        return self.run("keys", "create", "--system", "test", "--unit", unit, *options).split()[-1]

    def push(self, key: str, *events: dict[str, Any], **query: str) -> httpx.Response:
        """Send events as curl would."""
        return httpx.post(
            f"http://127.0.0.1:{self.state.ports['ingest']}/v1/events",
            params=query,
            content=msgspec.json.encode(events),
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/cloudevents-batch+json"},
            timeout=60,
        )

    def get(self, path: str, **query: str) -> Any:
        """What the api answers."""
        answer = httpx.get(f"http://127.0.0.1:{self.state.ports['api']}{path}", params=query, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def counts(self, unit: str, **query: str) -> dict[str, int]:
        counts: dict[str, int] = self.get(f"/v1/units/{unit}/counts", **query)["counts"]
        return counts


def wait_for(what: Callable[[], object], why: Callable[[], str], seconds: float) -> None:
    """Ask again until `what` holds; another process has no event to await."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, f"not within {seconds} s: {why()}"
        time.sleep(0.05)
