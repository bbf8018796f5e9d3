"""Exact fractions over all units at once: points are never decided by a float.

Arrays are int64 while that is wide enough, and hold Python's integers (dtype object) from where it would overflow; both know the same
operations, so that nothing else needs to know which of them it has.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Ints = NDArray[Any]
"""Whole numbers: int64, or Python's integers where int64 is too narrow."""

Flags = NDArray[np.bool_]

Ties = Literal["half_even", "half_up"]

_ROOM: Final = 2**62  # two of these still add up inside int64


class Exact(Struct, frozen=True, eq=False, dict=True):
    """One fraction a unit: ``over`` / ``under``, ``under`` positive. They need not be in lowest terms: that takes more time than all
    else of an evaluation, so it waits until numbers grow too wide.
    """

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

    @cached_property
    def peaks(self) -> tuple[int, int]:
        """How far from zero the numbers get: those above, those below."""
        return _peak(self.over), _peak(self.under)

    def __add__(self, other: "Exact") -> "Exact":
        one, other = _with_room(_add, self, other)
        if np.array_equal(one.under, other.under):
            return _settled(one.over + other.over, one.under)
        return _settled(one.over * other.under + other.over * one.under, one.under * other.under)

    def __sub__(self, other: "Exact") -> "Exact":
        return self + Exact(-other.over, other.under)

    def __mul__(self, other: "Exact") -> "Exact":
        one, other = _with_room(_multiply, self, other)
        return _settled(one.over * other.over, one.under * other.under)

    def over_positive(self, other: "Exact") -> "Exact":
        """Divided by another, zero where that is not above zero."""
        filled = other.over > 0
        divisor = Exact(np.where(filled, other.under, 0), np.where(filled, other.over, 1))
        return self * divisor

    def at_least(self, other: "Exact") -> Flags:
        """Where this is not below the other."""
        one, other = _with_room(_add, self, other)
        return np.asarray(one.over * other.under >= other.over * one.under, np.bool_)

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
        one, other = _with_room(_add, self, other)
        return np.asarray(one.over * other.under != other.over * one.under, np.bool_)

    def rounded(self, ties: Ties = "half_even") -> Ints:
        """The nearest whole numbers; what lies in the very middle goes to the even one, or up."""
        whole = self.over // self.under
        rest = self.over - whole * self.under
        twice = rest + rest  # below twice _ROOM
        to_upper = whole % 2 == 1 if ties == "half_even" else np.ones(len(whole), np.bool_)
        up = (twice > self.under) | ((twice == self.under) & to_upper)
        return _narrow(whole + up)


def _filled(value: int, size: int) -> Ints:
    return np.full(size, value, np.int64 if abs(value) < _ROOM else object)


def _ints(values: list[int]) -> Ints:
    return _narrow(np.array(values, object))


def _narrow(values: Ints) -> Ints:
    return values.astype(np.int64) if values.dtype == object and _peak(values) < _ROOM else values


def _peak(values: Ints) -> int:
    """The greatest distance from zero."""
    return max(int(values.max(initial=0)), -int(values.min(initial=0)))


def _multiply(one: Exact, other: Exact) -> bool:
    """Whether fractions can be multiplied as they are."""
    (over, under), (its_over, its_under) = one.peaks, other.peaks
    return over * its_over < _ROOM and under * its_under < _ROOM


def _add(one: Exact, other: Exact) -> bool:
    """Whether fractions can be added and compared as they are."""
    (over, under), (its_over, its_under) = one.peaks, other.peaks
    return over * its_under + its_over * under < _ROOM and under * its_under < _ROOM


def _with_room(can: Callable[[Exact, Exact], bool], one: Exact, other: Exact) -> tuple[Exact, Exact]:
    """The same fractions, such that something can be done with them: as they are, in lowest terms, or as Python's integers."""
    if can(one, other):
        return one, other
    one, other = _lowest(one), _lowest(other)
    return (one, other) if can(one, other) else (_wide(one), _wide(other))


def _lowest(values: Exact) -> Exact:
    common = np.gcd(values.over, values.under)
    return Exact(values.over // common, values.under // common)


def _wide(values: Exact) -> Exact:
    return Exact(values.over.astype(object), values.under.astype(object))


def _settled(over: Ints, under: Ints) -> Exact:
    """What was worked out; Python's integers only where they are needed."""
    found = Exact(over, under)
    if over.dtype != object:
        return found
    found = _lowest(found)
    return Exact(_narrow(found.over), _narrow(found.under))
