"""What was sent, read by its definition: CloudEvents in the sender's own spelling, with the key each came with."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from schemas.units import UnitTree

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NEVER = datetime.max.replace(tzinfo=UTC)

Rank = tuple[datetime, str, str]


@dataclass(frozen=True)
class Said:
    """One CloudEvent as the sender wrote it, and the system and unit of the key it came with."""

    event: dict[str, Any]
    unit: str
    system: str = "s1"


def moment_of(micros: int) -> datetime:
    """The instant that the product writes as microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def last_of(day: date, zone: ZoneInfo) -> datetime:
    """The last microsecond of a local day."""
    return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC) - MICROSECOND


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """RFC 3339, in the configured zone where there is no offset; a bare date (only of a due moment) is its day's last microsecond."""
    if len(text) == len("2026-03-12"):
        return last_of(date.fromisoformat(text), zone)
    micros = re.sub(r"(\.\d{6})\d+", r"\1", text.upper())
    read = datetime.fromisoformat(micros)
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)


@dataclass(frozen=True)
class Line:
    """One event, read."""

    kind: str
    time: datetime
    id: str
    source: str
    key: str
    data: dict[str, Any]

    @cached_property
    def rank(self) -> Rank:
        """Of two events of one type the one with the greater rank holds."""
        return self.time, self.id, self.source

    def at(self, field: str) -> datetime:
        """When it legally happened: the field, absent, `time`."""
        moment: datetime = self.data.get(field, self.time)
        return moment

    def says(self, field: str) -> bool:
        return self.data.get(field) is True


def read(said: Said, tree: UnitTree, zone: ZoneInfo) -> Line:
    event = said.event
    data = {field: value for field, value in (event.get("data") or {}).items() if value is not None}
    for field, value in data.items():
        if field.endswith("_at"):
            data[field] = read_moment(value, zone)
        elif field in {"unit", "agency", "intake_unit"}:
            data[field] = tree.resolve(value)
    kind = event["type"].removeprefix("nhip.dossier.")
    return Line(kind, read_moment(event["time"], zone), event["id"], event["source"], said.unit, data)


def greatest(lines: Iterable[Line]) -> Line | None:
    return max(lines, key=lambda line: line.rank, default=None)


def kept(lines: Iterable[Line], key: Callable[[Line], Any]) -> dict[Any, Line]:
    """The greatest of each key: supplements, payments, steps, petitions, lines of the log."""
    found: dict[Any, list[Line]] = {}
    for line in lines:
        found.setdefault(key(line), []).append(line)
    return {name: max(same, key=lambda line: line.rank) for name, same in found.items()}


def heard(subject: str, lines: list[Line], tree: UnitTree) -> list[Line]:
    """The lines of those who may speak for the dossier: its owner and the units above (CONTRACT, section 1)."""
    owner = tree.of_subject(subject)
    for kind in ("received", "submitted"):
        first = min((line for line in lines if line.kind == kind), key=lambda line: (line.rank, line.key), default=None)
        owner = owner or (first.key if first else None)
    return lines if owner is None else [line for line in lines if tree.may_speak(line.key, owner)]
