"""What a batch of rows changes: the old row of each key out, the new one in."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas import rows
from schemas.rows import (
    Counters,
    FigureRow,
    HeardKey,
    ProcedureRow,
    RowKey,
    decode_counters,
    decode_figure,
    decode_moment,
    decode_number,
    decode_procedure,
    parse_heard,
    parse_key,
)
from services.api.cube.index import Index

Column = NDArray[np.int64]

_DAY_BITS: Final = 22
_FIRST_DAY: Final = 719_163  # days from 0001-01-01 to 1970-01-01, so that no day is negative
_NO_ROW: Final[Counters] = {}
_NO_COUNTS: Final[dict[int, int]] = {}


class Told(NamedTuple):
    """What rows tell beside counts.

    ``newest``: by unit the `time` of its newest event; ``procedures``: by procedure what is known of it; ``figures``: by the subject of its
    events what was declared (None: nothing any more); ``late``: by unit how many late notices there were, ever; ``heard``: by sender and
    day in which quarters of an hour (`encode_number`).
    """

    newest: dict[str, int]
    procedures: dict[str, ProcedureRow | None]
    figures: dict[str, FigureRow | None]
    late: dict[str, int]
    heard: dict[HeardKey, int]

    @classmethod
    def nothing(cls) -> "Told":
        """To be filled."""
        return cls({}, {}, {}, {}, {})

    def take(self, key: RowKey, value: bytes | None) -> None:
        """Read a row that is no day's."""
        match key.kind:
            case rows.LAST:
                self.newest[key.name] = 0 if value is None else decode_moment(value)
            case rows.PROCEDURE:
                self.procedures[key.name] = None if value is None else decode_procedure(value)
            case rows.FIGURE:
                self.figures[key.name] = None if value is None else decode_figure(value)
            case rows.LATE:
                self.late[key.name] = 0 if value is None else decode_number(value)
            case rows.HEARD:
                self.heard[parse_heard(key.name)] = 0 if value is None else decode_number(value)

    @property
    def anything(self) -> bool:
        """Whether anything is told that documents are made of: when senders were heard is in none of them."""
        return any((self.newest, self.procedures, self.figures, self.late))


class Differences(NamedTuple):
    """Counts to add, as columns of one length, and what is told beside them."""

    pairs: Column
    days: Column
    measures: Column
    counts: Column
    told: Told

    @property
    def anything(self) -> bool:
        """Whether anything changes at all."""
        return bool(len(self.pairs)) or self.told.anything


class Rows:
    """The last row of each (unit, day) of one partition, as it came: some hundred bytes each."""

    __slots__ = ("_index", "_rows")

    def __init__(self, index: Index) -> None:
        self._index = index
        self._rows: dict[int, bytes] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def has(self, pair: int, day: int, measure: int) -> bool:
        """Whether there is some of a measure of a pair on a day."""
        slots, items = self._index.pairs
        row = self._rows.get(int(slots[pair]) << _DAY_BITS | (day + _FIRST_DAY))
        return (
            row is not None and decode_counters(row).get(self._index.items[items[pair]], _NO_COUNTS).get(measure, 0) > 0
        )

    def replace(self, changed: Mapping[bytes, bytes | None]) -> Differences:
        """Keep these rows (None: gone) instead of the former ones of their keys; what that adds.

        Raises:
            ValueError: not rows of this table.
        """
        changes = _Changes(self._index)
        told = Told.nothing()
        for key, value in changed.items():
            parsed = parse_key(key)
            if parsed is None:
                continue
            if parsed.day is None:
                told.take(parsed, value)
                continue
            slot = self._index.slot(parsed.name)
            where = slot << _DAY_BITS | (parsed.day + _FIRST_DAY)
            before = self._rows.get(where)
            if before == value:
                continue
            changes.add(slot, parsed.day, _decoded(before), _decoded(value))
            if value is None:
                self._rows.pop(where, None)
            else:
                self._rows[where] = value
        return changes.done(told)


def _decoded(value: bytes | None) -> Counters:
    return _NO_ROW if value is None else decode_counters(value)


class _Changes:
    """Gathers differences as one plain list, four numbers each; it becomes arrays at the end, all at once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._numbers: list[int] = []

    def add(self, slot: int, day: int, old: Counters, new: Counters) -> None:
        """Take one row out and another in."""
        pairs = self._index.pairs_of(slot)
        numbers = self._numbers
        for item, counts in new.items():
            was = old.get(item, _NO_COUNTS)
            if was == counts:
                continue
            pair = pairs.get(item)
            if pair is None:
                pair = self._index.new_pair(slot, item)
            for measure, count in counts.items():
                more = count - was.get(measure, 0)
                if more:
                    numbers += (pair, day, measure, more)
            for measure, count in was.items():
                if measure not in counts:
                    numbers += (pair, day, measure, -count)
        for item, was in old.items():
            if item not in new:
                for measure, count in was.items():
                    numbers += (pairs[item], day, measure, -count)

    def done(self, told: Told) -> Differences:
        pairs, days, measures, counts = np.array(self._numbers, np.int64).reshape(-1, 4).T.copy()
        return Differences(pairs, days, measures, counts, told)
