"""Counts of one measure by (unit, procedure) and day, sparse: what is split by procedure is read here."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.int64]

_DAY_BITS: Final = 22
_FIRST_DAY: Final = 719_163  # days from 0001-01-01 to 1970-01-01, so that no day is negative
_SHORT: Final = 8_192
_LOOK_UPS: Final = 8
"""A look-up of a pair costs about as much as going through this many entries (measured)."""


class Ledger:
    """Entries sorted by (pair, day) with prefix sums: a period of a pair is two look-ups. New ones wait unsorted in a short tail."""

    __slots__ = ("_keys", "_length", "_sums", "_tail")

    def __init__(self) -> None:
        self._keys: Column = np.empty(0, np.int64)
        self._sums: Column = np.zeros(1, np.int64)
        self._tail: Column = np.empty((2, 64), np.int64)  # keys, counts
        self._length = 0

    @property
    def nbytes(self) -> int:
        """Memory set aside."""
        return self._keys.nbytes + self._sums.nbytes + self._tail.nbytes

    def add(self, pairs: Column, days: Column, counts: Column) -> None:
        """Add entries in any order, also again to what is there."""
        start, end = self._length, self._length + len(pairs)
        if end > self._tail.shape[1]:
            self._tail = np.concatenate([self._tail[:, :start], np.empty((2, end), np.int64)], axis=1)
        self._tail[0, start:end] = _keys(pairs, days)
        self._tail[1, start:end] = counts
        self._length = end
        if end > max(_SHORT, len(self._keys) // 8):
            self._sort_in()

    def sums(self, pairs: Column, first: int | None, last: int) -> Column:
        """What each of `pairs` (rising) adds up to over the days `first` (None: since ever) to `last`."""
        if first is not None and first > last:
            return np.zeros(len(pairs), np.int64)
        begin = -_FIRST_DAY if first is None else first
        tail_keys, tail_counts = self._tail[:, : self._length]
        in_tail = _looked_up(tail_keys, tail_counts, pairs, begin, last)
        if len(pairs) * _LOOK_UPS > len(self._keys):  # of many pairs: cheaper to go through all entries
            counts = np.diff(self._sums)
            return _scanned(self._keys, counts, pairs, begin, last) + in_tail
        low = np.searchsorted(self._keys, _keys(pairs, begin), "left")
        high = np.searchsorted(self._keys, _keys(pairs, last), "right")
        found: Column = self._sums[high] - self._sums[low] + in_tail
        return found

    def entries(self, pairs: Column) -> tuple[Column, Column, Column]:
        """All entries of some pairs (rising): pairs, days, counts. The same pair and day may come twice."""
        low = np.searchsorted(self._keys, _keys(pairs, -_FIRST_DAY), "left")
        high = np.searchsorted(self._keys, _keys(pairs + 1, -_FIRST_DAY), "left")
        sorted_in = np.concatenate([np.zeros(0, np.int64), *map(np.arange, low, high)])
        tail_keys, tail_counts = self._tail[:, : self._length]
        waiting = np.isin(tail_keys >> _DAY_BITS, pairs)
        keys = np.concatenate([self._keys[sorted_in], tail_keys[waiting]])
        counts = np.concatenate([self._sums[sorted_in + 1] - self._sums[sorted_in], tail_counts[waiting]])
        return keys >> _DAY_BITS, (keys & (1 << _DAY_BITS) - 1) - _FIRST_DAY, counts

    def _sort_in(self) -> None:
        """Make one sorted run of everything; what adds up to nothing goes."""
        keys = np.concatenate([self._keys, self._tail[0, : self._length]])
        counts = np.concatenate([np.diff(self._sums), self._tail[1, : self._length]])
        order = np.argsort(keys, kind="stable")  # mostly sorted already: a merge
        keys, counts = keys[order], counts[order]
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        totals = np.add.reduceat(counts, starts)
        kept = totals != 0
        self._keys = keys[starts][kept]
        self._sums = np.concatenate(([0], np.cumsum(totals[kept])))
        self._tail, self._length = np.empty((2, 64), np.int64), 0


def _scanned(keys: Column, counts: Column, pairs: Column, first: int, last: int) -> Column:
    """The sums of many pairs over entries in any order."""
    of_pairs, inside = _within(keys, first, last)
    # Sums of counts (and of seconds) stay far below 2**53, so doubles add them exactly.
    by_pair = np.bincount(of_pairs[inside], counts[inside], int(pairs.max(initial=-1)) + 1)
    return by_pair[pairs].astype(np.int64)


def _looked_up(keys: Column, counts: Column, pairs: Column, first: int, last: int) -> Column:
    """The sums of some pairs (rising) over few entries in any order."""
    found = np.zeros(len(pairs), np.int64)
    if len(keys) and len(pairs):
        of_pairs, inside = _within(keys, first, last)
        places = np.minimum(np.searchsorted(pairs, of_pairs), len(pairs) - 1)
        chosen = inside & (pairs[places] == of_pairs)
        np.add.at(found, places[chosen], counts[chosen])
    return found


def _within(keys: Column, first: int, last: int) -> tuple[Column, NDArray[np.bool_]]:
    """The pairs of entries, and which entries lie on the days `first` to `last`."""
    days = (keys & (1 << _DAY_BITS) - 1) - _FIRST_DAY
    return keys >> _DAY_BITS, (days >= first) & (days <= last)


def _keys(pairs: Column, days: Column | int) -> Column:
    return pairs << _DAY_BITS | (days + _FIRST_DAY)
