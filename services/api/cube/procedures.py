"""How many procedures of each unit of a scope have something: each once, however many units below have it."""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache, reduce
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from schemas.rulesets.presence import Presence
from services.api.cube.order import TreeOrder
from services.api.cube.scope import Scope
from services.api.cube.segments import Segments, Words

Places = NDArray[np.intp]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

_BITS: Final = 8
"""Measures a byte."""

_CHOICES: Final = 64
"""Sets of procedures whose pairs are remembered; rule sets ask for a dozen."""


class Pairs(msgspec.Struct, frozen=True, eq=False):
    """All pairs of a unit and a procedure: the unit's place in a tree (-1: not in it), the procedure's number."""

    places: Places
    items: Places
    procedures: int


class States:
    """Which pairs have some of each of a few measures: a bit a measure, because to gather them is what takes time.

    Args:
        flags: by measure, one for each pair.
    """

    def __init__(self, flags: Mapping[str, Flags]) -> None:
        found = [name for name, each in flags.items() if each.any()]
        self.bits = {name: divmod(place, _BITS) for place, name in enumerate(found)}
        """The place in `bytes` and the bit of each measure that any pair has some of."""
        self.bytes = [
            _in_bytes([flags[name] for name in found[start : start + _BITS]]) for start in range(0, len(found), _BITS)
        ]
        """For each pair a byte; behind those of all pairs an empty one."""


def _in_bytes(flags: Sequence[Flags]) -> Bytes:
    found = np.zeros(len(flags[0]) + 1, np.uint8)
    for bit, each in enumerate(flags):
        found[:-1] |= each.view(np.uint8) << np.uint8(bit)
    return found


class Some:
    """Which rows have some of a measure.

    Args:
        rows: of units.
        states: of the pairs that they are made of (`rows.chosen`).
    """

    def __init__(self, rows: "ProcedureRows", states: States) -> None:
        self._rows = rows
        self._states = states
        self._words: dict[str, Words] = {}
        self._cells: dict[str, Flags] = {}

    def anywhere(self, name: str) -> bool:
        """Whether any pair has some of a measure; only then the others may be asked."""
        return name in self._states.bits

    def lone(self, name: str) -> Words:
        """By unit that nothing is pooled with."""
        if name not in self._words:
            self._words[name] = self._of(name, self._rows.lone, self._lone)
        return self._words[name]

    def pooled(self, name: str) -> Flags:
        """By cell (pooled unit, procedure): whether any of the pairs in it has some."""
        if name not in self._cells:
            self._cells[name] = self._rows.pooled.any(self._of(name, self._rows.pooled, self._pooled))
        return self._cells[name]

    def _of(self, name: str, segments: Segments, entries: Sequence[Bytes]) -> Words:
        group, bit = self._states.bits[name]
        return segments.words(entries[group] & np.uint8(1 << bit))

    @cached_property
    def _lone(self) -> list[Bytes]:
        return [self._rows.lone.entries(states) for states in self._states.bytes]

    @cached_property
    def _pooled(self) -> list[Bytes]:
        return [self._rows.pooled.entries(states) for states in self._states.bytes]


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

    def number(self, some: Some, presence: Presence, weight: Numbers) -> Numbers:
        """How many procedures of each unit fulfil a condition.

        Args:
            some: which pairs have something.
            presence: of which measures there must be some or none; of at least one some.
            weight: what each procedure counts for, 0 for those that do not count.
        """
        found = np.zeros(len(self._scope), np.int64)
        weight = weight[: self._procedures]  # others became known later: nobody has any of them
        asked = [(name, wanted) for name, wanted in presence if wanted or some.anywhere(name)]
        if weight.any() and all(some.anywhere(name) for name, _ in asked):
            if len(self._lone_rows):
                bits = reduce(
                    np.bitwise_and, [some.lone(name) if wanted else ~some.lone(name) for name, wanted in asked]
                )
                for least in range(1, int(weight.max()) + 1):
                    heavy = self._heavy(weight >= least)
                    found[self._lone_rows] += self.lone.counts(bits & heavy)
            if len(self._pooled_rows):
                holds = reduce(
                    np.logical_and, [some.pooled(name) if wanted else ~some.pooled(name) for name, wanted in asked]
                )
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
        numbers = np.empty(self._table, np.intp)
        numbers[self._cells] = np.arange(len(self._cells))
        return Segments(numbers[cells], pairs, len(self._cells))

    @cached_property
    def _cells(self) -> Places:
        """Cells of a table [pooled unit][procedure] in which there are pairs."""
        there = np.zeros(self._table, np.bool_)
        there[self._in_cells[0]] = True
        return np.flatnonzero(there)

    @property
    def _table(self) -> int:
        """How many cells a table [pooled unit][procedure] has."""
        return len(self._pooled_rows) * self._procedures

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

    def _heavy(self, chosen: Flags) -> Words:
        """The pairs of some procedures, in the order of `lone`."""
        key = chosen.tobytes()
        if key not in self._heavies:
            if len(self._heavies) >= _CHOICES:
                self._heavies.clear()
            self._heavies[key] = self.lone.words(self.lone.entries(np.append(chosen[self._items], np.False_)))
        return self._heavies[key]

    @cached_property
    def _heavies(self) -> dict[bytes, Words]:
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
