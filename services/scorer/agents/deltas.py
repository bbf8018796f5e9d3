"""What a batch changes in the cube: old contributions out, new ones in, each touched row written once."""

from collections.abc import Mapping
from typing import Final

from schemas.rows import Counters, day_key, decode_counters, encode_counters, note_key
from services.scorer.domain.contributions import Booking

_NOTHING: Final[dict[int, int]] = {}


class Deltas:
    """Differences by (unit, day), then procedure, then measure; and notes that change."""

    __slots__ = ("_days", "_notes")

    def __init__(self) -> None:
        self._days: dict[tuple[str, int], Counters] = {}
        self._notes: dict[tuple[str, str], bytes | None] = {}

    def move(self, out: Booking, into: Booking) -> None:
        """Take a booking out and put another in. What both hold alike touches no row: most events change one or two days of a dossier."""
        old, new = out.cells, into.cells
        if out.notes or into.notes:
            self._notes.update(dict.fromkeys(out.notes))
            self._notes.update(into.notes)
        for cell, counts in old.items():
            if new.get(cell) != counts:
                self._add(cell, counts, -1)
        for cell, counts in new.items():
            if old.get(cell) != counts:
                self._add(cell, counts, 1)

    def rows(self, partition: int, table: Mapping[bytes, bytes]) -> dict[bytes, bytes | None]:
        """The rows of `table` that change, by key; None where nothing is left of a row."""
        changed: dict[bytes, bytes | None] = {}
        for (kind, name), note in self._notes.items():
            key = note_key(partition, kind, name)
            if table.get(key) != note:
                changed[key] = note
        for (unit, day), items in self._days.items():
            key = day_key(partition, unit, day)
            raw = table.get(key)
            row = {} if raw is None else decode_counters(raw)
            if _apply(row, items):
                changed[key] = encode_counters(row) if row else None
        return changed

    def _add(self, cell: tuple[str, int, str], counts: dict[int, int], sign: int) -> None:
        unit, day, item = cell
        items = self._days.get((unit, day))
        if items is None:
            items = self._days[unit, day] = {}
        held = items.get(item)
        if held is None:
            held = items[item] = {}
        for measure, count in counts.items():
            held[measure] = held.get(measure, 0) + sign * count


def _apply(row: Counters, items: Counters) -> bool:
    """Add differences to a row in place; zeros are not kept. Returns whether anything changed."""
    changed = False
    for item, counts in items.items():
        held = row.get(item, _NOTHING)
        if held is _NOTHING:
            held = row[item] = {}
        for measure, count in counts.items():
            if count:
                changed = True
                total = held.get(measure, 0) + count
                if total:
                    held[measure] = total
                else:
                    del held[measure]
        if not held:
            del row[item]
    return changed
