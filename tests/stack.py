"""`nhip up` as a process of its own, in a home of its own, as its users run it."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local.home import Home, State
from deploy.local.process import end, free_port, spawn, tail
from tests.waiting import until

NHIP = (sys.executable, "-m", "deploy.cli")
SERVICES = ("ingest", "scorer", "api")
"""Those that `nhip up` waits for. The others run beside them."""
PROGRAMS = (*SERVICES, "archive", "notices")
START_SECONDS = 240
STOP_SECONDS = 90


def clean_env(**settings: str) -> dict[str, str]:
    """The environment without any setting of nhip but these (and the cache of downloads)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NHIP_") or name == "NHIP_CACHE"}
    return kept | settings


class Stack:
    """One embedded stack. Several can run side by side: every port is free when it is taken.

    Args:
        home: its NHIP_HOME; a second start with the same object goes on with the same data and ports.
        services: which of PROGRAMS are started.
        settings: further settings, such as NHIP_NOW and NHIP_TIMEZONE.
    """

    def __init__(self, home: Path, *, services: Sequence[str] = PROGRAMS, settings: Mapping[str, str] | None = None):
        self.home = home
        self.services = services
        self.ports = {name: free_port() for name in PROGRAMS}
        ports = {f"NHIP_{name.upper()}_PORT": str(port) for name, port in self.ports.items()}
        self.env = clean_env(NHIP_HOME=str(home), COLUMNS="200", **ports, **(settings or {}))
        self.log = home.parent / f"{home.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the stack was not started"
        return self._process

    @property
    def ingest_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['ingest']}"

    @property
    def scorer_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['scorer']}"

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['api']}"

    @property
    def archive_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['archive']}"

    @property
    def notices_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['notices']}"

    @property
    def kafka(self) -> str:
        """Kafka's address, host:port."""
        return self.state().kafka_bootstrap

    @property
    def database_url(self) -> str:
        return self.state().database_url

    def state(self) -> State:
        """What the running stack says of itself."""
        state = Home(self.home).running()
        assert state is not None, f"no stack runs:\n{self.said()}"
        return state

    def said(self, lines: int = 60) -> str:
        """The last lines that `nhip up` printed."""
        return tail(self.log, lines)

    def launch(self, *args: str) -> "Stack":
        """Start `nhip up` without waiting for anything."""
        only = [word for name in self.services for word in ("--only", name)] if self.services != PROGRAMS else []
        with self.log.open("ab") as log:
            self._process = spawn([*NHIP, "up", *only, *args], output=log, env=self.env, death_signal=signal.SIGTERM)
        return self

    def start(self, *args: str) -> "Stack":
        """Start `nhip up` and wait until every service is ready."""
        return self.launch(*args).await_ready()

    def await_ready(self) -> "Stack":
        until(self._is_ready, self.said, START_SECONDS)
        return self

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, f"nhip up ended with {self.process.returncode}:\n{self.said()}"
        state = Home(self.home).running()
        return state is not None and state.ready and state.pid == self.process.pid

    def stop(self) -> int:
        """Ctrl-C; gives the exit code of `nhip up`."""
        end(self.process, patience=STOP_SECONDS, how=signal.SIGINT)
        return self.process.returncode

    def kill(self) -> None:
        """Kill -9 of `nhip up` itself."""
        self.process.kill()
        self.process.wait()

    def kill_service(self, name: str) -> int:
        """Kill -9 of a service, or of `Kafka` or `PostgreSQL`; gives the pid that it had."""
        pid = self.state().pids[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def await_restart(self, name: str, former: int) -> None:
        """Wait until a program runs with another pid than the former."""
        until(lambda: self.state().pids[name] != former, self.said)

    def nhip(
        self, *args: str, timeout: float = 300, check: bool = True, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of `nhip` against this stack; `check` fails the test where it fails."""
        done = subprocess.run(
            [*NHIP, *args], check=False, capture_output=True, text=True, timeout=timeout, env=self.env | settings
        )
        assert not check or done.returncode == 0, (
            f"nhip {' '.join(args)}: {done.returncode}\n{done.stdout}{done.stderr}"
        )
        return done

    def key(self, system: str, unit: str, *, read: bool = False, close: bool = False) -> str:
        """Make a key, as everybody makes one."""
        rights = [*(["--read"] if read else []), *(["--close"] if close else [])]
        return self.nhip("keys", "create", "--system", system, "--unit", unit, *rights).stdout.split()[-1]
