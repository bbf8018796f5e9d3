"""Exact fractions over all units at once: points are never decided by a float.

Arrays are int64 while that is wide enough, and hold Python's integers (dtype object) from where it would overflow; both know the same
operations, so that nothing else needs to know which of them it has.
"""

from fractions import Fraction
from typing import Any, Final, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Ints = NDArray[Any]
"""Whole numbers: int64, or Python's integers where int64 is too narrow."""

Flags = NDArray[np.bool_]

Ties = Literal["half_even", "half_up"]

_ROOM: Final = 2**62  # two of these still add up inside int64
_SMALL: Final = 2**31  # two of these still multiply inside _ROOM


class Exact(Struct, frozen=True, eq=False):
    """One fraction a unit: ``over`` / ``under``, ``under`` positive. Small numbers need not be in lowest terms."""

    over: Ints
    under: Ints

    @classmethod
    def whole(cls, values: Ints) -> "Exact":
        """Whole numbers."""
        return cls(values, np.ones(len(values), np.int64))

    @classmethod
    def constant(cls, value: Fraction, size: int) -> "Exact":
        """The same fraction for every unit."""
        return cls(_filled(value.numerator, size), _filled(value.denominator, size))

    @classmethod
    def of(cls, values: list[Fraction]) -> "Exact":
        """Fractions as they are."""
        return cls(_ints([value.numerator for value in values]), _ints([value.denominator for value in values]))

    def __len__(self) -> int:
        return len(self.over)

    def __getitem__(self, row: int) -> Fraction:
        return Fraction(int(self.over[row]), int(self.under[row]))

    def __add__(self, other: "Exact") -> "Exact":
        if np.array_equal(self.under, other.under):
            return _reduced(_sum(self.over, other.over), self.under)
        over = _sum(_product(self.over, other.under), _product(other.over, self.under))
        return _reduced(over, _product(self.under, other.under))

    def __sub__(self, other: "Exact") -> "Exact":
        return self + Exact(-other.over, other.under)

    def __mul__(self, other: "Exact") -> "Exact":
        return _reduced(_product(self.over, other.over), _product(self.under, other.under))

    def over_positive(self, other: "Exact") -> "Exact":
        """Divided by another, zero where that is not above zero."""
        filled = other.over > 0
        divisor = Exact(np.where(filled, other.under, 0), np.where(filled, other.over, 1))
        return self * divisor

    def at_least(self, other: "Exact") -> Flags:
        """Where this is not below the other."""
        found: Flags = _product(self.over, other.under) >= _product(other.over, self.under)
        return found.astype(np.bool_)

    def where(self, chosen: Flags, other: "Exact") -> "Exact":
        """This where chosen, else the other."""
        return Exact(np.where(chosen, self.over, other.over), np.where(chosen, self.under, other.under))

    def take(self, rows: NDArray[np.intp]) -> "Exact":
        """The fractions of these rows, in their order."""
        return Exact(self.over[rows], self.under[rows])

    def maximum(self, other: "Exact") -> "Exact":
        """The greater of both."""
        return self.where(self.at_least(other), other)

    def minimum(self, other: "Exact") -> "Exact":
        """The lesser of both."""
        return other.where(self.at_least(other), self)

    def differs(self, other: "Exact") -> Flags:
        """Where this is not equal to the other."""
        found: Flags = _product(self.over, other.under) != _product(other.over, self.under)
        return found.astype(np.bool_)

    def rounded(self, ties: Ties = "half_even") -> Ints:
        """The nearest whole numbers; what lies in the very middle goes to the even one, or up."""
        whole = self.over // self.under
        rest = self.over - whole * self.under
        twice = _sum(rest, rest)
        to_upper = whole % 2 == 1 if ties == "half_even" else np.ones(len(whole), np.bool_)
        up = (twice > self.under) | ((twice == self.under) & to_upper)
        return _narrow(whole + up)


def _filled(value: int, size: int) -> Ints:
    return np.full(size, value, np.int64 if abs(value) < _ROOM else object)


def _ints(values: list[int]) -> Ints:
    return _narrow(np.array(values, object))


def _peak(values: Ints) -> int:
    """The greatest distance from zero."""
    return max(int(values.max(initial=0)), -int(values.min(initial=0)))


def _narrow(values: Ints) -> Ints:
    return values.astype(np.int64) if values.dtype == object and _peak(values) < _ROOM else values


def _product(left: Ints, right: Ints) -> Ints:
    narrow = _peak(left) * _peak(right) < _ROOM
    product: Ints = left * right if narrow else left.astype(object) * right.astype(object)
    return product


def _sum(left: Ints, right: Ints) -> Ints:
    narrow = _peak(left) + _peak(right) < _ROOM
    added: Ints = left + right if narrow else left.astype(object) + right.astype(object)
    return added


def _reduced(over: Ints, under: Ints) -> Exact:
    if _peak(over) < _SMALL and _peak(under) < _SMALL:
        return Exact(_narrow(over), _narrow(under))
    common = np.gcd(over, under)  # what takes most of the time of an evaluation
    return Exact(_narrow(over // common), _narrow(under // common))
