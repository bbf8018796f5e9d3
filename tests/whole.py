"""The whole way of an event without Kafka: the door, what ingest derives, the scorer's partitions, the api's cube, the rule sets.

Everything but the broker is the product's own code; where topics would be, records pass from hand to hand.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from schemas.events import Door
from schemas.periods import Period
from schemas.rulesets import Scores, evaluate, load
from schemas.topics import REJECTED_EVENTS
from services.api.cube.cube import Cube
from services.api.cube.order import Orders
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.common.transactions import Transactions
from services.ingest.batch import check_all
from services.ingest.partitions import by_partition
from services.scorer.agents.job import ScoringJob
from services.scorer.agents.partition import INDICATOR_DAYS, Making
from services.scorer.domain.setting import Setting
from services.scorer.engine.job import Changes
from tests.oracle.said import Said


class Record(NamedTuple):
    """What a partition reads of Kafka; it arrives, whatever the clock, now."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    timestamp: int = 1 << 43


class Whole:
    """Ingest, a scorer with several partitions, and the api's cube.

    Args:
        setting: what the counts depend on.
        now: the clock of the scorer, microseconds.
        door: the clock at the door; absent, the same. A later one lets in what the scorer shall find lying ahead.
        partitions: how many.
    """

    def __init__(self, setting: Setting, now: int, *, door: int | None = None, partitions: int = 3) -> None:
        self.setting = setting
        self.now = now
        self.door = door
        self.cube = Cube()
        job = ScoringJob(lambda: Making(setting, "test"), lambda: self.now, 0)
        self._partitions = [_Partition(number, job, self.cube) for number in range(partitions)]
        self._orders = Orders(setting.tree)
        self.settle()

    def push(self, said: Iterable[Said]) -> None:
        """Send events, each with its key; none may be rejected."""
        records: dict[str, list[tuple[bytes, bytes]]] = {}
        for one in said:
            for topic, written in self._checked(one):
                records.setdefault(topic, []).extend(written)
        for topic, written in records.items():
            for number, batch in by_partition(written, len(self._partitions)).items():
                self._partitions[number].fold(topic, batch)

    def turn_to(self, now: int) -> None:
        """Turn the clock on, and let time pass."""
        self.now = now
        self.settle()

    def settle(self) -> None:
        """Let every partition tick until nothing more happens."""
        for partition in self._partitions:
            partition.settle()

    def scores(self, ruleset: str, period: Period, units: Sequence[str], *, pooled: bool = True) -> Scores:
        """What a rule set makes of units in a period, one row a unit."""
        with self.counts(period, units, pooled=pooled) as counts:
            return evaluate(load(ruleset), counts)

    @contextmanager
    def counts(self, period: Period, units: Sequence[str], *, pooled: bool = True) -> Iterator[PeriodCounts]:
        """The counts of units in a period, one row a unit."""
        order = self._orders.on(min(period.last, self.setting.zone.day(self.now)))
        with self.cube.reading() as reading:
            yield PeriodCounts(reading, Scope.of(order, list(units), pooled=pooled), period)

    @property
    def procedures(self) -> list[str]:
        """Procedures (and classes of petitions) by their numbers."""
        with self.cube.reading() as reading:
            return list(reading.items)

    def _checked(self, one: Said) -> Iterator[tuple[str, list[tuple[bytes, bytes]]]]:
        tree, zone = self.setting.tree, self.setting.zone
        now = self.now if self.door is None else self.door
        checked = check_all(
            [msgspec.json.encode(one.event)], Door(system=one.system, unit=one.unit, tree=tree, zone=zone, now=now)
        )
        assert checked.rejected == [], (one, checked.rejected)
        yield from checked.records.items()
        yield from checked.derived.items()


class _Partition:
    """One partition of the scorer with its tables, and the api's reading of it."""

    def __init__(self, number: int, job: ScoringJob, cube: Cube) -> None:
        self._number = number
        self._cube = cube
        self._tables: dict[str, dict[bytes, bytes]] = {spec.name: {} for spec in ScoringJob.tables}
        self._partition = job.open(number, self._tables)
        self._partition.caught_up()
        self._read: Counter[str] = Counter()
        self._changelog = Transactions()

    def fold(self, topic: str, batch: list[tuple[bytes, bytes]]) -> None:
        first = self._read[topic]
        self._read[topic] += len(batch)
        changes = self._partition.fold(
            [Record(topic, self._number, first + i, key, value) for i, (key, value) in enumerate(batch)]
        )
        assert all(send.topic != REJECTED_EVENTS for send in changes.sends), (
            "the scorer takes what ingest wrote for poison"
        )
        self._commit(changes)

    def settle(self) -> None:
        while (changes := self._partition.tick()) is not None:
            self._commit(changes)

    def _commit(self, changes: Changes) -> None:
        """A transaction, and what the api makes of it."""
        self._write(changes)
        self._write(self._partition.progress(self._read))  # it looks at what has been written
        batch = self._changelog.batch()
        if batch is not None:
            self._cube.apply(self._number, batch.rows, batch.progress, batch.position)

    def _write(self, changes: Changes) -> None:
        for name, rows in changes.tables.items():
            table = self._tables[name]
            for key, value in rows.items():
                if value is None:
                    table.pop(key, None)
                else:
                    table[key] = value
                if name == INDICATOR_DAYS:
                    self._changelog.take(self._changelog.position, key, value)
