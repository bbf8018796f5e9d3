"""`python -m deploy.demo`: keeps the demo province of the running stack alive until it is asked to end."""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from deploy.cli.reach import Running, reach
from deploy.demo.entry import load_units, new_key, until_door_knows
from deploy.demo.memory import Memory, recall, remember, with_another_key
from deploy.demo.stream import Stream
from deploy.demo.telling import told
from deploy.replay.outcome import Outcome
from deploy.replay.sending import KeyRefused, Sender
from services.common.settings import CommonSettings

NOTICE = "Dữ liệu mô phỏng · The data are simulated: no dossier, no person, no score of this demo is real."
SIGN_IN = "Xem hồ sơ mô phỏng · To see the simulated dossiers, sign in at {address} with the key {key}"
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
    memory = recall(path) or Memory(key=new_key(), since=time.time())
    while True:
        remember(path, memory)
        try:
            if until_door_knows(running, memory.key):
                if not memory.reader:
                    memory.reader = new_key("--read")
                    remember(path, memory)
                say(SIGN_IN.format(address=f"{running.api}/login", key=memory.reader))
                with contextlib.suppress(asyncio.CancelledError):
                    asyncio.run(live(running, memory, lambda kept: remember(path, kept)))
                return 0
        except KeyRefused:
            say("the key was revoked")
        memory = with_another_key(memory, new_key())


async def live(running: Running, memory: Memory, keep: Callable[[Memory], None]) -> None:
    """Send until this process is asked to end."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  inside a coroutine there is one
    for asked in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(asked, task.cancel)
    outcome = Outcome(lambda rejection: say(f"rejected: {rejection.code} {rejection.detail}"))
    zone = ZoneInfo(running.timezone)
    stream = Stream(memory, zone, keep, lambda: outcome.total)
    sender = Sender(running.ingest, memory.key, outcome, PATIENCE_SECONDS)
    await sender.send_all(told(stream, outcome, zone, say))


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
