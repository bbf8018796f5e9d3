"""One partition of the scorer: folds events and passing time into the two tables.

The state is what the tables hold; this object adds only what can be made from them again (timers). What a dossier has put into the
cube is always `book(facts, min(now, next change - 1))`: contributions are constant up to their next change, so nobody needs to remember
when a dossier was last booked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from schemas import dead_letters
from schemas.events import FAMILY_OF, DossierEvent, Rejected, decode
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
from services.scorer.agents.rebuild import Rebuild, Written
from services.scorer.agents.stored import dossier_of, encode_dossier, next_change_of
from services.scorer.agents.timers import Timers
from services.scorer.domain.book import Cells
from services.scorer.domain.contributions import book
from services.scorer.domain.facts import Dossier, Facts, Said, add
from services.scorer.domain.reading import fact_of
from services.scorer.domain.setting import Setting
from services.scorer.domain.spans import FOREVER
from services.scorer.engine.job import Changes, Send

DOSSIERS: Final = "dossiers"
INDICATOR_DAYS: Final = "indicator-days"
HEARTBEAT: Final = SECOND
"""How often an idle partition says how far it is, microseconds."""

TIMERS_A_TICK: Final = 1_000
"""Dossiers that one tick wakes at most: events wait no longer behind them than some tens of milliseconds."""

_NONE: Final[Cells] = {}


class Making(NamedTuple):
    """What rows are made by, and its fingerprint: other rows must be made anew."""

    setting: Setting
    made_by: str


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
    """Scores the dossiers of one partition.

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
        self._dossiers = tables[DOSSIERS]
        self._rows = tables[INDICATOR_DAYS]
        self._making = making
        self._read_clock = now
        self._timers = Timers(((next_change_of(raw), key) for key, raw in self._dossiers.items()), self._next_change)
        self._reported = -1
        raw = self._rows.get(progress_key())
        before = None if raw is None else decode_progress(raw)
        self._made = making()
        self._clock = now() if before is None else before.clock
        self._rebuilding: Iterator[Written] | None = None
        set_back = self._clock - now() > may_step_back
        if before is None or not before.whole or before.made_by != self._made.made_by or set_back:
            self._clock = now()
            if self._dossiers:
                self._start_rebuild()

    def fold(self, records: Sequence[Record]) -> Changes:
        """Take a batch of events in."""
        now = self._advance()
        letters: list[Send] = []
        said: dict[bytes, list[tuple[str, Said]]] = {}
        for record in records:
            try:
                subject, sender, fact = _read(record)
            except Rejected as poison:
                SCORER_POISON_RECORDS.labels(poison.code).inc()
                letters.append(Send(REJECTED_EVENTS, record.key, dead_letters.encode(_letter(record, poison, now))))
                continue
            facts = said.get(subject)
            if facts is None:
                said[subject] = [(sender, fact)]
            else:
                facts.append((sender, fact))
        deltas = Deltas()
        dossiers: dict[bytes, bytes | None] = {}
        newest: dict[str, int] = {}
        for key, facts in said.items():
            changed = self._take_in(key, facts, now, deltas, newest)
            if changed is not None:
                dossiers[key] = changed
        rows = deltas.rows(self._number, self._rows)
        rows.update(self._newest(newest))
        return Changes({DOSSIERS: dossiers, INDICATOR_DAYS: rows}, letters)

    def tick(self) -> Changes | None:
        """Let time pass: wake the dossiers whose moment has come, go on with a rebuild, or say that all is well."""
        if self._rebuilding is None and self._making().made_by != self._made.made_by:
            self._made = self._making()
            self._start_rebuild()
        if self._rebuilding is not None:
            return self._go_on(self._rebuilding)
        now = self._advance()
        keys = self._timers.due(now, TIMERS_A_TICK)
        if not keys:
            idle_for = self._applied - self._reported
            return Changes() if self._reported < 0 or idle_for >= HEARTBEAT else None
        deltas = Deltas()
        dossiers: dict[bytes, bytes | None] = {}
        for key in keys:
            dossiers[key] = self._wake(key, now, deltas)
        return Changes({DOSSIERS: dossiers, INDICATOR_DAYS: deltas.rows(self._number, self._rows)})

    def progress(self, offsets: Mapping[str, int]) -> Changes:
        """The last row of a transaction: how far this partition is."""
        self._reported = self._applied
        SCORER_CLOCK_TIMESTAMP.labels(self._number).set(self._applied / SECOND)
        row = Progress(
            partition=self._number,
            offsets=dict(offsets),
            clock=self._applied,
            made_by=self._made.made_by,
            whole=self._rebuilding is None,
        )
        return Changes({INDICATOR_DAYS: {progress_key(): encode_progress(row)}})

    @property
    def _applied(self) -> int:
        """The moment up to which time has been applied to every dossier."""
        return min(self._clock, self._timers.next - 1)

    def _advance(self) -> int:
        self._clock = max(self._clock, self._read_clock())
        return self._clock

    def _next_change(self, key: bytes) -> int:
        raw = self._dossiers.get(key)
        return FOREVER if raw is None else next_change_of(raw)

    def _take_in(
        self, key: bytes, said: list[tuple[str, Said]], now: int, deltas: Deltas, newest: dict[str, int]
    ) -> bytes | None:
        """Take facts about one dossier in; returns its new stored form, None if nothing changed."""
        raw = self._dossiers.get(key)
        dossier: Dossier = {} if raw is None else dossier_of(raw)
        changed = False
        for sender, fact in said:
            facts = dossier.get(sender)
            if facts is None:
                facts = dossier[sender] = Facts()
            changed |= add(facts, fact)
        if not changed:
            return None
        old = None if raw is None else dossier_of(raw)
        before = FOREVER if raw is None else next_change_of(raw)
        stored, unit = self._rebook(key, old, dossier, now, deltas, before=before)
        if unit is not None:
            newest[unit] = max(newest.get(unit, 0), *(fact.time for _, (_, _, fact) in said))
        return stored

    def _wake(self, key: bytes, now: int, deltas: Deltas) -> bytes:
        """Book a dossier anew because its moment has come; returns its new stored form."""
        raw = self._dossiers[key]
        dossier = dossier_of(raw)
        return self._rebook(key, dossier, dossier, now, deltas, before=next_change_of(raw))[0]

    def _rebook(
        self, key: bytes, old: Dossier | None, new: Dossier, now: int, deltas: Deltas, *, before: int
    ) -> tuple[bytes, str | None]:
        """Take the booking of `old`, whose next change was to be at `before`, out of the cube and put that of `new` in."""
        subject = key.decode()
        setting = self._made.setting
        out = _NONE if old is None else book(subject, old, min(now, before - 1), setting).cells
        cells, next_change, unit = book(subject, new, now, setting)
        deltas.move(out, cells)
        if next_change != before:
            self._timers.set(next_change, key)
        return encode_dossier(next_change, new), unit

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
        rebuild = Rebuild(self._number, self._dossiers, self._rows, self._clock, self._made.setting)
        self._rebuilding = iter(rebuild)

    def _go_on(self, pieces: Iterator[Written]) -> Changes:
        """The next piece of a rebuild; `more` keeps events away until it is done."""
        piece = next(pieces, None)
        if piece is None:
            self._rebuilding = None
            return Changes()
        dossiers, rows = piece
        for key, raw in dossiers.items():
            if raw is not None:
                self._timers.set(next_change_of(raw), key)
        return Changes({DOSSIERS: dossiers, INDICATOR_DAYS: rows}, more=True)


def _read(record: Record) -> tuple[bytes, str, Said]:
    """(key of the dossier, sender, fact) of a record.

    Raises:
        Rejected: poison: no event, or one that ingest would not have written here.
    """
    if record.value is None:
        raise Rejected("bad_json", "the record has no value")
    event = decode(record.value)
    subject = event.subject.encode()
    if subject != record.key:
        raise Rejected("bad_envelope", "the key of the record is not the subject of its event")
    if record.topic != FAMILY_OF[type(event)].topic or not isinstance(event, DossierEvent):
        raise Rejected("bad_envelope", "an event of another family; only ingest may write here")
    if not event.keyunit:
        raise Rejected("bad_envelope", "the event carries no keyunit; only ingest may write here")
    try:
        return subject, event.keyunit, fact_of(event)
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
