"""A worker process of the chaos test: the sums of the integration tests, its life told line by line on stdout.

SIGUSR1 makes it kill itself (-9) in the middle of its next transaction.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from services.scorer.engine.engine import Engine
from services.scorer.engine.observer import Observer
from services.scorer.engine.settings import EngineSettings
from services.scorer.engine.worker import run_worker
from tests.integration.engine.sums import Sums

SESSION = 2.0


def settings(bootstrap: str, app_id: str) -> EngineSettings:
    """Everything as in production, but quicker to notice."""
    return EngineSettings(
        app_id=app_id,
        bootstrap=bootstrap,
        session_timeout=SESSION,
        heartbeat_interval=0.4,
        rebalance_timeout=8.0,
        request_timeout=10.0,
        stall_unready_after=10.0,
        stall_end_after=30.0,
    )


class Teller(Observer):
    def __init__(self) -> None:
        self.armed = False

    def assigned(self, partitions: Collection[int]) -> None:
        print("ASSIGNED", *partitions, flush=True)

    def loaded(self, partition: int, records: int, seconds: float) -> None:
        print(f"LOADED {partition}: {records} records in {seconds:.2f} s", flush=True)

    def written(self, partition: int, records: int) -> None:
        if self.armed and records > 1:
            print(f"KILLED INSIDE A TRANSACTION of partition {partition} with {records} records", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)


@asynccontextmanager
async def tell_readiness(engine: Engine) -> AsyncIterator[None]:
    async def tell() -> None:
        told = None
        while True:
            if engine.ready != told:
                told = engine.ready
                print("READY" if told else "NOT READY", flush=True)
            await asyncio.sleep(0.05)

    task = asyncio.create_task(tell())
    try:
        yield
    finally:
        task.cancel()


def main() -> None:
    bootstrap, app_id, topic = sys.argv[1:]
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    teller = Teller()
    signal.signal(signal.SIGUSR1, lambda *_: setattr(teller, "armed", True))
    engine = Engine(Sums(topic, idle=True), settings(bootstrap, app_id), teller)
    run_worker(engine, [tell_readiness(engine)])


if __name__ == "__main__":
    main()
