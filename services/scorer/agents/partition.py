"""One partition of the scorer: folds events and passing time into the tables of facts and of rows.

The state is what the tables hold; this object adds only what can be made from them again (timers, see `subjects`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from schemas import dead_letters
from schemas.events import Rejected
from schemas.moments import DAY, SECOND
from schemas.rows import QUARTER, Progress, decode_progress, encode_progress, progress_key
from schemas.topics import REJECTED_EVENTS
from services.common.metrics import (
    SCORER_CLOCK_TIMESTAMP,
    SCORER_LATE_ARRIVING_EVENTS,
    SCORER_POISON_RECORDS,
    SCORER_TIMERS,
)
from services.scorer.agents.batch import Batch
from services.scorer.agents.families import DOSSIERS, FAMILIES
from services.scorer.agents.heard import Heard
from services.scorer.agents.rebuild import Rebuild, Written
from services.scorer.agents.records import Record, Word, letter, read
from services.scorer.agents.subjects import AsOf, Subjects
from services.scorer.domain.setting import Setting
from services.scorer.engine.job import Changes, Send

INDICATOR_DAYS: Final = "indicator-days"
HEARTBEAT: Final = SECOND
"""How often an idle partition says how far it is, microseconds."""

TIMERS_A_TICK: Final = 100
"""Subjects of a family that one tick wakes at most, some milliseconds: ticks and batches of events take turns, on every partition."""

_MILLISECOND: Final = SECOND // 1_000
_NO_ROWS: Final[Mapping[bytes, bytes | None]] = MappingProxyType({})

Gathered = dict[bytes, list[Word]]
"""What a batch says about the subjects of a family."""


class Making(NamedTuple):
    """What rows are made by, and its fingerprint: other rows must be made anew.

    ``catalogue``: of how many events of the catalogue of procedures the setting is made.
    """

    setting: Setting
    made_by: str
    catalogue: int = 0


class Partition:
    """Scores the subjects of one partition.

    Args:
        number: of the partition.
        tables: live views of its tables.
        making: what rows are to be made by now (the unit tree may change at any time).
        now: the clock, microseconds.
        may_step_back: how far the clock may lie behind what was applied without a rebuild, microseconds; time then stands still.
    """

    def __init__(
        self,
        number: int,
        tables: Mapping[str, Mapping[bytes, bytes]],
        making: Callable[[], Making],
        now: Callable[[], int],
        may_step_back: int,
    ) -> None:
        self._number = number
        self._families = {family.topic: Subjects(family, tables[family.table]) for family in FAMILIES}
        self._rows = tables[INDICATOR_DAYS]
        self._heard = Heard(number, self._rows)
        self._making = making
        self._read_clock = now
        self._reported = -1
        self._arrived: int | None = None
        self._behind = True
        raw = self._rows.get(progress_key())
        before = None if raw is None else decode_progress(raw)
        self.reached = {} if before is None else before.offsets
        self._made = making()
        self._rebuilding: Iterator[Written] | None = None
        known = any(subjects.table for subjects in self._families.values())
        set_back = before is not None and before.clock - now() > may_step_back
        if before is not None and not set_back:
            self._clock = before.clock
        else:
            self._clock = now() if known or set_back else 0  # with nothing known, time begins with the first event
        if known and (before is None or set_back or not before.whole or before.made_by != self._made.made_by):
            self._start_rebuild()

    def caught_up(self) -> None:
        """From now on time passes by the clock; before, it follows the arrival of events about dossiers."""
        self._behind = False

    def fold(self, records: Sequence[Record]) -> Changes:
        """Take a batch of events in."""
        arrived = [record.timestamp * _MILLISECOND for record in records]
        self._arrived = min(arrived) if self._arrived is None else min(self._arrived, *arrived)
        wall = self._read_clock()
        now = self._advance(wall) if not self._behind else self._follow(records, arrived, wall)
        letters: list[Send] = []
        heard: set[tuple[str, str, int]] = set()
        late_arriving = 0
        gathered: dict[str, Gathered] = {topic: {} for topic in self._families}
        for record, at in zip(records, arrived, strict=True):
            topic = record.topic
            try:
                subject, sender, said = read(record, self._families[topic].family)
            except Rejected as poison:
                SCORER_POISON_RECORDS.labels(poison.code).inc()
                letters.append(Send(REJECTED_EVENTS, record.key, dead_letters.encode(letter(record, poison, now))))
                continue
            at = at if at < wall else wall  # noqa: FURB136, PLW2901  half the time of min(), for every event
            heard.add((sender, said[2].system, at // QUARTER))
            if at - said[2].time > DAY:
                late_arriving += 1
            words = gathered[topic].get(subject)
            if words is None:
                gathered[topic][subject] = [(sender, said, at)]
            else:
                words.append((sender, said, at))
        if late_arriving:
            SCORER_LATE_ARRIVING_EVENTS.inc(late_arriving)
        batch, as_of = Batch(), self._as_of(now)
        changed: Written = {}
        for topic, by_subject in gathered.items():
            if by_subject:
                subjects = self._families[topic]
                changed[subjects.family.table] = self._take_in(subjects, by_subject, as_of, batch)
        return self._changes(batch, changed, self._heard.rows(heard), letters)

    def tick(self) -> Changes | None:
        """Let time pass: wake the subjects whose moment has come, go on with a rebuild, or say that all is well."""
        making = self._making()
        if self._rebuilding is None and making.made_by != self._made.made_by:
            self._made = making
            self._start_rebuild()
        if self._rebuilding is not None:
            return self._go_on(self._rebuilding)
        if self._behind:
            return None
        now = self._advance(self._read_clock())
        batch, as_of = Batch(), self._as_of(now)
        changed: Written = {}
        again = False
        for subjects in self._families.values():
            if keys := subjects.timers.due(now, TIMERS_A_TICK):
                changed[subjects.family.table] = {key: subjects.wake(key, as_of, batch) for key in keys}
                again |= len(keys) == TIMERS_A_TICK
        if not changed:
            idle_for = self._applied - self._reported
            news = self._reported < 0 or idle_for >= HEARTBEAT or making.catalogue != self._made.catalogue
            return Changes() if news else None
        changes = self._changes(batch, changed)
        changes.again = again
        return changes

    def progress(self, offsets: Mapping[str, int]) -> Changes:
        """The last row of a transaction: how far this partition is."""
        self._reported = self._applied
        SCORER_CLOCK_TIMESTAMP.labels(self._number).set(self._applied / SECOND)
        SCORER_TIMERS.labels(self._number).set(sum(len(subjects.timers) for subjects in self._families.values()))
        making = self._making()
        if making.made_by == self._made.made_by:  # else rows are made anew by it at the next tick
            self._made = making
        row = Progress(
            partition=self._number,
            offsets=dict(offsets),
            clock=self._applied,
            made_by=self._made.made_by,
            catalogue=self._made.catalogue,
            whole=self._rebuilding is None,
            arrived=self._arrived,
        )
        self._arrived = None
        return Changes({INDICATOR_DAYS: {progress_key(): encode_progress(row)}})

    @property
    def _applied(self) -> int:
        """The moment up to which time has been applied to every subject."""
        return min(self._clock, *(subjects.timers.next - 1 for subjects in self._families.values()))

    def _as_of(self, now: int) -> AsOf:
        return AsOf(now, self._made.setting)

    def _advance(self, now: int) -> int:
        self._clock = max(self._clock, now)
        return self._clock

    def _follow(self, records: Sequence[Record], arrived: Sequence[int], wall: int) -> int:
        """Let the clock go on to when the last of these events about dossiers arrived: what has not been read yet may say that what
        would pass after that did not.
        """
        topic = DOSSIERS.topic
        last = max(
            (at for record, at in zip(records, arrived, strict=True) if record.topic == topic), default=self._clock
        )
        return self._advance(min(last or min(arrived), wall))

    def _take_in(self, subjects: Subjects, said: Gathered, as_of: AsOf, batch: Batch) -> dict[bytes, bytes | None]:
        """Take words in; returns the subjects that changed, in their new stored form."""
        stored: dict[bytes, bytes | None] = {}
        take_in = subjects.take_in
        for key, words in said.items():
            changed = take_in(key, words, as_of, batch)
            if changed is not None:
                stored[key] = changed
        return stored

    def _changes(
        self,
        batch: Batch,
        subjects: Written,
        rows: Mapping[bytes, bytes | None] = _NO_ROWS,
        letters: Sequence[Send] = (),
    ) -> Changes:
        """What a step wants written: subjects by table, rows, what goes to other topics."""
        batch.count()
        written = batch.rows(self._number, self._rows)
        written.update(rows)
        return Changes({**subjects, INDICATOR_DAYS: written}, [*letters, *batch.sends])

    def _start_rebuild(self) -> None:
        families = list(self._families.values())
        rebuild = Rebuild(self._number, families, INDICATOR_DAYS, self._rows, self._as_of(self._clock))
        self._rebuilding = iter(rebuild)

    def _go_on(self, pieces: Iterator[Written]) -> Changes:
        """The next piece of a rebuild; `more` keeps events away until it is done."""
        piece = next(pieces, None)
        if piece is None:
            self._rebuilding = None
            return Changes()
        return Changes(piece, more=True)
