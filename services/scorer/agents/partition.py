"""One partition of the scorer: folds events and passing time into the tables of facts and of rows.

The state is what the tables hold; this object adds only what can be made from them again (timers, see `subjects`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from schemas import dead_letters
from schemas.events import FAMILY_OF, Rejected, decode
from schemas.moments import SECOND, canonical
from schemas.rows import (
    Progress,
    decode_moment,
    decode_progress,
    encode_moment,
    encode_progress,
    last_key,
    progress_key,
)
from schemas.topics import REJECTED_EVENTS
from services.common.metrics import SCORER_CLOCK_TIMESTAMP, SCORER_POISON_RECORDS
from services.scorer.agents.deltas import Deltas
from services.scorer.agents.families import FAMILIES, Family
from services.scorer.agents.rebuild import Rebuild, Written
from services.scorer.agents.subjects import AsOf, Subjects
from services.scorer.domain.facts import Said
from services.scorer.domain.setting import Setting
from services.scorer.engine.job import Changes, Send

INDICATOR_DAYS: Final = "indicator-days"
HEARTBEAT: Final = SECOND
"""How often an idle partition says how far it is, microseconds."""

TIMERS_A_TICK: Final = 1_000
"""Subjects of a family that one tick wakes at most: events wait no longer behind them than some tens of milliseconds."""

Gathered = dict[bytes, list[tuple[str, Said]]]
"""What a batch says about the subjects of a family: key -> sender and fact, each."""


class Making(NamedTuple):
    """What rows are made by, and its fingerprint: other rows must be made anew.

    ``catalogue``: of how many events of the catalogue of procedures the setting is made.
    """

    setting: Setting
    made_by: str
    catalogue: int = 0


class Record(Protocol):
    """What is used of a Kafka record."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...


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
        self._making = making
        self._read_clock = now
        self._reported = -1
        raw = self._rows.get(progress_key())
        before = None if raw is None else decode_progress(raw)
        self._made = making()
        self._clock = now() if before is None else before.clock
        self._rebuilding: Iterator[Written] | None = None
        set_back = self._clock - now() > may_step_back
        if before is None or not before.whole or before.made_by != self._made.made_by or set_back:
            self._clock = now()
            if any(subjects.table for subjects in self._families.values()):
                self._start_rebuild()

    def fold(self, records: Sequence[Record]) -> Changes:
        """Take a batch of events in."""
        now = self._advance()
        letters: list[Send] = []
        gathered: dict[str, Gathered] = {topic: {} for topic in self._families}
        for record in records:
            topic = record.topic
            try:
                subject, sender, fact = _read(record, self._families[topic].family)
            except Rejected as poison:
                SCORER_POISON_RECORDS.labels(poison.code).inc()
                letters.append(Send(REJECTED_EVENTS, record.key, dead_letters.encode(_letter(record, poison, now))))
                continue
            said = gathered[topic]
            facts = said.get(subject)
            if facts is None:
                said[subject] = [(sender, fact)]
            else:
                facts.append((sender, fact))
        deltas, as_of = Deltas(), self._as_of(now)
        changed: Written = {}
        newest: dict[str, int] = {}
        for topic, said in gathered.items():
            if said:
                subjects = self._families[topic]
                changed[subjects.family.table] = self._take_in(subjects, said, as_of, deltas, newest)
        rows = deltas.rows(self._number, self._rows)
        rows.update(self._newest(newest))
        return Changes({**changed, INDICATOR_DAYS: rows}, letters)

    def tick(self) -> Changes | None:
        """Let time pass: wake the subjects whose moment has come, go on with a rebuild, or say that all is well."""
        making = self._making()
        if self._rebuilding is None and making.made_by != self._made.made_by:
            self._made = making
            self._start_rebuild()
        if self._rebuilding is not None:
            return self._go_on(self._rebuilding)
        now = self._advance()
        deltas, as_of = Deltas(), self._as_of(now)
        changed: Written = {}
        for subjects in self._families.values():
            if keys := subjects.timers.due(now, TIMERS_A_TICK):
                changed[subjects.family.table] = {key: subjects.wake(key, as_of, deltas) for key in keys}
        if not changed:
            idle_for = self._applied - self._reported
            news = self._reported < 0 or idle_for >= HEARTBEAT or making.catalogue != self._made.catalogue
            return Changes() if news else None
        return Changes({**changed, INDICATOR_DAYS: deltas.rows(self._number, self._rows)})

    def progress(self, offsets: Mapping[str, int]) -> Changes:
        """The last row of a transaction: how far this partition is."""
        self._reported = self._applied
        SCORER_CLOCK_TIMESTAMP.labels(self._number).set(self._applied / SECOND)
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
        )
        return Changes({INDICATOR_DAYS: {progress_key(): encode_progress(row)}})

    @property
    def _applied(self) -> int:
        """The moment up to which time has been applied to every subject."""
        return min(self._clock, *(subjects.timers.next - 1 for subjects in self._families.values()))

    def _as_of(self, now: int) -> AsOf:
        return AsOf(now, self._made.setting)

    def _advance(self) -> int:
        self._clock = max(self._clock, self._read_clock())
        return self._clock

    def _take_in(
        self, subjects: Subjects, said: Gathered, as_of: AsOf, deltas: Deltas, newest: dict[str, int]
    ) -> dict[bytes, bytes | None]:
        """Take facts in; returns the subjects that changed, in their new stored form."""
        stored: dict[bytes, bytes | None] = {}
        take_in = subjects.take_in
        for key, facts in said.items():
            changed = take_in(key, facts, as_of, deltas, newest)
            if changed is not None:
                stored[key] = changed
        return stored

    def _newest(self, newest: dict[str, int]) -> dict[bytes, bytes | None]:
        """The rows of the units' newest events that change."""
        rows: dict[bytes, bytes | None] = {}
        for unit, moment in newest.items():
            key = last_key(self._number, unit)
            raw = self._rows.get(key)
            if raw is None or decode_moment(raw) < moment:
                rows[key] = encode_moment(moment)
        return rows

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


def _read(record: Record, family: Family) -> tuple[bytes, str, Said]:
    """(key of the subject, sender, fact) of a record of the topic of a family.

    Raises:
        Rejected: poison: no event, or one that ingest would not have written here.
    """
    if record.value is None:
        raise Rejected("bad_json", "the record has no value")
    event = decode(record.value)
    subject = event.subject.encode()
    if subject != record.key:
        raise Rejected("bad_envelope", "the key of the record is not the subject of its event")
    if not event.keyunit:
        raise Rejected("bad_envelope", "the event carries no keyunit; only ingest may write here")
    if FAMILY_OF[type(event)].topic != family.topic:
        raise Rejected("bad_envelope", "the event belongs on another topic; only ingest may write here")
    try:
        return subject, event.keyunit, family.fact_of(event)
    except ValueError as error:
        raise Rejected("bad_moment", str(error)) from error


def _letter(record: Record, poison: Rejected, now: int) -> dead_letters.DeadLetter:
    """A dead letter that says where the poison lies, and repeats nothing of it."""
    return dead_letters.DeadLetter(
        at=canonical(now),
        code=poison.code,
        detail=poison.detail,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
    )
