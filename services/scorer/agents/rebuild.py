"""Making all rows of a partition anew from its facts, in pieces, and publishing only what differs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from schemas.rows import decode_counters, parse_key
from services.scorer.agents.deltas import Deltas
from services.scorer.agents.subjects import AsOf, Subjects

PIECE: Final = 2_000
"""Subjects, or rows, of one piece: tens of milliseconds, so that the consumer's heartbeat lives on."""


Written = dict[str, dict[bytes, bytes | None]]
"""Changes by table: subjects (only their next change differs), or rows."""


class Rebuild:
    """One rebuild as of a moment; nothing else may change the partition until it is done.

    Args:
        partition: its number.
        families: the subjects of each family.
        table: name of the table of rows, and `rows`: what it holds, as made before.
        as_of: as of when and by what; of a subject for which time has not yet passed so far, as of then.
    """

    def __init__(
        self,
        partition: int,
        families: Sequence[Subjects],
        table: str,
        rows: Mapping[bytes, bytes],
        as_of: AsOf,
    ) -> None:
        self._partition = partition
        self._as_of = as_of
        self._families = families
        self._table = table
        self._rows = rows
        self._fresh = Deltas()
        self._pieces = self._run()

    def __iter__(self) -> Iterator[Written]:
        """What to write, piece by piece; a piece may be empty."""
        return self._pieces

    def _run(self) -> Iterator[Written]:
        for subjects in self._families:
            keys = iter(list(subjects.table))
            while piece := list(islice(keys, PIECE)):
                yield {subjects.family.table: self._book(subjects, piece)}
        made = self._fresh.rows(self._partition, {})
        stale = (key for key in list(self._rows) if _is_made(key) and key not in made)
        changed = {key: value for key, value in made.items() if not _same(key, value, self._rows.get(key))}
        changes = iter([*changed.items(), *((key, None) for key in stale)])
        while rows := dict(islice(changes, PIECE)):
            yield {self._table: rows}

    def _book(self, subjects: Subjects, keys: list[bytes]) -> dict[bytes, bytes | None]:
        """The subjects whose next change differs."""
        moved: dict[bytes, bytes | None] = {}
        for key in keys:
            stored = subjects.restore(key, self._as_of, self._fresh)
            if stored is not None:
                moved[key] = stored
        return moved


def _is_made(key: bytes) -> bool:
    """Whether a row is made of facts."""
    parsed = parse_key(key)
    return parsed is not None and parsed.is_made


def _same(key: bytes, made: bytes | None, there: bytes | None) -> bool:
    """Whether two rows say the same (the order of counters in the bytes may differ)."""
    if made is None or there is None or made == there:
        return made == there
    parsed = parse_key(key)
    return parsed is not None and parsed.day is not None and decode_counters(made) == decode_counters(there)
