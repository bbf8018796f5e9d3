"""How many procedures of each unit of a scope have something: each once, however many units below have it."""

from collections.abc import Sequence
from functools import cached_property, lru_cache, reduce

import msgspec
import numpy as np
from numpy.typing import NDArray

from services.api.cube.order import TreeOrder
from services.api.cube.scope import Scope
from services.api.cube.segments import Segments, Words

Places = NDArray[np.intp]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Pairs(msgspec.Struct, frozen=True, eq=False):
    """All pairs of a unit and a procedure: the unit's place in a tree (-1: not in it), the procedure's number."""

    places: Places
    items: Places
    procedures: int


class Some:
    """Which pairs have something, as bits of the segments that ask for it.

    Args:
        rows: whose pairs.
        flags: one for each of them.
    """

    def __init__(self, rows: "ProcedureRows", flags: Flags) -> None:
        self.none = not flags.any()
        """Whether no pair has."""
        self._rows = rows
        self._flags = np.append(flags, np.False_)

    @cached_property
    def lone(self) -> Words:
        """By unit that nothing is pooled with."""
        return self._rows.lone.words(self._flags)

    @cached_property
    def pooled(self) -> Flags:
        """By cell (pooled unit, procedure): whether any of the pairs in it has."""
        return self._rows.pooled.any(self._rows.pooled.words(self._flags))


class ProcedureRows:
    """The pairs that the units of a scope are made of, and how they add up. It depends on no count: it serves many periods.

    Args:
        pairs: all there are.
        scope: which units are asked for.
    """

    def __init__(self, pairs: Pairs, scope: Scope) -> None:
        self._scope = scope
        needed = np.zeros(len(scope.order.codes) + 1, np.bool_)  # place -1 is the last one
        needed[scope.needed] = True
        chosen = np.flatnonzero(needed[pairs.places])
        self.chosen: slice | Places = chosen if len(chosen) < len(pairs.places) else slice(0, len(chosen))
        """The pairs to look at."""
        self.size = len(chosen)
        """How many these are."""
        self._places, self._items = pairs.places[self.chosen], pairs.items[self.chosen]
        self._procedures = pairs.procedures
        width = scope.ends - scope.places
        self._lone_rows, self._pooled_rows = np.flatnonzero(width == 1), np.flatnonzero(width > 1)

    def number(self, conditions: Sequence[tuple[Some, bool]], weight: Numbers) -> Numbers:
        """How many procedures of each unit fulfil all conditions.

        Args:
            conditions: for each which pairs have something, and whether there must be some or none.
            weight: what each procedure counts for, 0 for those that do not count.
        """
        found = np.zeros(len(self._scope), np.int64)
        weight = weight[: self._procedures]  # others became known later: nobody has any of them
        if self.size and weight.any() and not any(wanted and some.none for some, wanted in conditions):
            if len(self._lone_rows):
                bits = reduce(np.bitwise_and, [some.lone if wanted else ~some.lone for some, wanted in conditions])
                for least in range(1, int(weight.max()) + 1):
                    heavy = self._heavy(tuple(np.flatnonzero(weight >= least).tolist()))
                    found[self._lone_rows] += self.lone.counts(bits & heavy)
            if len(self._pooled_rows):
                holds = reduce(np.logical_and, [some.pooled if wanted else ~some.pooled for some, wanted in conditions])
                rows, procedures = np.divmod(self._cells[holds], self._procedures)
                np.add.at(found, self._pooled_rows[rows], weight[procedures])
        return found

    @cached_property
    def lone(self) -> Segments:
        """The pairs of each unit that nothing is pooled with: what holds for a pair holds for the unit."""
        numbers = np.full(len(self._scope.order.codes) + 1, -1, np.intp)
        numbers[self._scope.places[self._lone_rows]] = np.arange(len(self._lone_rows))
        of_pairs = numbers[self._places]
        pairs = np.flatnonzero(of_pairs >= 0)
        return Segments(of_pairs[pairs], pairs, len(self._lone_rows))

    @cached_property
    def pooled(self) -> Segments:
        """The pairs of each of `_cells`."""
        cells, pairs = self._in_cells
        return Segments(np.searchsorted(self._cells, cells), pairs, len(self._cells))

    @cached_property
    def _cells(self) -> Places:
        """Cells of a table [pooled unit][procedure] in which there are pairs."""
        found: Places = np.unique(self._in_cells[0])
        return found

    @cached_property
    def _in_cells(self) -> tuple[Places, Places]:
        """(cell, pair) for each pooled unit above (or at) the unit of a pair."""
        order, scope = self._scope.order, self._scope
        numbers = np.full(len(order.codes) + 1, -1, np.intp)  # of pooled units by place
        numbers[scope.places[self._pooled_rows]] = np.arange(len(self._pooled_rows))
        ends, parents = scope.ends[self._pooled_rows], np.append(order.parents, -1)
        places = np.append(np.arange(len(order.codes)), -1)
        above, cells, pairs = places, [], []
        while (above >= 0).any():
            number = numbers[above]
            number[(number >= 0) & (places >= ends[number])] = -1
            of_pairs = number[self._places]
            inside = np.flatnonzero(of_pairs >= 0)
            cells.append(of_pairs[inside] * self._procedures + self._items[inside])
            pairs.append(inside)
            above = parents[above]
        return np.concatenate(cells), np.concatenate(pairs)

    def _heavy(self, procedures: tuple[int, ...]) -> Words:
        """The pairs of some procedures, in the order of `lone`."""
        if procedures not in self._heavies:
            chosen = np.zeros(self._procedures, np.bool_)
            chosen[list(procedures)] = True
            self._heavies[procedures] = self.lone.words(np.append(chosen[self._items], np.False_))
        return self._heavies[procedures]

    @cached_property
    def _heavies(self) -> dict[tuple[int, ...], Words]:
        return {}


@lru_cache(maxsize=16)
def procedure_rows(pairs: Pairs, scope: Scope) -> ProcedureRows:
    """The same for the same pairs and scope (the very same objects)."""
    return ProcedureRows(pairs, scope)


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
