"""A stock by procedure at the end of any day: what there is in all, less what came later."""

from collections import defaultdict
from typing import Final

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.int64]
Flags = NDArray[np.bool_]

_BITS: Final = 5  # 32 days a page


class Standing:
    """Sums by pair (of a unit and a procedure); for days before the last change, the changes after them are taken off again."""

    __slots__ = ("_pages", "_sums")

    def __init__(self) -> None:
        self._sums: Column = np.zeros(64, np.int64)
        self._pages: dict[int, list[Column]] = defaultdict(list)

    @property
    def nbytes(self) -> int:
        """Memory set aside."""
        return self._sums.nbytes + sum(piece.nbytes for pieces in self._pages.values() for piece in pieces)

    def add(self, pairs: Column, days: Column, counts: Column) -> None:
        """Add changes of days in any order."""
        most = int(pairs.max()) + 1
        if most > len(self._sums):
            self._sums = np.concatenate([self._sums, np.zeros(max(most, len(self._sums) // 4), np.int64)])
        np.add.at(self._sums, pairs, counts)
        order = np.argsort(days, kind="stable")
        borders = np.flatnonzero(np.diff(days[order] >> _BITS)) + 1
        for places in np.split(order, borders):
            pieces = self._pages[int(days[places[0]]) >> _BITS]
            pieces.append(np.stack([pairs[places], days[places], counts[places]]))
            while len(pieces) > 1 and pieces[-2].shape[1] <= 2 * pieces[-1].shape[1]:
                pieces[-2:] = [np.concatenate(pieces[-2:], axis=1)]

    def some_at(self, last: int, pairs: slice | Column, size: int) -> Flags:
        """Of which of some pairs (`size` of them) there is any at the end of a day."""
        there = self._at(last) > 0
        found = np.zeros(size, np.bool_)
        if isinstance(pairs, slice):
            part = there[pairs][:size]
            found[: len(part)] = part
        else:
            known = pairs < len(there)
            found[known] = there[pairs[known]]
        return found

    def _at(self, last: int) -> Column:
        later = [piece for page, pieces in self._pages.items() if page >= last >> _BITS for piece in pieces]
        if later:
            changed, days, counts = np.concatenate(later, axis=1)
            after = days > last
            if after.any():
                # Sums of counts stay far below 2**53, so doubles add them exactly.
                return self._sums - np.bincount(changed[after], counts[after], len(self._sums)).astype(np.int64)
        return self._sums
