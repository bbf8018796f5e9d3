"""How many procedures of each unit of a scope have something: each once, however many units below have it."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.api.cube.order import TreeOrder
from services.api.cube.scope import Scope

Places = NDArray[np.intp]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Pairs(NamedTuple):
    """All pairs of a unit and a procedure: the unit's place in a tree (-1: not in it), the procedure's number."""

    places: Places
    items: Places
    procedures: int


class ProcedureRows:
    """The pairs that the units of a scope are made of, and how they add up.

    Args:
        pairs: all there are.
        scope: which units are asked for.
    """

    def __init__(self, pairs: Pairs, scope: Scope) -> None:
        self._scope = scope
        self._procedures = pairs.procedures
        needed = np.zeros(len(scope.order.codes) + 1, np.bool_)  # place -1 is the last one
        needed[scope.needed] = True
        chosen = np.flatnonzero(needed[pairs.places])
        self.chosen: slice | Places = slice(0, len(chosen)) if len(chosen) == len(pairs.places) else chosen
        """The pairs to look at."""
        self.size = len(chosen)
        """How many these are."""
        self._places, self._items = pairs.places[self.chosen], pairs.items[self.chosen]
        width = scope.ends - scope.places
        self._lone, self._pooled = np.flatnonzero(width == 1), np.flatnonzero(width > 1)

    def number(self, present: Sequence[tuple[Flags, bool]], weight: Numbers) -> Numbers:
        """How many procedures of each unit fulfil all conditions.

        Args:
            present: for each condition which of the chosen pairs have something, and whether there must be some or none.
            weight: what each procedure counts for, 0 for those that do not count.
        """
        found = np.zeros(len(self._scope), np.int64)
        self._count_lone(found, present, weight)
        if len(self._pooled):
            self._count_pooled(found, present, weight)
        return found

    def _count_lone(self, found: Numbers, present: Sequence[tuple[Flags, bool]], weight: Numbers) -> None:
        """Units that nothing is pooled with: what holds for a pair holds for the unit."""
        holds = self._lone_rows >= 0
        for flags, wanted in present:
            holds &= flags if wanted else ~flags
        places = np.flatnonzero(holds)
        # Numbers of procedures stay far below 2**53, so doubles add them exactly.
        found += np.bincount(self._lone_rows[places], weight[self._items[places]], len(found)).astype(np.int64)

    def _count_pooled(self, found: Numbers, present: Sequence[tuple[Flags, bool]], weight: Numbers) -> None:
        """The others: first which procedures any of their units has, then the conditions."""
        holds = np.ones((len(self._pooled), self._procedures), np.bool_)
        for flags, wanted in present:
            there = np.zeros_like(holds)
            for rows, pairs in self._levels:
                chosen = flags[pairs]
                there[rows[chosen], self._items[pairs[chosen]]] = True
            holds &= there if wanted else ~there
        found[self._pooled] = holds @ weight

    @cached_property
    def _lone_rows(self) -> Places:
        """For each pair the row of its unit, -1 where that is pooled with others or not asked for."""
        rows = np.full(len(self._scope.order.codes) + 1, -1, np.intp)
        rows[self._scope.places[self._lone]] = self._lone
        found: Places = rows[self._places]
        return found

    @cached_property
    def _levels(self) -> list[tuple[Places, Places]]:
        """(place in `_pooled`, pair) for each pooled unit above (or at) a pair, level by level."""
        order, scope = self._scope.order, self._scope
        rows = np.full(len(order.codes) + 1, -1, np.intp)
        rows[scope.places[self._pooled]] = np.arange(len(self._pooled))
        ends = scope.ends[self._pooled]
        above, levels = self._places, []
        while (above >= 0).any():
            row = rows[above]
            inside = (row >= 0) & (above >= 0)
            inside[inside] = self._places[inside] < ends[row[inside]]
            pairs = np.flatnonzero(inside)
            if len(pairs):
                levels.append((row[pairs], pairs))
            above = np.where(above >= 0, order.parents[above], -1)
        return levels


def pairs_of(order: TreeOrder, known: Places, slots: Places, items: Places, procedures: int) -> Pairs:
    """The pairs seen from a tree.

    Args:
        order: the tree.
        known: the slot of each of its units (0: without counts).
        slots: the unit's slot of each pair.
        items: the procedure of each pair.
        procedures: how many procedures there are.
    """
    places = np.full(max(int(known.max(initial=0)), int(slots.max(initial=0))) + 1, -1, np.intp)
    places[known] = np.arange(len(order.codes))
    places[0] = -1
    return Pairs(places[slots], items, procedures)
