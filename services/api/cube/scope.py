"""Which units' rows add up to which answers."""

from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.api.cube.order import TreeOrder
from services.api.cube.store import Entries

Places = NDArray[np.intp]
Numbers = NDArray[np.int64]

_ROOMY: Final = 16
"""Cells of a table for each entry, up to which a table beats sorting."""


class Scope:
    """Some units, each alone or with all below it. What a unit absorbed (see `TreeOrder`) counts as its own.

    Args:
        order: the tree.
        places: the units asked for, by their place in `order`, each once.
        pooled: each with all units below it.
    """

    def __init__(self, order: TreeOrder, places: Places, *, pooled: bool) -> None:
        self.order = order
        self.places = places
        self.pooled = pooled
        self._above: dict[str, tuple[Scope, Places]] = {}
        self.ends = (order.ends if pooled else order.own_ends)[places]
        changes = np.zeros(len(order.codes) + 1, np.int64)
        np.add.at(changes, places, 1)
        np.add.at(changes, self.ends, -1)
        self.needed = np.flatnonzero(np.cumsum(changes)[:-1])

    @classmethod
    def of(cls, order: TreeOrder, codes: list[str], *, pooled: bool) -> "Scope":
        """The same of units by code; all must be in the tree."""
        return cls(order, np.array([order.places[code] for code in codes], np.intp), pooled=pooled)

    def __len__(self) -> int:
        return len(self.places)

    @cached_property
    def codes(self) -> list[str]:
        """The units whose rows are needed."""
        return [self.order.codes[place] for place in self.needed]

    @cached_property
    def kinds(self) -> list[str]:
        """The kind of each unit asked for."""
        return [self.order.kinds[place] for place in self.places]

    def above(self, kind: str) -> "tuple[Scope, Places]":
        """The units of a kind in which these lie, whole, and for each unit the row of the one that it lies in (-1: none)."""
        if kind not in self._above:
            lies_in = self.order.lies_in(kind)[self.places]
            places = np.unique(lies_in[lies_in >= 0])
            same = self.pooled and np.array_equal(places, self.places)
            rows = np.where(lies_in >= 0, np.searchsorted(places, lies_in), -1)
            self._above[kind] = (self if same else Scope(self.order, places, pooled=True)), rows
        return self._above[kind]

    def entries(self, found: Entries) -> Entries:
        """The same by procedure; the answer is sorted by (unit, procedure), each pair once, what is zero left out."""
        rows = np.full(len(self.order.codes), -1, np.intp)
        rows[self.places] = np.arange(len(self.places))
        above = self.needed[found.units]
        lines = [above]
        if not self.pooled:  # an absorbed unit counts for its heir, too
            lines.append(np.where(self.order.is_absorbed[above], self.order.parents[above], -1))
        while self.pooled and (above >= 0).any():
            above = np.where(above >= 0, self.order.parents[above], -1)
            lines.append(above)
        places = np.concatenate(lines)
        units = np.where(places >= 0, rows[places], -1)
        chosen = units >= 0
        items, counts = np.tile(found.items, len(lines))[chosen], np.tile(found.counts, len(lines))[chosen]
        return _each_once(units[chosen], items, counts)

    def added(self, own: Numbers) -> Numbers:
        """Add up numbers of `codes` for the units asked for."""
        first, end = self._rows
        found: Numbers = own[first]
        for row in np.flatnonzero(end - first > 1).tolist():
            found[row] = own[first[row] : end[row]].sum(axis=0)
        return found

    @cached_property
    def _rows(self) -> tuple[Places, Places]:
        """Where in `codes` each unit asked for begins and ends."""
        return np.searchsorted(self.needed, self.places), np.searchsorted(self.needed, self.ends)


def _each_once(units: Places, items: Places, counts: Numbers) -> Entries:
    """Add up what stands for the same unit and item."""
    if not len(units):
        return Entries(units, items, counts)
    width = int(items.max()) + 1
    keys = units * width + items
    if (int(units.max()) + 1) * width <= _ROOMY * len(keys):
        # Sums of counts (and of seconds) stay far below 2**53, so doubles add them exactly.
        sums = np.bincount(keys, counts).astype(np.int64)
        found = np.flatnonzero(sums)
        return Entries(found // width, found % width, sums[found])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    sums = np.add.reduceat(counts[order], starts)
    kept = sums != 0
    found = keys[starts[kept]]
    return Entries(found // width, found % width, sums[kept])
