"""Checking the events of one request, in one pass."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from schemas.dead_letters import DeadLetter, redacted
from schemas.dead_letters import encode as encode_letter
from schemas.events import FAMILY_OF, Door, Event, Rejected, encode
from services.ingest.derived import derived
from services.ingest.partitions import Record

__all__ = ["Checked", "Rejection", "check_all"]

Records = dict[str, list[Record]]
"""What is to be written, by topic."""


class Rejection(msgspec.Struct, kw_only=True):
    """What the sender is told about one rejected event. ``index`` counts from 0; ``id`` is None if it has none."""

    index: int
    id: str | None
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The events of one request: those to be written, what is derived from them, those that are not taken, and their dead letters."""

    records: Records = field(default_factory=dict)
    derived: Records = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)
    letters: list[Record] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """How many of the events sent passed."""
        return sum(map(len, self.records.values()))


def check_all(events: Iterable[bytes | msgspec.Raw], door: Door) -> Checked:
    """Check each event by itself: a bad one never blocks a good one."""
    checked = Checked()
    for index, raw in enumerate(events):
        try:
            event = door.check(raw)
        except Rejected as rejected:
            _reject(checked, index, raw, rejected, door)
        else:
            _put(checked.records, event)
            for further in derived(event):
                _put(checked.derived, further)
    return checked


def _put(records: Records, event: Event) -> None:
    records.setdefault(FAMILY_OF[type(event)].topic, []).append((event.subject.encode(), encode(event)))


def _reject(checked: Checked, index: int, raw: bytes | msgspec.Raw, rejected: Rejected, door: Door) -> None:
    kept = redacted(raw)
    checked.rejected.append(
        Rejection(index=index, id=(kept or {}).get("id"), code=rejected.code, detail=rejected.detail)
    )
    letter = DeadLetter(
        at=door.zone.format(door.now),
        code=rejected.code,
        detail=rejected.detail,
        system=door.system,
        unit=door.unit,
        event=kept,
    )
    subject: Any = (kept or {}).get("subject", "")
    checked.letters.append((subject.encode(), encode_letter(letter)))
