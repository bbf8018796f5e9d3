"""Records of Kafka as rows of `services.common.archived`: pure functions."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

import msgspec

from schemas.measures import BY_NUMBER
from schemas.moments import format_day, from_canonical
from schemas.rows import DAY, decode_counters, parse_key
from services.common.instants import from_datetime, to_datetime
from services.scorer.agents.stored import next_change_of, packed_of
from services.scorer.domain.book import Cells
from services.scorer.domain.facts import unpack
from services.scorer.domain.picture import picture
from services.scorer.domain.setting import Setting

__all__ = ["DayRow", "DossierRow", "EventRow", "FindingRow", "day_rows", "dossier_rows", "event_row", "moment"]

_LAST: Final = from_datetime(datetime.max.replace(tzinfo=UTC)) - 1
"""PostgreSQL's driver takes the very last microsecond of 9999 for infinity."""


class DossierRow(NamedTuple):
    """`ArchivedDossier`, with JSON as text."""

    code: str
    unit: str | None
    procedure: str | None
    state: str
    received_at: datetime | None
    due_at: datetime | None
    overdue_from: datetime | None
    waiting_since: datetime | None
    ended_at: datetime | None
    late: bool | None
    agency: str | None
    facts: str
    counts: str
    next_change: datetime | None
    partition: int
    offset: int
    soon_from: datetime | None


class FindingRow(NamedTuple):
    """`archived.Finding`."""

    subject: str
    code: str
    detail: str
    unit: str | None
    since: datetime | None


class EventRow(NamedTuple):
    """`ArchivedEvent`, with JSON as text."""

    code: str
    source: str
    id: str
    type: str
    time: int
    sender: str
    system: str
    data: str
    arrived_at: datetime


class DayRow(NamedTuple):
    """`IndicatorDay`, with JSON as text; without counts the row is to go."""

    partition: int
    unit: str
    day: date
    counts: str | None
    offset: int


class _Stored(msgspec.Struct):
    """What is kept of a stored event."""

    id: str
    source: str
    type: str
    subject: str
    time: str
    keyunit: str
    keysystem: str
    data: dict[str, Any] | None = None


_STORED: Final = msgspec.json.Decoder(_Stored)


def dossier_rows(record: Any, now: int, setting: Setting) -> tuple[DossierRow, list[FindingRow]]:
    """A record of the changelog of dossiers as its row and its findings.

    Args:
        record: the whole stored form of a dossier.
        now: the clock, microseconds; not before the record was made. What a dossier counts for is constant from then up to the next
            change that the record names, and when that comes, another record does.
        setting: what the scorer books by.
    """
    code = record.key.decode()
    as_of = min(max(now, record.timestamp * 1000), next_change_of(record.value) - 1)
    seen = picture(code, unpack(packed_of(record.value)), as_of, setting)
    row = DossierRow(
        code=code,
        unit=seen.unit,
        procedure=seen.procedure,
        state=seen.state,
        received_at=moment(seen.received_at),
        due_at=moment(seen.due_at),
        overdue_from=moment(seen.overdue_from),
        waiting_since=moment(seen.waiting_since),
        ended_at=moment(seen.ended_at),
        late=seen.late,
        agency=seen.agency,
        facts=_json([fact._asdict() for fact in seen.facts]),
        counts=_json(list(_counts(seen.cells))),
        next_change=moment(seen.next_change),
        partition=record.partition,
        offset=record.offset,
        soon_from=moment(seen.soon_from),
    )
    return row, [FindingRow(code, one.code, one.detail, seen.unit, moment(one.since)) for one in seen.findings]


def event_row(record: Any) -> EventRow | None:
    """A record of `dossier-events`; None for what is no event: the scorer puts it among the dead letters."""
    try:
        event = _STORED.decode(record.value or b"")
        time = from_canonical(event.time)
    except (msgspec.MsgspecError, ValueError):
        return None
    data = event.data or {}
    data.pop("post", None)  # a position is never shown outside its unit
    arrived = moment(record.timestamp * 1000)
    assert arrived is not None  # noqa: S101 - a number was given
    return EventRow(
        event.subject, event.source, event.id, event.type, time, event.keyunit, event.keysystem, _json(data), arrived
    )


def day_rows(rows: Mapping[bytes, bytes | None], partition: int, offset: int) -> Iterator[DayRow]:
    """The days among rows of the table `indicator-days`; `offset`: that after their transaction."""
    for key, value in rows.items():
        named = parse_key(key)
        if named is None or named.kind != DAY or named.day is None:
            continue
        counts = None if value is None else _json(_by_name(decode_counters(value)))
        yield DayRow(partition, named.name, date.fromisoformat(format_day(named.day)), counts, offset)


def moment(micros: int | None) -> datetime | None:
    """Microseconds as PostgreSQL's driver takes them; None where there is no such moment, or it never comes."""
    if micros is None or micros > _LAST + 1:
        return None
    return to_datetime(min(micros, _LAST))


def _counts(cells: Cells) -> Iterator[dict[str, str | int]]:
    """What is booked, in a fixed order; what adds up to nothing is left out."""
    for (unit, day, procedure), counts in sorted(cells.items()):
        for number, count in sorted(counts.items()):
            if count:
                place = {"unit": unit, "day": format_day(day), "procedure": procedure}
                yield {**place, "measure": BY_NUMBER[number].name, "count": count}


def _by_name(counters: Mapping[str, Mapping[int, int]]) -> dict[str, dict[str, int]]:
    return {
        item: {BY_NUMBER[number].name: count for number, count in counts.items()} for item, counts in counters.items()
    }


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
