"""Reads the changelog of the cube, from its beginning and for ever, in a thread of its own: requests are answered meanwhile."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from schemas.moments import SECOND
from schemas.topics import INDICATOR_DAYS_CHANGELOG
from services.api.cube.cube import Cube
from services.common.clock import Clock
from services.common.metrics import API_APPLY_SECONDS, API_BATCHES, API_EVENT_AGE_SECONDS, API_RECONNECTS, API_ROWS
from services.common.transactions import Transactions

__all__ = ["Follower"]

_log = logging.getLogger(__name__)

_POLL_MS: Final = 500
_RETRY_SECONDS: Final = 1.0
_SILENCE_SECONDS: Final = 10.0
"""Every partition writes a progress row a second, so a consumer that hears nothing for so long is replaced: they can stall silently."""
_FETCH_BYTES: Final = 4 << 20
_STOP_SECONDS: Final = 3.0


class TopicMadeAnew(Exception):
    """The changelog is not the one that was read before: only a fresh start helps."""


class Follower:
    """Keeps a cube up to date. A broker that is away changes nothing; it goes on where it stopped.

    Args:
        bootstrap: address of Kafka.
        cube: what to fill; nobody else writes to it.
        clock: by which the age of events is told; None: it is not, because the clock is fixed.
        on_failure: called, in the thread, when it cannot go on (what it read cannot be understood): the cube would be wrong from there.
    """

    def __init__(self, bootstrap: str, cube: Cube, clock: Clock | None, on_failure: Callable[[], None]) -> None:
        self._bootstrap = bootstrap
        self._cube = cube
        self._clock = clock
        self._on_failure = on_failure
        self._partitions: dict[int, Transactions] = {}
        self._ends: dict[int, int] = {}
        self._behind: set[int] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="cube-follower", daemon=True)
        self._stop = asyncio.Event()

    def start(self) -> None:
        """Begin, without waiting for Kafka."""
        self._thread.start()

    def stop(self) -> None:
        """Stop reading; the cube stays as it is."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_STOP_SECONDS)  # with the broker away it may hang in a request; it ends with the process

    @property
    def partitions(self) -> Sequence[int]:
        """The partitions of the changelog; none before it was found."""
        return sorted(self._partitions)

    def missing(self) -> dict[str, str]:
        """What keeps the cube from being shown, by part; empty once it is whole and as new as the topic was at the start."""
        if not self._partitions:
            return {"kafka": f"the topic {INDICATOR_DAYS_CHANGELOG} has not been found yet"}
        missing = {}
        if self._behind:
            missing["cube"] = f"partitions not read yet to the end that was there at the start: {_listed(self._behind)}"
        without = self._partitions.keys() - self._cube.positions().keys() - self._behind
        anew = {partition for partition in without if self._partitions[partition].rebuilding}
        if anew:
            missing["rebuild"] = f"partitions that a scorer is making anew: {_listed(anew)}"
        if without - anew:
            missing["progress"] = f"partitions of which no scorer has said how far it is: {_listed(without - anew)}"
        return missing

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._follow())
        except Exception:  # noqa: BLE001 - whatever it is: readers must not go on with a cube that stands still
            _log.exception("the cube cannot be kept up to date")
            self._on_failure()
        # The loop is not closed: nobody uses it any more, and `stop` may come at any time.

    async def _follow(self) -> None:
        told = ""
        while not self._stop.is_set():
            try:
                await self._read()
            except (KafkaError, OSError, asyncio.CancelledError) as error:
                # When a broker goes away, aiokafka cancels requests of its own and lets that out: nobody cancels this task.
                if told != repr(error):  # once, not every second
                    told = repr(error)
                    _log.warning("cannot read %s, trying again: %s", INDICATOR_DAYS_CHANGELOG, told)
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                told = ""
            API_RECONNECTS.inc()

    async def _read(self) -> None:
        """Read until Kafka fails or falls silent."""
        consumer: Any = AIOKafkaConsumer(
            INDICATOR_DAYS_CHANGELOG,
            bootstrap_servers=self._bootstrap,
            client_id="nhip-api",
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            max_partition_fetch_bytes=_FETCH_BYTES,
        )
        try:
            await consumer.start()
            await self._begin(consumer)
            heard = time.monotonic()
            while time.monotonic() - heard < _SILENCE_SECONDS and not self._stop.is_set():
                for place, records in (await consumer.getmany(timeout_ms=_POLL_MS)).items():
                    heard = time.monotonic()
                    self._take(place.partition, records)
                for partition in list(self._behind):
                    if await consumer.position(_place(partition)) >= self._ends[partition]:
                        self._behind.discard(partition)
                        self._apply(partition)  # was there at the start: its age says nothing of the way here
                        _log.info("partition %d of the cube is loaded", partition)
        finally:
            await consumer.stop()

    async def _begin(self, consumer: Any) -> None:
        """Go on where each partition was left; the first time, note the ends that have to be reached."""
        places = sorted(consumer.assignment())
        if not places:
            raise UnknownTopicOrPartitionError(INDICATOR_DAYS_CHANGELOG)
        ends = {place.partition: end for place, end in (await consumer.end_offsets(places)).items()}
        if not self._partitions:
            self._ends = ends
            self._behind = set(ends)
            self._partitions = {partition: Transactions() for partition in ends}
            _log.info("loading the cube: up to %d records in %d partitions", sum(ends.values()), len(places))
        for place in places:
            position = self._partitions[place.partition].position
            if position > ends[place.partition]:
                raise TopicMadeAnew(f"partition {place.partition} ends before what has been read of it")
            if position:
                consumer.seek(place, position)

    def _take(self, partition: int, records: list[Any]) -> None:
        transactions = self._partitions[partition]
        for record in records:
            transactions.take(record.offset, record.key, record.value)
        if partition not in self._behind:
            self._tell_ages(self._apply(partition))

    def _apply(self, partition: int) -> Sequence[int]:
        """Put whole transactions into the cube; when the oldest event of each came to Kafka."""
        batch = self._partitions[partition].batch()
        if batch is None:
            return ()
        began = time.perf_counter()
        self._cube.apply(partition, batch.rows, batch.progress, batch.position)
        API_APPLY_SECONDS.observe(time.perf_counter() - began)
        API_ROWS.inc(len(batch.rows))
        API_BATCHES.inc()
        return batch.arrived

    def _tell_ages(self, arrived: Sequence[int]) -> None:
        if self._clock is not None:
            now = self._clock.now_us()
            for moment in arrived:
                API_EVENT_AGE_SECONDS.observe(max(now - moment, 0) / SECOND)


def _place(partition: int) -> TopicPartition:
    return TopicPartition(INDICATOR_DAYS_CHANGELOG, partition)


def _listed(partitions: set[int]) -> str:
    return ", ".join(str(partition) for partition in sorted(partitions))
