"""One partition on this worker: its state, its writer and the task that clocks itself."""

import asyncio
import time
from collections.abc import Sequence
from enum import Enum
from typing import Any

from aiokafka import TopicPartition

from services.scorer.engine.broker import Broker
from services.scorer.engine.inbox import Inbox
from services.scorer.engine.job import Changes, Fold, Job, Send
from services.scorer.engine.observer import Observer
from services.scorer.engine.pace import Pace
from services.scorer.engine.producer import PartitionProducer, Rows
from services.scorer.engine.settings import EngineSettings
from services.scorer.engine.store import load
from services.scorer.engine.table import BulkTable

__all__ = ["Partition", "Phase"]


class Phase(Enum):
    """Where a partition stands."""

    LOADING = "its state is being read"
    READY = "it waits for a wake-up"
    RUNNING = "its task runs"


class Partition:
    """Everything of one partition number, over all topics. Its life: `load`, then `run` as often as it is kept."""

    def __init__(
        self,
        number: int,
        *,
        job: Job,
        tables: Sequence[BulkTable],
        broker: Broker,
        settings: EngineSettings,
        observer: Observer,
    ) -> None:
        self.number = number
        self.phase = Phase.LOADING
        self.progress = 0
        """Grows with what is loaded, read or made anew, and committed of it; the watchdog looks at it. The progress rows of an idle
        partition do not count: they would hide that nothing is fetched any more."""
        self.inbox = Inbox({})
        self._job = job
        self._tables = {table.spec.name: table for table in tables}
        self._broker = broker
        self._settings = settings
        self._observer = observer
        self._producer = PartitionProducer(number, settings, broker)
        self._fold: Fold
        self._pace: Pace
        self._committed: dict[str, int] = {}
        self._dirty: dict[str, dict[bytes, Any]] = {}
        self._sends: list[Send] = []
        self._ends: dict[str, int] = {}
        self._folded_at = 0.0
        self._oldest: int | None = None
        self._uncommitted = False
        self._more = False
        self._again = False
        self._ticked = False
        self._stopping = False

    @property
    def waiting_since(self) -> float | None:
        """When the oldest event that is here and not committed arrived in Kafka, seconds since 1970; None where there is none."""
        oldest = self.inbox.oldest if self._oldest is None else self._oldest
        return None if oldest is None else oldest / 1_000

    async def load(self) -> None:
        """Become the only writer, then read the state and how far it reaches: in this order."""
        began = time.monotonic()
        changelogs = [table.changelog_topic_name for table in self._tables.values()]
        await self._producer.start(changelogs, self._job.topics)
        self._moved()
        stores = [(table.changelog_topic_name, table.spec, table.data) for table in self._tables.values()]
        records = await load(stores, self.number, self._settings, self._moved)
        ends = await self._broker.ends(TopicPartition(topic, self.number) for topic in self._job.topics)
        self._ends = {tp.topic: end for tp, end in ends.items()}
        views = {name: table.view(self.number) for name, table in self._tables.items()}
        self._fold = self._job.open(self.number, views)
        self._committed = await self._positions()
        self.inbox = Inbox(self._committed)
        self._pace = Pace(self._settings, time.monotonic())
        self.phase = Phase.READY
        self._observer.loaded(self.number, records, time.monotonic() - began)

    async def run(self) -> None:
        """Fold what comes and commit, until `stop`; then all that was folded is committed."""
        while not self._stopping:
            await self._step()
        if self._uncommitted:
            await self._commit()
        self.inbox.forget()

    def resume(self) -> None:
        """Forget an earlier `stop`. Called when the task is made, not when it first runs: a stop in between has to hold."""
        self._stopping = False
        self._folded_at = time.monotonic()

    def stop(self) -> None:
        """Ask `run` to end after the piece of work at hand."""
        self._stopping = True
        self.inbox.wake()

    async def close(self) -> None:
        """Forget the state; the partition belongs to another worker or has to be read anew."""
        for table in self._tables.values():
            table.data.drop(self.number)
        await self._producer.stop()

    async def _positions(self) -> dict[str, int]:
        """The next offset to read, by topic: as the state says, which is of one log with it; else as the group has it."""
        reached = self._fold.reached
        unknown = [topic for topic in self._job.topics if topic not in reached]
        elsewhere = await self._broker.positions(unknown, self.number)
        return elsewhere | {topic: reached[topic] for topic in self._job.topics if topic in reached}

    async def _step(self) -> None:
        """One turn: fold a batch or do a piece of the job's own work; commit if due; rest if there is nothing."""
        self._look_whether_caught_up()
        if self._is_turn_of_tick():
            changes = self._fold.tick()
            self._take(changes)
            self._again = changes is not None and changes.again
            self._ticked = True
        elif self.inbox.size:
            began = time.monotonic()
            waited = began - self.inbox.waits_since
            records = self.inbox.take(self._settings.max_batch)
            self._oldest = self._oldest or records[0].timestamp
            self._take(self._fold.fold(records))
            self._ticked = False
            self._folded_at = time.monotonic()
            self._moved()
            self._observer.batch(self.number, len(records), self._folded_at - began, waited)
        backlog = self._more or self.inbox.size > 0
        now = time.monotonic()
        if self._uncommitted and self._pace.commit_due(now, backlog=backlog):
            await self._commit()
        elif backlog or self._again:
            await asyncio.sleep(0)
        else:
            await self.inbox.wait(self._pace.rest(now, uncommitted=self._uncommitted))

    def _look_whether_caught_up(self) -> None:
        """Tell the job once all is folded that lay in Kafka at the start."""
        if not self._ends or self.inbox.size:
            return
        quiet = time.monotonic() - self._folded_at > self._settings.catch_up_wait
        if quiet or all(self.inbox.offsets[topic] >= end for topic, end in self._ends.items()):
            self._ends = {}
            self._fold.caught_up()

    def _is_turn_of_tick(self) -> bool:
        """Ticks go first, but not twice while records wait, unless no batch may come in between."""
        if self._more:
            return True
        if self._ticked and self.inbox.size:
            return False
        return self._again or self._pace.tick_due(time.monotonic())

    def _take(self, changes: Changes | None) -> None:
        """Put a step's changes into memory and keep them for the transaction."""
        self._more = changes is not None and changes.more
        if changes is None:
            return
        if changes.more:
            self._moved()
        self._uncommitted = True
        for name, rows in changes.tables.items():
            self._tables[name].update_many(self.number, rows)
            if dirty := self._dirty.get(name):
                dirty.update(rows)
            else:
                self._dirty[name] = rows
        self._sends += changes.sends

    async def _commit(self) -> None:
        """Write what has changed since the last commit, each key once, and the offsets, in one transaction."""
        began = time.monotonic()
        self._pace.committing(began)
        offsets = dict(self.inbox.offsets)
        rows: list[tuple[str, Rows]] = list(self._rows(self._dirty))
        sends = self._sends
        last = self._fold.progress(offsets)
        if last is not None:
            for name, changed in last.tables.items():
                self._tables[name].update_many(self.number, changed)
            rows += self._rows(last.tables)
            sends = sends + last.sends
        if rows or sends or offsets != self._committed:
            count = await self._producer.transact(rows, sends, offsets, self._written)
            self._observer.committed(self.number, offsets, count, time.monotonic() - began)
        if offsets != self._committed:
            self._moved()
        self._committed = offsets
        self._dirty = {}
        self._sends = []
        self._oldest = None
        self._uncommitted = False

    def _rows(self, changes: dict[str, dict[bytes, Any]]) -> list[tuple[str, Rows]]:
        return [
            (self._tables[name].changelog_topic_name, self._tables[name].rows(changed))
            for name, changed in changes.items()
            if changed
        ]

    def _written(self, records: int) -> None:
        self._observer.written(self.number, records)

    def _moved(self, by: int = 1) -> None:
        self.progress += by
        self._observer.moved(self.number)
