"""Services as child processes: started, watched, started again with back-off when they die, ended in order."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from deploy.local.logs import Output, pump
from deploy.local.process import StackError, spawn, tail

__all__ = ["BackOff", "Program", "Supervised"]


@dataclass(frozen=True, kw_only=True)
class BackOff:
    """How long to wait before a program is started again, in seconds."""

    first: float = 0.5
    most: float = 30.0
    healthy_after: float = 60.0
    """Having run for so long, a program that dies counts as having died for the first time."""

    def delay(self, deaths: int) -> float:
        """The pause after so many deaths in a row: doubling, up to the most."""
        return min(self.first * 2.0 ** (deaths - 1), self.most)


@dataclass(frozen=True, kw_only=True)
class Program:
    """One service: a Python module, run as a process of its own."""

    name: str
    module: str
    env: Mapping[str, str] = field(default_factory=dict)
    """Settings of this service beyond the environment."""
    patience: float = 20.0
    """Seconds for a clean end before it is killed."""
    needed: bool = True
    """Whether the stack cannot start without it."""
    arguments: Sequence[str] = ()


class Supervised:
    """One program under supervision."""

    GIVE_UP_AFTER = 3
    """A program that dies so often before it was ever ready will not do better the next time."""

    def __init__(
        self,
        program: Program,
        output: Output,
        back_off: BackOff | None = None,
        on_start: Callable[[str, int], None] = lambda _name, _pid: None,
    ) -> None:
        """Nothing runs yet. `on_start` is told the name and the pid at every start."""
        self.program = program
        self.was_ready = False
        """Set by whoever asks the service; from then on it is started again for ever."""
        self._output = output
        self._back_off = back_off or BackOff()
        self._on_start = on_start
        self._process: subprocess.Popen[bytes] | None = None
        self._pump: asyncio.Task[None] | None = None
        self._deaths = 0
        self._ending = False

    async def run(self) -> None:
        """Keep the program running until `end`, or until it ends by itself with exit code 0 and is not needed.

        Raises:
            StackError: it died GIVE_UP_AFTER times before it was ready.
        """
        while not self._ending:
            started = time.monotonic()
            code = await self._run_once()
            if self._ending or (code == 0 and not self.program.needed):
                return
            self._deaths = 1 if time.monotonic() - started > self._back_off.healthy_after else self._deaths + 1
            self._give_up_or_say(code)
            await asyncio.sleep(self._back_off.delay(self._deaths))

    async def end(self) -> None:
        """End the program: SIGTERM, then after its patience SIGKILL. It is not started again."""
        self._ending = True
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(self.program.patience):
                await _ended(process)
                return
        self._output.say(f"{self.program.name} does not end, killing it", "yellow")
        process.kill()
        await _ended(process)

    def kill(self) -> None:
        """End it at once."""
        self._ending = True
        if self._process is not None and self._process.poll() is None:
            self._process.kill()

    async def _run_once(self) -> int:
        """Start the program and wait for its end; gives the exit code (negative: the signal)."""
        read_end, write_end = os.pipe()
        command = [sys.executable, "-u", "-m", self.program.module, *self.program.arguments]
        try:
            # The services are made to crash and recover; without their parent nobody would read what they say.
            self._process = spawn(command, output=write_end, env=self.program.env, death_signal=signal.SIGKILL)
        finally:
            os.close(write_end)
        self._pump = asyncio.create_task(pump(read_end, self.program.name, self._output))
        self._on_start(self.program.name, self._process.pid)
        code = await _ended(self._process)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._pump, 1)  # a grandchild may hold the pipe open
        return code

    def _give_up_or_say(self, code: int) -> None:
        name, reason = self.program.name, f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        if not self.was_ready and self.program.needed and self._deaths >= self.GIVE_UP_AFTER:
            log = self._output.log(name)
            raise StackError(
                f"{name} ended {self._deaths} times before it was ready ({reason}): {_cause(tail(log, 40))}"
            )
        pause = self._back_off.delay(self._deaths)
        self._output.say(f"{name} ended ({reason}); starting it again in {pause:g} s", "yellow")


def _cause(said: str) -> str:
    """The line that most likely says why: the last one that speaks of an error, else the last one."""
    lines = said.splitlines() or [""]
    return next((line for line in reversed(lines) if "error" in line.lower()), lines[-1]).strip()


async def _ended(process: subprocess.Popen[bytes]) -> int:
    """The exit code, once the process has ended: the kernel says so through a descriptor, nobody polls."""
    if (code := process.poll()) is not None:
        return code
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    descriptor = os.pidfd_open(process.pid)
    loop.add_reader(descriptor, over.set)
    try:
        await over.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
    return process.wait()
