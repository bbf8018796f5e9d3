"""Runs an engine as a process: signals, garbage collection, and services beside it on the same event loop."""

import asyncio
import gc
import logging
import signal
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from services.scorer.engine.engine import Engine

__all__ = ["run_worker", "serve"]

_COLLECT_EVERY = 10.0

_log = logging.getLogger(__name__)


def run_worker(engine: Engine, services: Sequence[AbstractAsyncContextManager[object]] = ()) -> None:
    """Run until SIGTERM or SIGINT, then end cleanly: commit, leave the group, stop the services.

    `services` are entered before the engine starts and left after it has stopped, on its event loop (a server for
    health and metrics, say). A failure of the engine ends the process at once (see `Engine`).
    """
    asyncio.run(_until_signal(engine, services))


async def serve(
    engine: Engine, stop: asyncio.Event, services: Sequence[AbstractAsyncContextManager[object]] = ()
) -> None:
    """Run the engine with its services until `stop` is set."""
    async with AsyncExitStack() as stack:
        for service in services:
            await stack.enter_async_context(service)
        await engine.start()
        try:
            await stop.wait()
        finally:
            await engine.stop()


async def _until_signal(engine: Engine, services: Sequence[AbstractAsyncContextManager[object]]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    collector = asyncio.create_task(_collect_young())
    try:
        await serve(engine, stop, services)
    finally:
        collector.cancel()
    _log.info("stopped")


async def _collect_young() -> None:
    """Collect cyclic garbage while it is young, and never walk the state.

    Python's own full collections walk millions of live records again and again, 15-20 % of the time under load.
    """
    gc.disable()
    gc.freeze()
    while True:
        await asyncio.sleep(_COLLECT_EVERY)
        gc.collect(1)
