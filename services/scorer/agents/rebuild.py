"""Making all rows of a partition anew from its dossiers, in pieces, and publishing only what differs."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from schemas.rows import decode_counters, parse_key
from services.scorer.agents.deltas import Deltas
from services.scorer.agents.stored import dossier_of, encode_dossier, next_change_of
from services.scorer.domain.book import Cells
from services.scorer.domain.contributions import book
from services.scorer.domain.setting import Setting

PIECE: Final = 2_000
"""Dossiers, or rows, of one piece: tens of milliseconds, so that the consumer's heartbeat lives on."""

_NONE: Final[Cells] = {}

Written = tuple[dict[bytes, bytes | None], dict[bytes, bytes | None]]
"""Changed dossiers (only their next change differs) and changed rows."""


class Rebuild:
    """One rebuild as of a moment; nothing else may change the partition until it is done.

    Args:
        partition: its number.
        dossiers: the table of dossiers.
        rows: the table of rows, as made before.
        now: as of when, microseconds.
        setting: by what.
    """

    def __init__(
        self, partition: int, dossiers: Mapping[bytes, bytes], rows: Mapping[bytes, bytes], now: int, setting: Setting
    ) -> None:
        self.now = now
        self._partition = partition
        self._setting = setting
        self._dossiers = dossiers
        self._rows = rows
        self._fresh = Deltas()
        self._pieces = self._run()

    def __iter__(self) -> Iterator[Written]:
        """What to write, piece by piece; a piece may be empty."""
        return self._pieces

    def _run(self) -> Iterator[Written]:
        keys = iter(list(self._dossiers))
        while piece := list(islice(keys, PIECE)):
            yield self._book(piece), {}
        made = self._fresh.rows(self._partition, {})
        stale = (key for key in list(self._rows) if _is_day(key) and key not in made)
        changed = {key: value for key, value in made.items() if not _same(value, self._rows.get(key))}
        changes = iter([*changed.items(), *((key, None) for key in stale)])
        while rows := dict(islice(changes, PIECE)):
            yield {}, rows

    def _book(self, keys: list[bytes]) -> dict[bytes, bytes | None]:
        moved: dict[bytes, bytes | None] = {}
        for key in keys:
            raw = self._dossiers[key]
            dossier = dossier_of(raw)
            cells, next_change, _ = book(key.decode(), dossier, self.now, self._setting)
            self._fresh.move(_NONE, cells)
            if next_change != next_change_of(raw):
                moved[key] = encode_dossier(next_change, dossier)
        return moved


def _is_day(key: bytes) -> bool:
    parsed = parse_key(key)
    return parsed is not None and parsed.day is not None


def _same(made: bytes | None, there: bytes | None) -> bool:
    """Whether two rows hold the same counters (their order in the bytes may differ)."""
    if made is None or there is None:
        return made is there
    return made == there or decode_counters(made) == decode_counters(there)
