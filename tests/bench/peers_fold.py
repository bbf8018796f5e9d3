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
    def __init__(self, partition: int, facts: Mapping[bytes, _Facts], rows: Mapping[bytes, list[int]]) -> None:
        self._prefix = f"{partition}|"
        self._facts = facts
        self._rows: dict[tuple[str, str], tuple[bytes, list[int]]] = {}
        for key, row in rows.items():
            _, unit, day = key.decode().split("|")
            self._rows[unit, day] = key, row
        self._changed: dict[bytes, list[int]] = {}

    def fold(self, records: Sequence[ConsumerRecord]) -> Changes:
        """What an event changes goes out of the rows as it was and comes in as it is. One loop: a call costs as much as a case."""
        changed_facts: dict[bytes, _Facts] = {}
        self._changed = {}
        known, decode, row = self._facts.get, _decode, self._row
        for record in records:
            key = record.key
            facts = known(key) or changed_facts.get(key)
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
                            row(data.unit, before)[0] -= 1
                        row(data.unit, time)[0] += 1
                    facts.received = time
                    changed = True
            elif kind == _PROCESSED:
                if not processed or time < processed:
                    new_processed = time
            elif kind == _RATED:
                before = facts.rated
                if time > before or (time == before and data.stars > facts.stars):
                    if before:
                        old = row(data.unit, before)
                        old[3] -= 1
                        old[4] -= facts.stars
                    new = row(data.unit, time)
                    new[3] += 1
                    new[4] += data.stars
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
                    self._finish(data.unit, processed, due, -1)
                    self._finish(data.unit, new_processed, new_due, 1)
            if changed:
                changed_facts[key] = facts
        return Changes({"facts": changed_facts, "rows": self._changed})

    def tick(self) -> None:
        return None

    def progress(self, offsets: Mapping[str, int]) -> None:  # noqa: ARG002 - a job may have none
        return None

    def _finish(self, unit: str, processed: str, due: str, sign: int) -> None:
        if processed:
            row = self._row(unit, processed)
            row[1] += sign
            if processed > due:
                row[2] += sign

    def _row(self, unit: str, moment: str) -> list[int]:
        """The row of a unit's day, which is about to change."""
        name = unit, moment[:10]
        try:
            key, row = self._rows[name]
        except KeyError:
            key, row = self._rows[name] = f"{self._prefix}{unit}|{name[1]}".encode(), [0] * 5
        self._changed[key] = row
        return row
