"""Processes that bring what Kafka holds to somewhere else, keep their place in PostgreSQL, and of which one works at a time."""

import asyncio
import logging
import signal
from abc import ABC, abstractmethod
from typing import Final

import asyncpg
from aiokafka.errors import KafkaError
from prometheus_client import Gauge

from services.common.database import AWAY
from services.common.whole_topic import WholeTopic

__all__ = ["Persistent", "ReadingError", "run_until_stopped"]

_log = logging.getLogger(__name__)

_FIRST_RETRY_SECONDS: Final = 0.5
_LAST_RETRY_SECONDS: Final = 5.0
_POSTGRES_AWAY: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, *AWAY)


class ReadingError(Exception):
    """Reading cannot go on like this; the message says why."""


class Persistent(ABC):
    """Work for as long as Kafka and PostgreSQL are there; else waits, and begins again from what is kept.

    Args:
        name: what it is called in logs and in `missing`.
        postgres_away: is set to 1 while PostgreSQL keeps it from its work.
    """

    def __init__(self, name: str, postgres_away: Gauge) -> None:
        self._name = name
        self._postgres_away = postgres_away
        self._missing = {name: "it has not begun yet"}
        self._stopping = False
        self._works = False

    @abstractmethod
    async def _work(self) -> None:
        """Work until Kafka or PostgreSQL fails, and raise that; call `_found_postgres` and `_begun`. Return if another one works."""

    def missing(self) -> dict[str, str]:
        """What keeps it from working, by part; empty while it works, however far behind it may be."""
        return dict(self._missing)

    def stop(self) -> None:
        """Let the cancellation of `run` through."""
        self._stopping = True

    async def run(self) -> None:
        """Work until cancelled after `stop`. What one broken dependency undoes is done again when it is back."""
        pause = _FIRST_RETRY_SECONDS
        told = ""
        while True:
            self._works = False
            try:
                await self._work()
            except asyncio.CancelledError as error:
                if self._stopping:
                    raise
                part, why = "kafka", repr(error)  # aiokafka lets out cancellations of its own
            except (KafkaError, ReadingError) as error:
                part, why = "kafka", repr(error)
            except _POSTGRES_AWAY as error:
                part, why = "postgres", repr(error)
                self._postgres_away.set(1)
            else:
                part, why = "postgres", f"another {self._name} works"
            self._missing = {part: why}
            if self._works or why != told:
                _log.warning("%s keeps the %s from its work, trying again: %s", part, self._name, why)
            told = why
            pause = _FIRST_RETRY_SECONDS if self._works else min(pause * 2, _LAST_RETRY_SECONDS)
            await self._sleep(pause)

    def _found_postgres(self) -> None:
        """PostgreSQL has answered."""
        self._postgres_away.set(0)

    def _begun(self) -> None:
        """It works."""
        if not self._works:
            self._works, self._missing = True, {}
            _log.info("the %s works", self._name)

    async def _sleep(self, seconds: float) -> None:
        """Sleep; a late cancellation of aiokafka's is none of ours."""
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            if self._stopping:
                raise


async def run_until_stopped(work: Persistent, *first: WholeTopic) -> None:
    """Work until SIGTERM or SIGINT.

    Args:
        work: what is to be done.
        first: followed all the time; the work begins once these have been read.
    """
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    working = asyncio.create_task(_after(first, work))
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    work.stop()
    if not working.done():
        working.cancel()
        await asyncio.wait({working})
    for topic in first:
        await topic.stop()
    if not working.cancelled():
        working.result()  # raise what ended it: the supervisor starts it again


async def _after(first: tuple[WholeTopic, ...], work: Persistent) -> None:
    for topic in first:
        await topic.start()
    await work.run()
