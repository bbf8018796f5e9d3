"""A small supervisor: worker processes that are started again when they end. `NHIP_CHAOS_SEED=n` repeats a run."""

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.process import spawn

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0

SEED = int(os.environ.get("NHIP_CHAOS_SEED") or random.SystemRandom().randrange(10**6))


async def until(what: str, condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    try:
        async with asyncio.timeout(patience):
            while not condition():
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"waited {patience:.0f} s in vain: {what}") from None


@dataclass(frozen=True)
class Life:
    """One process of a worker, also after the supervisor has started the next one."""

    process: subprocess.Popen[bytes]
    log: Path
    born_at: int

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def said(self, what: str) -> bool:
        """Whether a line since its birth holds `what`."""
        with self.log.open("rb") as log:
            log.seek(self.born_at)
            return what in log.read().decode(errors="replace")


class Worker:
    """One slot: a process and its log, which goes on over restarts."""

    def __init__(self, name: str, log: Path, arguments: list[str], module: str = "tests.chaos.worker") -> None:
        self.name = name
        self.codes: list[int] = []
        self._log = log
        self._arguments = [sys.executable, "-u", "-m", module, *arguments]
        self._process: subprocess.Popen[bytes] | None = None
        self._born_at = 0
        self._leaving = False

    def start(self) -> None:
        self._leaving = False
        with self._log.open("ab") as output:
            output.write(b"\n=== a new life\n")
            output.flush()
            self._born_at = self._log.stat().st_size
            self._process = spawn(self._arguments, output=output, cwd=ROOT)

    @property
    def life(self) -> Life:
        """The present process: what happens to it can be asked even when it has a successor already."""
        return Life(self.process, self._log, self._born_at)

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def revive(self) -> None:
        """Start again what has ended, and remember how."""
        if self._process is not None and self._process.poll() is not None and not self._leaving:
            self.codes.append(self._process.returncode)
            self.start()

    async def leave(self) -> int:
        """Ask it to end, and wait; returns the code, negative for a signal. It is not revived."""
        self._leaving = True
        self.process.terminate()
        await until(f"{self.name} ends", lambda: not self.alive)
        self.codes.append(self.process.returncode)
        return self.codes[-1]

    def said(self) -> list[str]:
        """The lines of this life."""
        with self._log.open("rb") as log:
            log.seek(self._born_at)
            return log.read().decode(errors="replace").splitlines()

    @property
    def ready(self) -> bool:
        return self.alive and next((s for s in reversed(self.said()) if s in {"READY", "NOT READY"}), "") == "READY"

    @property
    def partitions(self) -> set[int]:
        last = next((s for s in reversed(self.said()) if s.startswith("ASSIGNED")), "ASSIGNED")
        return {int(word) for word in last.split()[1:]}


@asynccontextmanager
async def kept_alive(workers: list[Worker], guest: Worker) -> AsyncIterator[None]:
    """Start the workers, and again whenever they end; at the end none is left, nor the guest, whom others start."""
    for worker in workers:
        worker.start()
    supervisor = asyncio.create_task(_revive(workers))
    try:
        yield
    finally:
        supervisor.cancel()
        for worker in [*workers, guest]:
            if worker.alive:
                worker.process.kill()
                worker.process.wait()


async def _revive(workers: list[Worker]) -> None:
    while True:
        for worker in workers:
            worker.revive()
        await asyncio.sleep(0.3)
