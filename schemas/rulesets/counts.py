"""What the evaluator asks of whoever holds the counts (the api's cube, or the plain ones of a test)."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from schemas.rulesets.exact import Ints
from schemas.rulesets.presence import Presence


class Cells(NamedTuple):
    """A measure split by procedure: one entry where something was counted, sorted by (unit, procedure), each pair once.

    `unit` and `procedure` are row numbers, `value` the count; what is not listed is zero.
    """

    unit: NDArray[np.intp]
    procedure: NDArray[np.intp]
    value: NDArray[np.int64]


class Figures(NamedTuple):
    """A declared figure of every unit, in 1/`scale` (a figure may have decimals); zero where none was declared."""

    value: Ints
    scale: int = 1


Attributes = tuple[tuple[str, bool], ...]
"""Attributes that a procedure must have (True) or must not have (False)."""


class Counts(Protocol):
    """Counts of many units in one period: each unit with what its scope pools (itself, or all below it too).

    All arrays have one entry a unit, in the same order; counts are int64 and not negative.
    """

    @property
    def size(self) -> int:
        """How many units."""

    @property
    def kinds(self) -> Sequence[str]:
        """The kind of each unit (``province``, ``department``, ``commune`` …)."""

    def provinces(self) -> "tuple[Counts, NDArray[np.intp]]":
        """The counts of provinces with all units below them, whatever the scope of this, and for each unit the row of the
        province it lies in (a province lies in itself); -1: it lies in none. With subtree scope it may be this object itself.
        """

    def measure(self, name: str) -> Ints:
        """A measure of the whole unit."""

    def measure_of_class(self, name: str, petition_class: str) -> Ints:
        """A measure of petitions of one class."""

    def cells(self, name: str) -> Cells:
        """A measure split by procedure."""

    @property
    def procedures(self) -> int:
        """How many procedures there are; procedures of `cells` lie below it."""

    def attribute(self, name: str) -> NDArray[np.int64]:
        """An attribute of every procedure: 0 or 1 (not known: 0); of ``services`` their number (not known: 1)."""

    def sum_having(self, name: str, attributes: Attributes) -> Ints | None:
        """A measure of procedures with these attributes, where it is at hand; None: add `cells` up."""

    def procedures_with(self, presence: Presence, attributes: Attributes, *, services: bool) -> Ints | None:
        """How many procedures (or services of them) have some of the measures, or none, and these attributes, where that is at hand;
        None: count `cells`. At least one measure has to be there.
        """

    def figure(self, name: str) -> Figures:
        """A declared figure: the unit's own, else the sum of its children's.

        A name that begins with `figures.LAST_YEAR` asks for the yearly figure of the year before the period, divided by
        `figures.periods_a_year` (the scale); zero where that is None or the figure was not declared.
        """

    def units(self, kind: str, figure: str | None = None, value: int = 0) -> Ints:
        """How many units of a kind lie in the scope (itself included); with `figure`: that declared this value."""
