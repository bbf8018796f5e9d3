"""What the embedded servers have in common: a child process with its data in a directory and a port on loopback."""

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from deploy.local.leftovers import end_leftover, read_pid
from deploy.local.process import StackError, end, free_port, port_is_free, spawn, tail

__all__ = ["Server"]

START_SECONDS = 120
POLL_SECONDS = 0.02
PID_FILE = "server.pid"


class Server(ABC):
    """One server. Start, stop and kill it as often as needed: data and port stay."""

    NAME: ClassVar[str]
    """What a person calls it."""
    CLEAN_END: ClassVar[signal.Signals]
    """The signal on which it ends cleanly; it also gets it when its parent dies."""
    PATIENCE_SECONDS: ClassVar[float] = 30
    """How long a clean end may take."""

    def __init__(self, home: Path, port: int | None = None) -> None:
        """Nothing runs yet. Without `port` a free one is taken."""
        self.home = home.absolute()
        self.port = port or free_port()
        self.log = self.home / f"{self.NAME.lower()}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._give_up_at = 0.0

    @property
    def pid(self) -> int:
        """The server's process. Raises StackError when it was not started."""
        return self._running().pid

    @property
    def alive(self) -> bool:
        """Whether the server's process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and return once it answers. Call it from the main thread (see `process.spawn`).

        Raises:
            StackError: the port is taken, or the server ended or did not answer within START_SECONDS.
        """
        self.launch()
        while not self.is_ready():
            time.sleep(POLL_SECONDS)

    def launch(self) -> None:
        """The first half of `start`: the process runs, but may not answer yet."""
        if self.alive:
            raise StackError(f"{self.NAME} of {self.home} runs already")
        self.end_leftover()
        if not port_is_free(self.port):
            raise StackError(f"Port {self.port} ({self.NAME}) is in use by another program")
        self.home.mkdir(parents=True, exist_ok=True)
        command = self._prepare()
        with self.log.open("ab") as log:
            self._process = spawn(command, output=log, death_signal=self.CLEAN_END)
        (self.home / PID_FILE).write_text(f"{self._process.pid}\n")
        self._give_up_at = time.monotonic() + START_SECONDS

    def end_leftover(self) -> None:
        """End the process that a crashed parent left running on this data, if there is one."""
        end_leftover(read_pid(self.home / PID_FILE), self._mark)

    def is_ready(self) -> bool:
        """Whether a launched server answers.

        Raises:
            StackError: it ended, or has taken longer than START_SECONDS.
        """
        if not self.alive:
            raise StackError(f"{self.NAME} ended while starting; see {self.log}\n{tail(self.log)}")
        if self._answers():
            return True
        if time.monotonic() > self._give_up_at:
            raise StackError(f"{self.NAME} did not answer within {START_SECONDS} s; see {self.log}")
        return False

    def stop(self) -> None:
        """End cleanly, data flushed and closed; kill it where that takes longer than PATIENCE_SECONDS."""
        if self._process is not None:
            end(self._process, patience=self.PATIENCE_SECONDS, how=self.CLEAN_END)

    def kill(self) -> None:
        """End at once (kill -9), for tests: nothing is flushed or closed."""
        self._running().send_signal(signal.SIGKILL)
        self._running().wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise StackError(f"{self.NAME} was not started")
        return self._process

    @property
    @abstractmethod
    def _mark(self) -> str:
        """The argument of the command line by which a server of this home is known in a list of processes."""

    @abstractmethod
    def _prepare(self) -> list[str]:
        """Make what the data need, the first time, and give the command line."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether clients are served."""
