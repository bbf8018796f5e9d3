"""On which days a procedure of a unit had any of a flow: one bit a day, so that a period of all of them is a few passes over memory."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.int64]
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

_BITS: Final = 3  # a byte tells of eight
_LEVELS: Final = 3
_ALL: Final = 0xFF


class Presence:
    """Bits by pair (of a unit and a procedure) and day.

    At level 0 a byte tells of eight days; a bit of the next level says whether such a byte is not zero, and so on: a period is read in the
    largest pieces that fit into it. The bytes of one number lie together for all pairs.
    """

    __slots__ = ("_levels",)

    def __init__(self) -> None:
        self._levels: list[dict[int, _Growing]] = [{} for _ in range(_LEVELS)]

    @property
    def nbytes(self) -> int:
        """Memory set aside."""
        return sum(each.array.nbytes for level in self._levels for each in level.values())

    def mark(self, pairs: Column, days: Column) -> None:
        """There is some of these pairs on these days."""
        places = days
        for level in self._levels:
            for number, chosen in _each(places >> _BITS):
                bits = np.left_shift(np.uint8(1), (places[chosen] & 7).astype(np.uint8))
                np.bitwise_or.at(level.setdefault(number, _Growing()).up_to(pairs), pairs[chosen], bits)
            places = places >> _BITS

    def clear(self, pair: int, day: int) -> None:
        """There is none of a pair on a day any more."""
        place = day
        for level in self._levels:
            number = place >> _BITS
            if number not in level or pair >= len(level[number].array):
                return
            level[number].array[pair] &= _ALL ^ (1 << (place & 7))
            if level[number].array[pair]:
                return
            place = number

    def within(self, first: int | None, last: int, pairs: slice | Column, size: int) -> Flags:
        """Of which pairs there is some on the days `first` (None: since ever) to `last`.

        Args:
            first: a day.
            last: a day.
            pairs: which ones.
            size: how many these are.
        """
        found = np.zeros(size, np.uint8)
        for array, mask in self._bytes(first, last):
            if isinstance(pairs, slice):
                part = array[pairs]
                found[: len(part)] |= part & mask
            else:  # an array may be shorter than there are pairs
                there = pairs < len(array)
                found[there] |= array[pairs[there]] & mask
        some: Flags = found != 0
        return some

    def _bytes(self, first: int | None, last: int) -> Iterator[tuple[Bytes, np.uint8]]:
        """The bytes that tell of some days, and which bits of them do."""
        low, high = min(self._levels[0], default=0) << _BITS if first is None else first, last
        for level in self._levels[:-1]:
            if low > high:
                return
            begin, end = low >> _BITS, high >> _BITS
            masks = {begin: _from(low)}
            masks[end] = masks.get(end, _ALL) & _upto(high)
            yield from ((level[number].array, np.uint8(mask)) for number, mask in masks.items() if number in level)
            low, high = begin + 1, end - 1
        for number, each in self._levels[-1].items():
            mask = _ALL
            if number == low >> _BITS:
                mask &= _from(low)
            if number == high >> _BITS:
                mask &= _upto(high)
            if low >> _BITS <= number <= high >> _BITS:
                yield each.array, np.uint8(mask)


class _Growing:
    """An array of zeros as long as it has to be."""

    __slots__ = ("array",)

    def __init__(self) -> None:
        self.array: Bytes = np.zeros(0, np.uint8)

    def up_to(self, pairs: Column) -> Bytes:
        """The array, at least so long that it has places for these."""
        place = int(pairs.max())
        if place >= len(self.array):
            longer = np.zeros(max(place + 64, len(self.array) * 5 // 4), np.uint8)
            longer[: len(self.array)] = self.array
            self.array = longer
        return self.array


def _each(numbers: Column) -> list[tuple[int, Column]]:
    """Every number of an array, with the places where it stands."""
    order = np.argsort(numbers, kind="stable")
    borders = np.flatnonzero(np.diff(numbers[order])) + 1
    return [(int(numbers[places[0]]), places) for places in np.split(order, borders) if len(places)]


def _from(place: int) -> int:
    """The bit of a place and all after it in its byte."""
    return _ALL << (place & 7) & _ALL


def _upto(place: int) -> int:
    """The bit of a place and all before it in its byte."""
    return (2 << (place & 7)) - 1
