"""The cube as a whole: one writer puts transactions in, readers ask for periods."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Final

from schemas.measures import Measure
from schemas.periods import Period
from schemas.rows import Progress
from services.api.cube.differences import Rows
from services.api.cube.store import Entries, Store, Totals

__all__ = ["Cube", "Reading"]

_PIECE: Final = 10_000
"""Rows that are unpacked into lists at once, which take far more memory than the arrays made of them."""


class Cube:
    """Counts by unit, day, procedure and measure, as of the last whole transaction of every partition."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._store = Store()
        self._rows: dict[int, Rows] = {}
        self._newest: dict[str, dict[int, int]] = {}
        self._progress: dict[int, Progress] = {}
        self._positions: dict[int, int] = {}

    def apply(self, partition: int, rows: Mapping[bytes, bytes | None], progress: Progress, position: int) -> None:
        """Put one or more whole transactions of a partition in, at once. Only one thread may call it.

        Args:
            partition: of the changelog.
            rows: the last value of each key in them.
            progress: the row that ends the last of them.
            position: the offset after it.

        Raises:
            ValueError: not rows of this table.
        """
        kept = self._rows.setdefault(partition, Rows(self._store.index))
        keys = iter(rows)
        pieces = []
        while piece := {key: rows[key] for key in islice(keys, _PIECE)}:
            pieces.append(kept.replace(piece))  # the slow part: readers go on meanwhile
        with self._lock:
            for changes in pieces:
                self._store.add(changes)
                for unit, moment in changes.newest.items():
                    self._newest.setdefault(unit, {})[partition] = moment
            self._progress[partition] = progress
            self._positions[partition] = position

    @contextmanager
    def reading(self) -> Iterator["Reading"]:
        """Read one state of the cube. The writer waits meanwhile: do not wait for anything inside."""
        with self._lock:
            yield Reading(self._store, self._newest, self._progress, sum(self._positions.values()))

    def positions(self) -> dict[int, int]:
        """The offset after what has been applied, by partition."""
        with self._lock:
            return dict(self._positions)

    def clocks(self) -> dict[int, int]:
        """The moment up to which time has been applied, by partition, microseconds."""
        with self._lock:
            return {number: progress.clock for number, progress in self._progress.items()}

    @property
    def memory(self) -> dict[str, int]:
        """Bytes set aside, by part; `rows`: how many are kept."""
        return self._store.memory | {"rows": sum(len(rows) for rows in self._rows.values())}


class Reading:
    """One state of the cube; used inside `Cube.reading` only. The arrays that it returns are copies and stay.

    Args:
        store: the arrays.
        newest: the `time` of the newest event by unit and partition.
        progress: how far each partition is.
        revision: a number that grows with every transaction.
    """

    def __init__(
        self, store: Store, newest: Mapping[str, Mapping[int, int]], progress: Mapping[int, Progress], revision: int
    ) -> None:
        self._store = store
        self._newest = newest
        self.progress = progress
        self.revision = revision

    @property
    def as_of(self) -> int:
        """The moment up to which every partition has applied time, microseconds; 0 before any has."""
        return min((progress.clock for progress in self.progress.values()), default=0)

    def totals(self, units: Iterable[str], period: Period) -> Totals:
        """What the days of a period add up to, one row a unit."""
        return self._store.totals(self._store.index.known(units), period)

    def entries(self, units: Iterable[str], measure: Measure, period: Period) -> Entries:
        """The same of one measure, split by procedure (see `items`)."""
        return self._store.entries(self._store.index.known(units), measure, period)

    @property
    def items(self) -> list[str]:
        """The procedures by their number; "" where none is named."""
        return self._store.index.items

    def last_event(self, units: Iterable[str]) -> int | None:
        """The `time` of the newest event of any of these units, microseconds; None without one."""
        return max((moment for unit in units for moment in self._newest.get(unit, {}).values()), default=None)
