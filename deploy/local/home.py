"""NHIP_HOME: the directory of one embedded stack, who runs in it, and what is known of the running stack."""

import fcntl
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from deploy.local.process import StackError
from schemas.calendar import DEFAULT_HOURS

__all__ = ["Home", "State"]

_MARKER = "nhip-home"
_PROBE_SECONDS = 0.3


class State(msgspec.Struct, kw_only=True):
    """What other commands need to know of the running stack (`stack.json`, readable by its owner only)."""

    pid: int
    kafka_bootstrap: str
    database_url: str
    timezone: str
    now: str | None = None
    """NHIP_NOW of the stack; None: the wall clock."""
    working_hours: str = DEFAULT_HOURS.text
    unit_hours: str = ""
    working_days: str | None = None
    """NHIP_WORKING_DAYS of the stack: a file of days; None: the packaged ones alone."""
    ports: dict[str, int]
    """By service: ingest, scorer, api."""
    pids: dict[str, int] = {}
    ready: bool = False
    """Whether all services have been ready since this start."""


class Home:
    """The directory: `kafka/`, `postgres/`, `logs/`, `stack.json`, a marker that says what it is, a lock."""

    def __init__(self, path: Path) -> None:
        """Nothing is touched yet."""
        self.path = path.absolute()
        self.logs = self.path / "logs"
        self._state = self.path / "stack.json"
        self._lock_file = self.path / "stack.lock"
        self._lock: IO[str] | None = None

    def take(self) -> None:
        """Make the home ours until this process ends.

        Raises:
            StackError: another stack runs in it, or the directory holds something else.
        """
        if self.path.exists() and not self.path.is_dir():
            raise StackError(f"{self.path} is no directory")
        if self.path.is_dir() and any(self.path.iterdir()) and not (self.path / _MARKER).exists():
            raise StackError(f"{self.path} is not empty and no home of nhip; it stays untouched. Set NHIP_HOME")
        self.logs.mkdir(parents=True, exist_ok=True)
        (self.path / _MARKER).write_text("Data of an embedded stack of nhip. `nhip up --fresh` deletes all of it.\n")
        self._take_lock()

    def empty(self) -> None:
        """Delete all data. The home must have been taken."""
        for entry in self.path.iterdir():
            if entry.name in (_MARKER, self._lock_file.name):
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        self.logs.mkdir()

    def read(self) -> State | None:
        """What a stack wrote here, whether it still runs or not."""
        with suppress(OSError, msgspec.MsgspecError):
            return msgspec.json.decode(self._state.read_bytes(), type=State)
        return None

    def write(self, state: State) -> None:
        """Replace the state file; readers see the old one or the new one, whole."""
        new = self._state.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_bytes(msgspec.json.format(msgspec.json.encode(state), indent=2))
        new.replace(self._state)

    def forget(self) -> None:
        """Remove the state file: the stack was stopped cleanly."""
        self._state.unlink(missing_ok=True)

    def running(self) -> State | None:
        """The state of the stack that runs here now; None if none does (what a crashed one left does not count)."""
        try:
            with self._lock_file.open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return self.read()
        except OSError:
            return None
        return None

    def _take_lock(self) -> None:
        """The kernel frees the lock when its process ends, however it ends."""
        lock = self._lock_file.open("a+")
        deadline = time.monotonic() + _PROBE_SECONDS  # a command may be looking (`running`) in this moment
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    state = self.read()
                    who = f" (pid {state.pid}, http://127.0.0.1:{state.ports['api']}/)" if state else ""
                    raise StackError(f"A stack runs already in {self.path}{who}") from error
                time.sleep(0.02)
            else:
                self._lock = lock
                return
