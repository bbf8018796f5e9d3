"""On which days a procedure of a unit had any of a flow: one bit a day, so that a period of all of them is a few passes over memory."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.int64]
Flags = NDArray[np.bool_]
Bits = NDArray[Any]
"""uint32 or uint64."""

_BITS: Final = 5  # 32 days a word
_WORDS: Final = 6  # 64 words a summary
_ALL: Final = np.uint32(0xFFFFFFFF)
_NO_BITS: Final = np.zeros(0, np.uint32)


class Presence:
    """Bits by pair (of a unit and a procedure) and day. Beside each 64 words stands a summary: a bit for each word that is not zero."""

    __slots__ = ("_summaries", "_words")

    def __init__(self) -> None:
        self._words: dict[int, _Growing] = {}
        self._summaries: dict[int, _Growing] = {}

    @property
    def nbytes(self) -> int:
        """Memory set aside."""
        return sum(each.array.nbytes for part in (self._words, self._summaries) for each in part.values())

    def mark(self, pairs: Column, days: Column) -> None:
        """There is some of these pairs on these days."""
        words = days >> _BITS
        for word, chosen in _each(words):
            bits = np.left_shift(np.uint32(1), (days[chosen] & 31).astype(np.uint32))
            np.bitwise_or.at(self._of(self._words, word, np.uint32, pairs), pairs[chosen], bits)
            summary = self._of(self._summaries, word >> _WORDS, np.uint64, pairs)
            summary[pairs[chosen]] |= np.uint64(1 << (word & 63))

    def clear(self, pair: int, day: int) -> None:
        """There is none of a pair on a day any more."""
        word = day >> _BITS
        bits = self._words[word].array if word in self._words else _NO_BITS
        if pair < len(bits):
            bits[pair] &= _ALL ^ np.uint32(1 << (day & 31))
            if not bits[pair]:
                self._summaries[word >> _WORDS].array[pair] &= ~np.uint64(1 << (word & 63))

    def within(self, first: int | None, last: int, pairs: slice | Column, size: int) -> Flags:
        """Of which pairs there is some on the days `first` (None: since ever) to `last`.

        Args:
            first: a day.
            last: a day.
            pairs: which ones.
            size: how many these are.
        """
        found = np.zeros(size, np.bool_)
        low = min(self._words, default=0) << _BITS if first is None else first
        if low > last:
            return found
        begin, end = low >> _BITS, last >> _BITS
        if begin == end:
            self._add(found, begin, _upto(last & 31) & _from(low & 31), pairs)
            return found
        self._add(found, begin, _from(low & 31), pairs)
        self._add(found, end, _upto(last & 31), pairs)
        for number, summary in self._summaries.items():
            mask = _between(begin + 1, end - 1, number)
            if mask:
                _or_any(found, summary.array, np.uint64(mask), pairs)
        return found

    def _add(self, found: Flags, word: int, mask: int, pairs: slice | Column) -> None:
        if word in self._words:
            _or_any(found, self._words[word].array, np.uint32(mask), pairs)

    @staticmethod
    def _of(arrays: "dict[int, _Growing]", number: int, width: type[np.uint32 | np.uint64], pairs: Column) -> Bits:
        growing = arrays.get(number)
        if growing is None:
            growing = arrays[number] = _Growing(width)
        return growing.up_to(int(pairs.max()))


class _Growing:
    """An array of zeros as long as it has to be."""

    __slots__ = ("array",)

    def __init__(self, width: type[np.uint32 | np.uint64]) -> None:
        self.array: Bits = np.zeros(0, width)

    def up_to(self, place: int) -> Bits:
        """The array, at least so long that it has this place."""
        if place >= len(self.array):
            longer = np.zeros(max(place + 64, len(self.array) * 5 // 4), self.array.dtype)
            longer[: len(self.array)] = self.array
            self.array = longer
        return self.array


def _or_any(found: Flags, array: Bits, mask: Any, pairs: slice | Column) -> None:
    """Add where an array has any of the bits of a mask; it may be shorter than there are pairs."""
    if isinstance(pairs, slice):
        part = array[pairs]
        found[: len(part)] |= (part & mask) != 0
    else:
        there = pairs < len(array)
        found[there] |= (array[pairs[there]] & mask) != 0


def _each(words: Column) -> list[tuple[int, Column]]:
    """Every number of an array, with the places where it stands."""
    order = np.argsort(words, kind="stable")
    borders = np.flatnonzero(np.diff(words[order])) + 1
    return [(int(words[places[0]]), places) for places in np.split(order, borders) if len(places)]


def _from(bit: int) -> int:
    return 0xFFFFFFFF << bit & 0xFFFFFFFF


def _upto(bit: int) -> int:
    return (1 << (bit + 1)) - 1


def _between(first: int, last: int, number: int) -> int:
    """The bits of the words `first` to `last` in a summary."""
    low, high = max(first - (number << _WORDS), 0), min(last - (number << _WORDS), 63)
    return (1 << (high + 1)) - (1 << low) if low <= high else 0
