"""A rule set ready to be evaluated: expressions parsed, points in hundredths, thresholds exact."""

from fractions import Fraction
from functools import cached_property
from typing import Final

from msgspec import Struct

from schemas.rulesets.exact import Ties
from schemas.rulesets.fileformat import Curve, Names, RuleSetFile
from schemas.rulesets.tree import Node

HUNDREDTHS: Final = 100
"""Points are whole hundredths wherever they are not fractions."""


class Formula(Struct, frozen=True):
    """Numerator and denominator of an indicator."""

    numerator: Node
    denominator: Node


class ChildRule(Struct, frozen=True):
    """What differs for child units; ``points`` (hundredths) replaces the score where it is not None (status not_applicable)."""

    from_province: bool
    points: int | None


class NoDataRule(Struct, frozen=True):
    """What no data gives (hundredths) where the indicator ``code`` has none either."""

    code: str
    points: int


class Indicator(Struct, frozen=True, kw_only=True):
    """One indicator; ``max``, ``no_data`` and the points of ``steps`` in hundredths, ``no_data`` None: no score."""

    code: str
    name: Names
    formula: Formula
    outside_province: Formula | None
    max: int
    curve: Curve
    full_from: Fraction
    steps: tuple[tuple[Fraction, int], ...]
    no_data: int | None
    no_data_with: NoDataRule | None
    child: ChildRule | None


class Group(Struct, frozen=True, kw_only=True):
    """Indicators whose scores are added, rounded each or once after the sum."""

    code: str
    name: Names
    max: int
    round_sum: bool
    indicators: tuple[Indicator, ...]


class RuleSet(Struct, frozen=True, kw_only=True, dict=True, eq=False):
    """A whole rule set; ``file`` is what its text says, ``quantum`` the least difference of two
    scores in hundredths, ``bands`` the totals (hundredths) from which each band begins, rising.
    """

    id: str
    name: Names
    max: int
    quantum: int
    ties: Ties
    definitions: dict[str, Node]
    groups: tuple[Group, ...]
    bands: tuple[tuple[int, str], ...]
    file: RuleSetFile

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """All indicators by code, in the order of the file."""
        return {indicator.code: indicator for group in self.groups for indicator in group.indicators}
