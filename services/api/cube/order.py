"""The unit tree laid out in a row, so that a unit and all below it stand side by side."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from schemas.units import UnitTree

Places = NDArray[np.intp]


class TreeOrder:
    """Every unit before those below it; `ends[i]` is where the subtree that begins at `i` ends (not included)."""

    def __init__(self, tree: UnitTree) -> None:
        self.tree = tree
        self.codes: list[str] = []
        self._depths: list[int] = []
        waiting = [(unit.code, 0) for unit in reversed(tree.children(None))]
        while waiting:
            code, depth = waiting.pop()
            self.codes.append(code)
            self._depths.append(depth)
            waiting.extend((unit.code, depth + 1) for unit in reversed(tree.children(code)))
        self.places = {code: place for place, code in enumerate(self.codes)}

    @cached_property
    def ends(self) -> Places:
        """Where each unit's subtree ends."""
        ends = np.zeros(len(self.codes), np.intp)
        open_at: list[int] = []
        for place, depth in enumerate(self._depths):
            while len(open_at) > depth:
                ends[open_at.pop()] = place
            open_at.append(place)
        ends[open_at] = len(self.codes)
        return ends

    @cached_property
    def parents(self) -> Places:
        """The place of each unit's parent; -1 for a root."""
        return np.array([self.places.get(self.tree[code].parent or "", -1) for code in self.codes], np.intp)

    def lies_in(self, kind: str) -> Places:
        """For each unit the place of the nearest unit of a kind among itself and those above it; -1: none."""
        found = np.full(len(self.codes), -1, np.intp)
        for place, code in enumerate(self.codes):  # parents come first
            if self.tree[code].kind == kind:
                found[place] = place
            elif (parent := self.parents[place]) >= 0:
                found[place] = found[parent]
        return found
