"""The cube as a whole: one writer puts transactions in, readers ask for periods."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Final, NamedTuple

from schemas.measures import Measure
from schemas.periods import Period
from schemas.rows import ProcedureRow, Progress
from services.api.cube.declared import Declared
from services.api.cube.differences import Rows, Told
from services.api.cube.hearings import Heard
from services.api.cube.order import TreeOrder
from services.api.cube.procedures import Numbers, Pairs, Places, States, pairs_of
from services.api.cube.store import Entries, Store
from services.api.cube.told import ToldOfUnits

__all__ = ["Cube", "Reading", "State"]

_TREES: Final = 8
"""Trees (there is one between two borders of validity) whose places are remembered."""

_LISTS: Final = 64
"""Lists of units whose slots are remembered."""

_PIECE: Final = 10_000
"""Rows that are unpacked into lists at once, which take far more memory than the arrays made of them."""


class State(NamedTuple):
    """How far a cube is.

    ``version`` grows when anything was counted, so that what was worked out of one version holds until the next; ``revision`` grows with
    every transaction, also with those that say only how late it is; ``as_of``: the moment up to which every partition has applied time,
    microseconds, 0 before any has.
    """

    version: int
    revision: int
    as_of: int


class _Slots(NamedTuple):
    """The slots of a list of units, looked up when there were `size` slots in all."""

    units: list[str]  # keeps the list's id its own
    size: int
    places: Places


class _Remembered(NamedTuple):
    """What readings need not look up again."""

    pairs: dict[TreeOrder, Pairs]
    slots: dict[int, _Slots]


class Cube:
    """Counts by unit, day, procedure and measure, as of the last whole transaction of every partition."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._store = Store()
        self._rows: dict[int, Rows] = {}
        self._told = ToldOfUnits()
        self._progress: dict[int, Progress] = {}
        self._positions: dict[int, int] = {}
        self._remembered = _Remembered({}, {})
        self.state = State(0, 0, 0)
        """Read it at any time: it is replaced as a whole."""

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
                self._store.add(changes, self._still)
                self._tell(partition, changes.told)
            self._progress[partition] = progress
            self._positions[partition] = position
            self.state = State(
                version=self.state.version + any(changes.anything for changes in pieces),
                revision=sum(self._positions.values()),
                as_of=min(each.clock for each in self._progress.values()),
            )

    def _tell(self, partition: int, told: Told) -> None:
        """Put in force what is told beside the counts."""
        self._told.take(partition, told)
        for procedure, row in told.procedures.items():
            self._store.describe(procedure, row)
        for subject, figure in told.figures.items():
            self._store.declared.put(subject, figure)

    def _still(self, pair: int, day: int, measure: int) -> bool:
        """Whether the rows of any partition have some of a measure of a pair on a day."""
        return any(rows.has(pair, day, measure) for rows in self._rows.values())

    @contextmanager
    def reading(self) -> Iterator["Reading"]:
        """Read one state of the cube. The writer waits meanwhile: do not wait for anything inside."""
        with self._lock:
            yield Reading(self._store, self._told, self._progress, self.state, self._remembered)

    def positions(self) -> dict[int, int]:
        """The offset after what has been applied, by partition."""
        with self._lock:
            return dict(self._positions)

    def heard_since(self, version: int) -> Heard:
        """Which senders were heard since a version that an earlier call gave; 0: all of them."""
        with self._lock:
            return self._told.hearings.since(version)

    def clocks(self) -> dict[int, int]:
        """The moment up to which time has been applied, by partition, microseconds."""
        with self._lock:
            return {number: progress.clock for number, progress in self._progress.items()}

    @property
    def memory(self) -> dict[str, int]:
        """Bytes set aside, by part."""
        return self._store.memory

    @property
    def kept(self) -> int:
        """How many rows it is made of."""
        return sum(len(rows) for rows in self._rows.values())

    def offsets(self) -> dict[int, Mapping[str, int]]:
        """The next offset to be counted, by partition and event topic."""
        with self._lock:
            return {number: progress.offsets for number, progress in self._progress.items()}


class Reading:
    """One state of the cube; used inside `Cube.reading` only. The arrays that it returns are copies and stay.

    Args:
        store: the arrays.
        told: of units, beside their counts.
        progress: how far each partition is.
        state: how far all of them are.
        remembered: what earlier readings looked up; it adds to it.
    """

    def __init__(
        self,
        store: Store,
        told: ToldOfUnits,
        progress: Mapping[int, Progress],
        state: State,
        remembered: "_Remembered",
    ) -> None:
        self._store = store
        self.told = told
        self.progress = progress
        self.state = state
        self._remembered = remembered
        self._states: dict[Period, States] = {}
        """Of all pairs: rankings ask for them several times."""

    def totals(self, units: Iterable[str], period: Period) -> Numbers:
        """All measures, one row a unit (`store.COLUMNS`): flows inside the period, stocks at its end."""
        return self._store.totals(self._known(units), period)

    def measure(self, units: Iterable[str], measure: Measure, period: Period) -> Numbers:
        """The same of one measure, one number a unit."""
        return self._store.measure(self._known(units), measure, period)

    def entries(self, units: Iterable[str], measure: Measure, period: Period) -> Entries:
        """One measure split by procedure (see `items`)."""
        return self._store.entries(self._known(units), measure, period)

    def pairs(self, order: TreeOrder) -> Pairs:
        """All pairs of a unit and a procedure as a tree sees them."""
        index = self._store.index
        slots, items = index.pairs  # first: the writer may be adding more
        pairs = self._remembered.pairs
        known = pairs.get(order)
        if known is None or len(known.items) < len(slots):
            if known is None and len(pairs) >= _TREES:
                pairs.clear()
            known = pairs[order] = pairs_of(order, index.known(order.codes), slots, items, len(index.items))
        return known

    def states(self, period: Period, pairs: slice | Places, size: int) -> States:
        """Of which pairs (`size` of them) there is some of a measure, for those measures of which that is kept ready."""
        if not isinstance(pairs, slice):
            return States(self._store.some_of(period, pairs, size))
        if period not in self._states:
            self._states[period] = States(self._store.some_of(period, pairs, size))
        return self._states[period]

    def filtered(self, units: Iterable[str], period: Period) -> Numbers:
        """What rule sets ask of procedures with an attribute (`needs().filtered`), in columns, one row a unit."""
        return self._store.filtered(self._known(units), period)

    def attribute(self, name: str) -> Numbers:
        """An attribute of every procedure (see `items`)."""
        return self._store.attributes.column(name, len(self._store.index.items))

    @property
    def declared(self) -> Declared:
        """The figures that units declared."""
        return self._store.declared

    @property
    def catalogue(self) -> Mapping[str, ProcedureRow]:
        """What is known of procedures, by their code."""
        return self._store.catalogue

    def _known(self, units: Iterable[str]) -> Places:
        """The slots of units; of the same list they are looked up once."""
        if not isinstance(units, list):
            return self._store.index.known(units)
        size = self._store.index.slots
        known = self._remembered.slots.get(id(units))
        if known is None or known.size != size:
            if known is None and len(self._remembered.slots) >= _LISTS:
                self._remembered.slots.clear()
            known = _Slots(units, size, self._store.index.known(units))
            self._remembered.slots[id(units)] = known
        return known.places

    @property
    def items(self) -> list[str]:
        """The procedures by their number; "" where none is named."""
        return self._store.index.items

    @property
    def named(self) -> tuple[str, ...]:
        """Every unit that rows name, also those that have left the tree."""
        return tuple(dict.fromkeys((*self._store.index.units, *self.told.late)))
