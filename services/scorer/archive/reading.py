"""One uninterrupted reading of Kafka into PostgreSQL: records become batches, and where it stands is known at any moment."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, Final, Self

from aiokafka import TopicPartition

from schemas.topics import DOSSIER_EVENTS, DOSSIERS_CHANGELOG, INDICATOR_DAYS_CHANGELOG
from services.common.metrics import (
    ARCHIVE_AS_OF_TIMESTAMP,
    ARCHIVE_BATCHES,
    ARCHIVE_LAG_RECORDS,
    ARCHIVE_READ_RECORDS,
    ARCHIVE_WRITE_SECONDS,
    ARCHIVE_WRITTEN_ROWS,
)
from services.common.persistent import ReadingError
from services.common.transactions import Transactions
from services.scorer.agents.partition import Making
from services.scorer.archive.records import day_rows, dossier_rows, event_row, moment
from services.scorer.archive.tables import Batch, Place, Tables

__all__ = ["TOPICS", "Reading"]

_log = logging.getLogger(__name__)

_PARTS: Final = {DOSSIERS_CHANGELOG: "dossiers", DOSSIER_EVENTS: "events", INDICATOR_DAYS_CHANGELOG: "days"}
TOPICS: Final = tuple(_PARTS)
"""What is archived."""

_POLL_MS: Final = 200
_MOST_RECORDS: Final = 1_000
"""Of one batch: a tenth of a second's work, so that health is answered meanwhile."""
_SILENCE_SECONDS: Final = 15.0
"""A consumer that hears nothing for so long, although there is something to hear, is replaced: they can stall silently."""


