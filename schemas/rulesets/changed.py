"""Counts as they would be after a change: what the evaluator is asked when nobody wants to guess what a change is worth."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from schemas.rulesets.counts import Attributes, Cells, Counts, Figures
from schemas.rulesets.exact import Ints
from schemas.rulesets.presence import Presence
from schemas.rulesets.procedures import ByProcedure

Rows = NDArray[np.intp]
Key = TypeVar("Key")

UNSPLIT: Final = -1
"""In place of a procedure: of none. It has no attribute, and no condition on procedures sees it."""


class Change(Struct, frozen=True):
    """What is added to the counts of one unit.

    ``counts``: by measure and procedure (its row number, or `UNSPLIT`); ``classes``: by measure of petitions and class; ``units``: how
    many units more declare a value, by (kind, figure, value).
    """

    counts: Mapping[tuple[str, int], int] = {}
    classes: Mapping[tuple[str, str], int] = {}
    units: Mapping[tuple[str, str, int], int] = {}

    def __add__(self, other: "Change") -> "Change":
        return total((self, other))


NO_CHANGE: Final = Change()


class _More(NamedTuple):
    """What is added to a measure: to which row, of which procedure, how many."""

    row: Rows
    procedure: Rows
    number: NDArray[np.int64]


_NOTHING: Final = _More(np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0, np.int64))


class Changed:
    """Rows of other counts, each with a change (`schemas.rulesets.counts.Counts`).

    Args:
        counts: those before the change.
        rows: which of their rows; one may be there many times, each time with another change.
        changes: one a row.
        together: all changes happen, so that a province has those of all its units. Else each row is a world of its own.
    """

    def __init__(
        self, counts: Counts, rows: Sequence[int] | Rows, changes: Sequence[Change], *, together: bool = False
    ) -> None:
        self._counts = counts
        self._rows: Rows = np.asarray(rows, np.intp)
        self._changes = changes
        self._together = together
        self._more = _by_measure(changes)

    @property
    def size(self) -> int:
        """How many rows."""
        return len(self._rows)

    @property
    def kinds(self) -> Sequence[str]:
        """The kind of each row's unit."""
        kinds = self._counts.kinds
        return [kinds[row] for row in self._rows]

    def provinces(self) -> "tuple[Changed, Rows]":
        """The provinces with what changed in them."""
        above, lies_in = self._counts.provinces()
        lies_in = lies_in[self._rows]
        inside = np.flatnonzero(lies_in >= 0)
        if not self._together:
            rows = np.full(self.size, -1, np.intp)
            rows[inside] = np.arange(len(inside))
            return Changed(above, lies_in[inside], [self._changes[row] for row in inside.tolist()]), rows
        theirs: dict[int, Change] = defaultdict(Change)
        for row in inside.tolist():
            theirs[int(lies_in[row])] += self._changes[row]
        places = np.array(sorted(theirs), np.intp)
        rows = np.where(lies_in >= 0, np.searchsorted(places, lies_in), -1)
        return Changed(above, places, [theirs[place] for place in places.tolist()], together=True), rows

    def measure(self, name: str) -> Ints:
        """A measure of the whole unit."""
        more = self._more.get(name, _NOTHING)
        return self._with(self._counts.measure(name), more.row, more.number)

    def measure_of_class(self, name: str, petition_class: str) -> Ints:
        """A measure of petitions of one class."""
        more = [change.classes.get((name, petition_class), 0) for change in self._changes]
        return self._with(self._counts.measure_of_class(name, petition_class), np.arange(self.size), more)

    def cells(self, name: str) -> Cells:
        """A measure split by procedure."""
        found = self._counts.cells(name)
        first, end = (np.searchsorted(found.unit, self._rows, side) for side in ("left", "right"))
        chosen = _ranges(first, end)
        rows = np.repeat(np.arange(self.size), end - first)
        more = self._more.get(name, _NOTHING)
        split = more.procedure != UNSPLIT
        width = max(1, self.procedures)
        keys = np.concatenate([rows * width + found.procedure[chosen], (more.row * width + more.procedure)[split]])
        places, whose = np.unique(keys, return_inverse=True)
        values = np.zeros(len(places), np.int64)
        np.add.at(values, whose, np.concatenate([found.value[chosen], more.number[split]]))
        kept = values != 0
        unit, procedure = np.divmod(places[kept], width)
        return Cells(unit.astype(np.intp), procedure.astype(np.intp), values[kept])

    @property
    def procedures(self) -> int:
        """How many procedures there are."""
        return self._counts.procedures

    def attribute(self, name: str) -> NDArray[np.int64]:
        """An attribute of every procedure."""
        return self._counts.attribute(name)

    def sum_having(self, name: str, attributes: Attributes) -> Ints:
        """A measure of procedures with these attributes."""
        kept = np.ones(self.procedures + 1, np.bool_)  # the last one is `UNSPLIT`
        for attribute, wanted in attributes:
            kept &= np.append(self.attribute(attribute) > 0, False) == wanted
        more = self._more.get(name, _NOTHING)
        asked = kept[more.procedure]
        before = ByProcedure(self._counts, {}).sum_of(name, attributes)
        return self._with(before, more.row[asked], more.number[asked])

    def procedures_with(self, presence: Presence, attributes: Attributes, *, services: bool) -> Ints | None:
        """How many procedures have some of the measures, or none, where that is at hand before the change: only rows in which one of the
        measures changes are counted anew.
        """
        ready = self._counts.procedures_with(presence, attributes, services=services)
        if ready is None:
            return None
        found = ready[self._rows]
        touched = np.unique(np.concatenate([self._more.get(name, _NOTHING).row for name, _ in presence]))
        if len(touched):
            some = Changed(self._counts, self._rows[touched], [self._changes[row] for row in touched.tolist()])
            found[touched] = some._number(presence, attributes, services=services)
        return found

    def _number(self, presence: Presence, attributes: Attributes, *, services: bool) -> Ints:
        weight = self.attribute("services") if services else np.ones(self.procedures, np.int64)
        for attribute, wanted in attributes:
            weight = np.where((self.attribute(attribute) > 0) == wanted, weight, 0)
        holds = np.ones((self.size, self.procedures), np.bool_)
        for name, wanted in presence:
            cells = self.cells(name)
            has = np.zeros_like(holds)
            has[cells.unit, cells.procedure] = True
            holds &= has == wanted
        found: Ints = holds @ weight
        return found

    def figure(self, name: str) -> Figures:
        """A declared figure; a change moves none."""
        figures = self._counts.figure(name)
        return Figures(figures.value[self._rows], figures.scale)

    def units(self, kind: str, figure: str | None = None, value: int = 0) -> Ints:
        """How many units of a kind lie in the scope."""
        more = [0 if figure is None else change.units.get((kind, figure, value), 0) for change in self._changes]
        return self._with(self._counts.units(kind, figure, value), np.arange(self.size), more)

    def _with(self, before: Ints, rows: Rows, more: Sequence[int] | NDArray[np.int64]) -> Ints:
        after = before[self._rows]
        np.add.at(after, rows, more)
        return after


