"""Sets of pairs laid out one after the other, each from a whole 64-bit word on: what holds for a pair is a bit; 64 are counted at once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Words = NDArray[np.uint64]

_WORD = 64


class Segments:
    """Segments by number; a pair may stand in several.

    Args:
        segments: the number of each entry's segment.
        pairs: the pair of each entry.
        count: how many segments there are; those without entries are empty.
    """

    def __init__(self, segments: Places, pairs: Places, count: int) -> None:
        order = np.argsort(segments.astype(np.min_scalar_type(count)), kind="stable")  # narrow numbers sort much faster
        sizes = np.bincount(segments, minlength=count)
        words = np.maximum(1, -(-sizes // _WORD))
        self._starts = np.concatenate(([0], np.cumsum(words)))[:-1]
        self._index = np.full(int(words.sum()) * _WORD, -1, np.intp)  # -1: the flag behind all others, which is not set
        before = np.concatenate(([0], np.cumsum(sizes)))[:-1]
        ranks = np.arange(len(order)) - np.repeat(before, sizes)
        self._index[np.repeat(self._starts * _WORD, sizes) + ranks] = pairs[order]

    def entries(self, values: NDArray[Any]) -> NDArray[Any]:
        """The values of pairs as they are laid out here; behind those of all pairs stands a zero, for what fills a segment's last word."""
        return values[self._index]

    @staticmethod
    def words(entries: NDArray[Any]) -> Words:
        """For each entry one bit: whether it is not zero."""
        return np.packbits(entries).view(np.uint64)

    def counts(self, words: Words) -> Numbers:
        """How many bits are set in each segment."""
        return np.add.reduceat(np.bitwise_count(words), self._starts, dtype=np.int64)

    def any(self, words: Words) -> Flags:
        """Whether a bit is set in each segment."""
        found: Flags = np.bitwise_or.reduceat(words, self._starts) != 0
        return found
