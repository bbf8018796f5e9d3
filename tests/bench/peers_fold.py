"""The job that all engines of the comparison run: facts of a dossier, counters by unit and day. Plain Python."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from aiokafka import ConsumerRecord

from services.scorer.engine.job import Changes, TableSpec

__all__ = ["PeersJob"]


class _Data(msgspec.Struct, gc=False):
    unit: str
    due: str
    stars: int = 0


class _Event(msgspec.Struct, gc=False):
    type: str
    time: str
    data: _Data


class _Facts(msgspec.Struct, gc=False, array_like=True):
    """Texts of moments in one fixed offset: their order is that of time, their first ten characters the day."""

    received: str = ""
    processed: str = ""
    returned: str = ""
    due: str = ""
    due_said_at: str = ""
    stars: int = 0
    rated: str = ""


_decode = msgspec.json.Decoder(_Event).decode
_RECEIVED, _PROCESSED, _RETURNED, _RATED = (
    f"vn.nhip.dossier.{kind}" for kind in ("received", "processed", "returned", "rated")
)


class PeersJob:
    """Tables `facts` (dossier) and `rows` (`unit|day` within a partition: five counters)."""

    tables = (
        TableSpec("facts", msgspec.msgpack.Decoder(_Facts).decode, msgspec.msgpack.Encoder().encode),
        TableSpec("rows", msgspec.json.Decoder(list[int]).decode, msgspec.json.Encoder().encode),
    )

    def __init__(self, topic: str) -> None:
        self.topics = (topic,)

    def open(self, partition: int, tables: Mapping[str, Mapping[bytes, Any]]) -> "PeersFold":
        return PeersFold(partition, tables["facts"], tables["rows"])


class PeersFold:
    """Rows are found by (unit, day) and kept with their key, which is made once."""

    reached: Mapping[str, int] = {}

    def __init__(self, partition: int, facts: Mapping[bytes, _Facts], rows: Mapping[bytes, list[int]]) -> None:
        self._prefix = f"{partition}|"
        self._facts = facts
        self._rows: dict[tuple[str, str], tuple[bytes, list[int]]] = {}
        for key, row in rows.items():
            _, unit, day = key.decode().split("|")
            self._rows[unit, day] = key, row

    def fold(self, records: Sequence[ConsumerRecord]) -> Changes:
        """What an event changes goes out of the rows as it was and comes in as it is. One loop: a call costs as much as a case."""
        changed_facts: dict[bytes, _Facts] = {}
        changed_rows: dict[bytes, list[int]] = {}
        known, fresh, rows, decode = self._facts.get, changed_facts.get, self._rows, _decode
        for record in records:
            key = record.key
            facts = known(key) or fresh(key)
            if facts is None:
                facts = _Facts()
            event = decode(record.value)
            kind, time, data = event.type, event.time, event.data
            changed = False
            processed = new_processed = facts.processed
            due = new_due = facts.due
            if kind == _RECEIVED:
                before = facts.received
                if not before or time < before:
                    if before[:10] != time[:10]:
                        if before:
                            name, row = rows[data.unit, before[:10]]
                            row[0] -= 1
                            changed_rows[name] = row
                        name, row = rows.get((data.unit, time[:10])) or self._new_row(data.unit, time[:10])
                        row[0] += 1
                        changed_rows[name] = row
                    facts.received = time
                    changed = True
            elif kind == _PROCESSED:
                if not processed or time < processed:
                    new_processed = time
            elif kind == _RATED:
                before = facts.rated
                if time > before or (time == before and data.stars > facts.stars):
                    if before:
                        name, row = rows[data.unit, before[:10]]
                        row[3] -= 1
                        row[4] -= facts.stars
                        changed_rows[name] = row
                    name, row = rows.get((data.unit, time[:10])) or self._new_row(data.unit, time[:10])
                    row[3] += 1
                    row[4] += data.stars
                    changed_rows[name] = row
                    facts.rated, facts.stars = time, data.stars
                    changed = True
            elif kind == _RETURNED and (not facts.returned or time < facts.returned):
                facts.returned = time
                changed = True
            said_at = facts.due_said_at
            if time > said_at or (time == said_at and data.due > due):
                facts.due_said_at = time
                new_due = data.due
                changed = True
            if new_processed != processed or new_due != due:
                changed = True
                facts.processed, facts.due = new_processed, new_due
                if new_processed and (
                    new_processed[:10] != processed[:10] or (new_processed > new_due) != (processed > due)
                ):
                    if processed:
                        name, row = rows[data.unit, processed[:10]]
                        row[1] -= 1
                        row[2] -= processed > due
                        changed_rows[name] = row
                    day = new_processed[:10]
                    name, row = rows.get((data.unit, day)) or self._new_row(data.unit, day)
                    row[1] += 1
                    row[2] += new_processed > new_due
                    changed_rows[name] = row
            if changed:
                changed_facts[key] = facts
        return Changes({"facts": changed_facts, "rows": changed_rows})

    def caught_up(self) -> None:
        """It knows no time."""

    def tick(self) -> None:
        return None

    def progress(self, offsets: Mapping[str, int]) -> None:  # noqa: ARG002 - a job may have none
        return None

    def _new_row(self, unit: str, day: str) -> tuple[bytes, list[int]]:
        row = self._rows[unit, day] = f"{self._prefix}{unit}|{day}".encode(), [0] * 5
        return row