class Reading:
    """All partitions of `TOPICS`, from where PostgreSQL says that they were left."""

    def __init__(
        self,
        consumer: Any,
        tables: Tables,
        making: Callable[[], Making],
        now: Callable[[], int],
        places: dict[TopicPartition, Place],
    ) -> None:
        self.reached_at = 0.0
        """When the end was asked for that was reached last, on the monotonic clock."""
        self._consumer = consumer
        self._tables = tables
        self._making = making
        self._now = now
        self._places = places
        self._moved: set[TopicPartition] = set()
        self._transactions = {
            place.partition: Transactions() for place in places if _is(place, INDICATOR_DAYS_CHANGELOG)
        }
        self._asked_at = 0.0
        self._ends: dict[TopicPartition, int] = {}
        self._clocks: dict[int, Any] = {}
        self._heard = time.monotonic()
        self._settled = False

    @classmethod
    async def begin(cls, consumer: Any, tables: Tables, making: Callable[[], Making], now: Callable[[], int]) -> Self:
        """Go on where each partition was left.

        Raises:
            ReadingError: a topic ends before what has been archived of it: it is not the one that was read.
        """
        await tables.doubt(INDICATOR_DAYS_CHANGELOG)
        known = await tables.places()
        fresh = Place(made_by=making().made_by)
        places = {place: known.get(place, fresh) for place in sorted(consumer.assignment())}
        ends = await consumer.end_offsets(list(places))
        for where, place in places.items():
            if place.next_offset > ends[where]:
                raise ReadingError(
                    f"{where.topic}/{where.partition} ends at {ends[where]}, archived is up to {place.next_offset}: "
                    "docs/archive.md says how to begin anew"
                )
            consumer.seek(where, place.next_offset)
        return cls(consumer, tables, making, now, places)

    async def turn(self) -> bool:
        """Read what is there, and write it; returns whether there may be more at once."""
        making = self._making()
        self._derive_anew(making.made_by)
        batch = Batch()
        count = 0
        for where, records in (await self._consumer.getmany(timeout_ms=_POLL_MS, max_records=_MOST_RECORDS)).items():
            count += len(records)
            ARCHIVE_READ_RECORDS.labels(_PARTS[where.topic]).inc(len(records))
            if _is(where, DOSSIERS_CHANGELOG):
                self._take_dossiers(where, records, making, batch)
            elif _is(where, DOSSIER_EVENTS):
                self._take_events(where, records, batch)
            else:
                self._take_days(where, records, batch)
        await self._write(batch)
        if count:
            self._heard = time.monotonic()
        await self._reach()
        return count >= _MOST_RECORDS

    async def look(self) -> None:
        """See that PostgreSQL is there, and where the topics end; if the end that was seen before has been reached, go for this one."""
        await self._tables.check()
        ends = await self._consumer.end_offsets(list(self._places))
        lags = dict.fromkeys(_PARTS.values(), 0)
        for where, end in ends.items():
            lags[_PARTS[where.topic]] += max(0, end - await self._consumer.position(where))
        for part, lag in lags.items():
            ARCHIVE_LAG_RECORDS.labels(part).set(lag)
        if any(lags.values()) and time.monotonic() - self._heard > _SILENCE_SECONDS:
            raise ReadingError(f"nothing came for {_SILENCE_SECONDS:g} s, although there is something")
        if not self._ends:
            self._asked_at, self._ends = time.monotonic(), ends
            self._clocks = {
                where.partition: place.as_of
                for where, place in self._places.items()
                if _is(where, INDICATOR_DAYS_CHANGELOG)
            }

    async def _reach(self) -> None:
        """If all that had been there when the ends were asked for is written: as of the clock that had been applied by then."""
        if not self._ends or any(transactions.rebuilding for transactions in self._transactions.values()):
            return
        for where, end in self._ends.items():
            if await self._consumer.position(where) < end:
                return
        if not self._settled:
            await self._tables.settle()
            self._settled = True
        for where, place in self._places.items():
            clock = self._clocks[where.partition]
            if not _is(where, INDICATOR_DAYS_CHANGELOG) and clock != place.as_of:
                self._move(where, place._replace(as_of=clock))
        if clocks := [clock for clock in self._clocks.values() if clock is not None]:
            ARCHIVE_AS_OF_TIMESTAMP.set(min(clocks).timestamp())
        self.reached_at, self._ends = self._asked_at, {}

    def _derive_anew(self, made_by: str) -> None:
        """Read those dossiers again that were derived by something else than what the scorer has made its rows by, and we make ours by."""
        for where, place in self._places.items():
            days = self._places[TopicPartition(INDICATOR_DAYS_CHANGELOG, where.partition)]
            if not _is(where, DOSSIERS_CHANGELOG) or place.made_by == made_by or days.made_by != made_by:
                continue
            _log.info("deriving the dossiers of partition %d anew: what they are made by has changed", where.partition)
            self._consumer.seek(where, 0)
            self._move(where, place._replace(next_offset=0, made_by=made_by))

    def _take_dossiers(self, where: TopicPartition, records: list[Any], making: Making, batch: Batch) -> None:
        for record in {record.key: record for record in records if record.value is not None}.values():
            row, findings = dossier_rows(record, self._now(), making.setting)
            batch.dossiers.append(row)
            batch.findings += findings
        place = self._places[where]
        made_by = making.made_by if place.made_by == making.made_by else ""
        self._move(where, place._replace(next_offset=records[-1].offset + 1, made_by=made_by))

    def _take_events(self, where: TopicPartition, records: Iterable[Any], batch: Batch) -> None:
        for record in records:
            row = event_row(record)
            if row is not None:
                batch.events.append(row)
            self._move(where, self._places[where]._replace(next_offset=record.offset + 1))

    def _take_days(self, where: TopicPartition, records: Iterable[Any], batch: Batch) -> None:
        transactions = self._transactions[where.partition]
        for record in records:
            transactions.take(record.offset, record.key, record.value)
        whole = transactions.batch()
        if whole is not None:
            batch.days += day_rows(whole.rows, where.partition, whole.position)
            self._move(where, Place(whole.position, whole.progress.made_by, moment(whole.progress.clock)))

    def _move(self, where: TopicPartition, place: Place) -> None:
        self._places[where] = place
        self._moved.add(where)

    async def _write(self, batch: Batch) -> None:
        if not self._moved:
            return
        batch.places = {where: self._places[where] for where in self._moved}
        began = time.perf_counter()
        ARCHIVE_WRITTEN_ROWS.inc(await self._tables.write(batch))
        ARCHIVE_WRITE_SECONDS.observe(time.perf_counter() - began)
        ARCHIVE_BATCHES.inc()
        self._moved.clear()


def _is(where: TopicPartition, topic: str) -> bool:
    return bool(where.topic == topic)