def total(changes: Iterable[Change]) -> Change:
    """All of them."""
    counts: dict[tuple[str, int], int] = {}
    classes: dict[tuple[str, str], int] = {}
    units: dict[tuple[str, str, int], int] = {}
    for change in changes:
        _add(counts, change.counts)
        _add(classes, change.classes)
        _add(units, change.units)
    return Change(counts, classes, units)


def _by_measure(changes: Sequence[Change]) -> dict[str, _More]:
    """All changes by measure; one of a class of petitions changes the measure, too."""
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for row, change in enumerate(changes):
        for (name, procedure), count in change.counts.items():
            found[name].append((row, procedure, count))
        for (name, _), count in change.classes.items():
            found[name].append((row, UNSPLIT, count))
    columns = {name: np.array(entries, np.int64).T for name, entries in found.items()}
    return {
        name: _More(rows.astype(np.intp), which.astype(np.intp), numbers)
        for name, (rows, which, numbers) in columns.items()
    }


def _add(to: dict[Key, int], more: Mapping[Key, int]) -> None:
    for key, count in more.items():
        to[key] = to.get(key, 0) + count


def _ranges(first: Rows, end: Rows) -> Rows:
    """All numbers from each first up to its end, one range after the other."""
    lengths = end - first
    starts = np.cumsum(lengths) - lengths
    found: Rows = np.arange(lengths.sum()) - np.repeat(starts - first, lengths)
    return found
