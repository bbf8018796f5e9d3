"""`python -m deploy.demo`: keeps the demo province of the running stack alive until it is asked to end."""

import asyncio
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

import httpx

from deploy.cli.reach import Running, reach
from deploy.demo.memory import Memory, forget, recall, remember
from deploy.demo.office import UNITS, offices
from deploy.demo.stream import Stream
from deploy.replay.outcome import Outcome
from deploy.replay.sending import KeyRefused, Sender
from services.common.settings import CommonSettings

NOTICE = "Dữ liệu mô phỏng · The data are simulated: no dossier, no person, no score of this demo is real."
MEMORY = "demo.json"
PATIENCE_SECONDS = 3600.0
"""Services of the stack may be restarted, killed or debugged meanwhile."""


def main() -> int:
    """Load the units, make a key, send; 0 when asked to end, 2 where the demo cannot run."""
    settings = CommonSettings()
    if settings.now is not None:
        say("the demo lives by the wall clock; unset NHIP_NOW")
        return 2
    running = reach()
    say(NOTICE)
    path = settings.home / MEMORY
    load_units(running)
    while True:
        memory = recall(path) or new_memory()
        remember(path, memory)
        try:
            with contextlib.suppress(asyncio.CancelledError):
                asyncio.run(live(running, memory, lambda kept: remember(path, kept)))
        except KeyRefused:  # revoked, or the stack was started with --fresh
            forget(path)
        else:
            return 0


def new_memory() -> Memory:
    """A first start, with a key of the province."""
    return Memory(key=new_key(), since=time.time(), sent=0.0, alive=time.time())


def load_units(running: Running) -> None:
    """Load the demo's units, unless they are there."""
    with httpx.Client(base_url=running.api, timeout=10, trust_env=False) as http:
        answers = [http.get(f"/v1/units/{office.unit}").status_code for office in offices()]
    if any(answer != httpx.codes.OK for answer in answers):
        nhip("units", "load", str(UNITS))


def new_key() -> str:
    """A key, made the way in which everybody makes one."""
    return nhip("keys", "create", "--system", "demo", "--unit", "H01").split()[-1]


def nhip(*arguments: str) -> str:
    """What a command of `nhip` prints; what it tells a person is shown only where it fails."""
    done = subprocess.run([sys.executable, "-m", "deploy.cli", *arguments], check=False, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stderr)
    done.check_returncode()
    return done.stdout


async def live(running: Running, memory: Memory, keep: Callable[[Memory], None]) -> None:
    """Send until this process is asked to end."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  inside a coroutine there is one
    for asked in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(asked, task.cancel)
    outcome = Outcome(lambda rejection: say(f"rejected: {rejection.code} {rejection.detail}"))
    stream = Stream(memory, ZoneInfo(running.timezone), keep)
    await Sender(running.ingest, memory.key, outcome, PATIENCE_SECONDS).send_all(stream.batches())


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
