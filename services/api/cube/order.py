"""The unit tree of a day laid out in a row, so that a unit and all that counts for it stand side by side."""

from bisect import bisect_right
from collections import defaultdict
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from schemas.units import Unit, UnitTree

__all__ = ["COUNTRY", "COUNTRY_KIND", "Orders", "TreeOrder"]

Places = NDArray[np.intp]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

COUNTRY: Final = ""
"""The code of the whole country, which is above all units and in no tree."""

COUNTRY_KIND: Final = "country"

_WHOLE: Final = Unit(code=COUNTRY, name="Cả nước", kind=COUNTRY_KIND)


class TreeOrder:
    """Every unit before those below it, as the tree is in force on a day; place 0 is the whole country.

    A unit that has ended by that day and has a successor is *absorbed*: it stands right after its heir (`UnitTree.heir`), and what lay
    below it lies below the heir. So nothing that was counted is lost when units are merged.

    Args:
        tree: the units.
        day: days since 1970-01-01.
    """

    def __init__(self, tree: UnitTree, day: int) -> None:
        self.tree = tree
        self.day = day
        self.codes: list[str] = []
        """The code at each place."""
        below: dict[str, list[str]] = defaultdict(list)
        absorbed: dict[str, list[str]] = defaultdict(list)
        for unit in tree:
            heir = tree.heir(unit.code, day)
            if heir != unit.code:
                absorbed[heir].append(unit.code)
            else:
                below[COUNTRY if unit.parent is None else tree.heir(unit.parent, day)].append(unit.code)
        self._absorbed = absorbed
        self._lying: dict[str, Places] = {}
        self._of_kinds: dict[str, Flags] = {}
        self._lay_out(below)
        self.places = {code: place for place, code in enumerate(self.codes)}
        """The place of each code."""

    def _lay_out(self, below: dict[str, list[str]]) -> None:
        parents: list[int] = []
        waiting = [(COUNTRY, -1)]
        while waiting:
            code, above = waiting.pop()
            place, taken_over = len(self.codes), self._absorbed.get(code, [])
            self.codes += [code, *taken_over]
            parents += [above, *[place] * len(taken_over)]
            waiting.extend((child, place) for child in reversed(below.get(code, [])))
        self.parents: Places = np.array(parents, np.intp)
        """The place of each unit's parent, of an absorbed unit its heir's; -1 for the country."""

    @cached_property
    def ends(self) -> Places:
        """Where each unit's subtree ends (not included): itself, what it absorbed, all below."""
        ends = list(range(1, len(self.codes) + 1))
        parents = self.parents.tolist()
        for place in range(len(ends) - 1, 0, -1):  # the last child comes first, and its end is its parent's
            ends[parents[place]] = max(ends[parents[place]], ends[place])
        return np.array(ends, np.intp)

    @cached_property
    def own_ends(self) -> Places:
        """Where each unit and what it absorbed end (not included): what lies below begins there."""
        sizes = [1 + len(self._absorbed.get(code, [])) for code in self.codes]
        return np.arange(len(self.codes)) + np.array(sizes, np.intp)

    @cached_property
    def is_absorbed(self) -> Flags:
        """Whether another unit counts for it. Asked for by its own code it still answers with its own rows, and no others."""
        taken_over = {code for codes in self._absorbed.values() for code in codes}
        return np.array([code in taken_over for code in self.codes], np.bool_)

    @cached_property
    def listed(self) -> Flags:
        """Whether it is shown in lists and rankings: in force on the day, and not absorbed. The country is not."""
        in_force = [code != COUNTRY and self.tree.in_force(code, self.day) for code in self.codes]
        return np.array(in_force, np.bool_) & ~self.is_absorbed

    @cached_property
    def ended(self) -> Flags:
        """Whether its last day lies before this day; the country has none."""
        return np.array([code != COUNTRY and self.tree.has_ended(code, self.day) for code in self.codes], np.bool_)

    @cached_property
    def kinds(self) -> list[str]:
        """The kind at each place."""
        return [self.unit_at(place).kind for place in range(len(self.codes))]

    def unit_at(self, place: int) -> Unit:
        """The unit at a place; at 0 the country, which is in no tree."""
        return self.tree[self.codes[place]] if place else _WHOLE

    def children(self, code: str) -> list[str]:
        """The listed units right below one (or the country), in the tree's order; none below an absorbed unit.

        Raises:
            KeyError: not in the tree.
        """
        return [self.codes[place] for place in self.below(self.places[code], None)]

    def below(self, place: int, kind: str | None) -> Places:
        """The places of the listed units right below one, only those of a kind if one is given."""
        chosen = self.listed & (self.parents == place)
        return np.flatnonzero(chosen if kind is None else chosen & self._is_of(kind))

    def of_kind(self, kind: str) -> Places:
        """The places of all listed units of a kind."""
        return np.flatnonzero(self.listed & self._is_of(kind))

    @cached_property
    def alphabet(self) -> Numbers:
        """The place of each unit in the order of the codes."""
        found = np.empty(len(self.codes), np.int64)
        found[sorted(range(len(self.codes)), key=self.codes.__getitem__)] = np.arange(len(self.codes))
        return found

    def absorbed_by(self, code: str) -> list[str]:
        """The units that a unit took over, directly or by way of others, in the tree's order."""
        return list(self._absorbed.get(code, []))

    def parent_of(self, code: str) -> str | None:
        """Below which unit a unit lies on the day: its parent, or who took that over; None at the top."""
        parent = self.tree[code].parent
        return None if parent is None else self.tree.heir(parent, self.day)

    def numbers_of(self, kind: str) -> Numbers:
        """How many listed units of a kind stand before each place, and last how many there are."""
        return np.concatenate([[0], np.cumsum(self.listed & self._is_of(kind))])

    def _is_of(self, kind: str) -> Flags:
        if kind not in self._of_kinds:
            self._of_kinds[kind] = np.array([one == kind for one in self.kinds], np.bool_)
        return self._of_kinds[kind]

    def lies_in(self, kind: str) -> Places:
        """For each unit the place of the nearest unit of a kind among itself and those above it; -1: none."""
        if kind not in self._lying:
            self._lying[kind] = self._lie_in(kind)
        return self._lying[kind]

    def _lie_in(self, kind: str) -> Places:
        found = np.full(len(self.codes), -1, np.intp)
        for place, own in enumerate(self.kinds):  # parents come first
            if own == kind:
                found[place] = place
            elif (parent := self.parents[place]) >= 0:
                found[place] = found[parent]
        return found


class Orders:
    """The orders of one tree. Days between two borders of validity share one object, so that it may serve as the key of a cache."""

    def __init__(self, tree: UnitTree) -> None:
        self.tree = tree
        self._made: dict[int, TreeOrder] = {}

    def on(self, day: int) -> TreeOrder:
        """The order of a day. May be asked from several threads: all get the same object."""
        between = bisect_right(self.tree.borders, day)
        found = self._made.get(between)
        return found if found is not None else self._made.setdefault(between, TreeOrder(self.tree, day))
