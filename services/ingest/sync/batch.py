"""Checking the records of one payload: each becomes its events, which pass the same check as those of `/v1/events`, or none is taken."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from schemas.dead_letters import DeadLetter
from schemas.dead_letters import encode as encode_letter
from schemas.events import Door, Rejected, encode
from schemas.events.rejected import shown
from schemas.topics import DOSSIER_EVENTS
from services.ingest.batch import Checked, Rejection
from services.ingest.partitions import Record
from services.ingest.sync.dossier import dossier_events, subject_of
from services.ingest.sync.payload import read_dossier, read_line
from services.ingest.sync.progress import line_events
from services.ingest.sync.reading import Draft, Reading
from services.ingest.sync.values import text

__all__ = ["DOSSIERS", "LINES", "Checker", "Kind"]

MAX_EVENTS: Final = 1_000
"""Of one record: the place of an event has three digits in its id."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two services of the national portal: its name, how its records are read and what they become."""

    name: str
    read: Callable[[msgspec.Raw], Any]
    events: Callable[[Any, Reading], list[Draft]]


DOSSIERS: Final = Kind("DongBoHoSoMC", read_dossier, dossier_events)
LINES: Final = Kind("CapNhatTienDoHoSoMC", read_line, line_events)


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks the records of one payload."""

    kind: Kind
    reading: Reading
    door: Door

    def check(self, index: int, raw: msgspec.Raw, arrival: str, checked: Checked) -> None:
        """Add what becomes of one record to `checked`: its events, or why there are none.

        `arrival` is the record's id; those of its events begin with it. The `id` of a rejection is the record's `MaHoSo`.
        """
        code = None
        try:
            record = self._read(raw)
            code = text(record.code)
            made = self._events(subject_of(code), self.kind.events(record, self.reading), arrival)
        except Rejected as rejected:
            checked.rejected.append(Rejection(index=index, id=code, code=rejected.code, detail=rejected.detail))
            checked.letters.append(_letter(self.kind, code, rejected, self.door))
        else:
            checked.records.setdefault(DOSSIER_EVENTS, []).extend(made)

    def _read(self, raw: msgspec.Raw) -> Any:
        try:
            return self.kind.read(raw)
        except msgspec.ValidationError as error:
            raise Rejected("bad_data", f"record: {error}") from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Rejected("bad_json", "not JSON, or not UTF-8") from error

    def _events(self, subject: str, drafts: list[Draft], arrival: str) -> list[Record]:
        """The stored form of all events of a record."""
        if len(drafts) > MAX_EVENTS:
            raise Rejected("bad_data", f"a record that says more than {MAX_EVENTS} things; send fewer supplements")
        made = []
        for place, (kind, data) in enumerate(drafts):
            event = {
                "specversion": "1.0",
                "id": f"{arrival}-{place:03}",
                "source": f"/sync/{self.door.system}",
                "type": f"nhip.dossier.{kind}",
                "subject": subject,
                "time": self.reading.arrival,
                "data": data,
            }
            try:
                stored = self.door.check(msgspec.json.encode(event))
            except Rejected as rejected:
                raise Rejected(rejected.code, f"{kind}: {rejected.detail}") from rejected
            made.append((subject.encode(), encode(stored)))
        return made


def _letter(kind: Kind, code: str | None, rejected: Rejected, door: Door) -> Record:
    """What is kept of a rejected record: why, and about which dossier. It holds no event, for its sender sends it again."""
    letter = DeadLetter(
        at=door.zone.format(door.now),
        code=rejected.code,
        detail=f"{kind.name} {shown(code or '')}: {rejected.detail}",
        system=door.system,
        unit=door.unit,
    )
    return b"", encode_letter(letter)
