"""Scores all units at once. No float takes part: whatever is rounded was exact before."""

from collections.abc import Mapping
from enum import IntEnum
from fractions import Fraction
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from schemas.rulesets.counts import Counts
from schemas.rulesets.curves import points
from schemas.rulesets.exact import Exact, Flags
from schemas.rulesets.formulas import Formulas
from schemas.rulesets.model import Formula, Group, Indicator, RuleSet

PROVINCE = "province"
"""The kind of unit whose values child units may repeat."""

Hundredths = NDArray[np.int64]


class Status(IntEnum):
    """What an indicator's score stands on."""

    OK = 0
    NO_DATA = 1
    NOT_APPLICABLE = 2
    ANALYSIS = 3


class Counted(Struct, frozen=True, eq=False, dict=True):
    """What was counted for one indicator, one entry a unit."""

    numerator: Exact
    denominator: Exact

    @cached_property
    def filled(self) -> Flags:
        """Where there is data: the denominator is above zero."""
        flags: Flags = (self.denominator.over > 0).astype(np.bool_)
        return flags

    @cached_property
    def ratio(self) -> Exact:
        """Numerator by denominator; zero where there is no data, which `filled` tells apart."""
        return self.numerator.over_positive(self.denominator)


class IndicatorScores(Struct, frozen=True, eq=False):
    """One indicator of all units. ``score`` is in hundredths and means nothing where ``scored`` is False (null).

    ``exact`` are the same points, not rounded, 0 where there are none: what a group adds that is rounded after its sum.
    """

    indicator: Indicator
    counted: Counted
    exact: Exact
    score: Hundredths
    scored: Flags
    status: NDArray[np.int8]


class GroupScores(Struct, frozen=True, eq=False):
    """One group of all units, in hundredths."""

    group: Group
    score: Hundredths
    indicators: tuple[IndicatorScores, ...]


class Scores(Struct, frozen=True, eq=False):
    """A rule set over all units; ``total`` in hundredths."""

    ruleset: RuleSet
    total: Hundredths
    groups: tuple[GroupScores, ...]


def evaluate(ruleset: RuleSet, counts: Counts) -> Scores:
    """The scores of all units of `counts`, in their order."""
    _, rows = counts.provinces()
    child = (rows >= 0) & np.array([kind != PROVINCE for kind in counts.kinds], np.bool_)
    return score(ruleset, count(ruleset, counts, rows, child), child)


def count(ruleset: RuleSet, counts: Counts, rows: NDArray[np.intp], child: Flags) -> dict[str, Counted]:
    """Numerators and denominators of all indicators; `rows` lead to the units' provinces, `child` marks those below one."""
    ratios: dict[str, Exact] = {}
    above, _ = counts.provinces()
    own = Formulas(counts, ruleset.definitions, ratios)
    province = own if above is counts else Formulas(above, ruleset.definitions, {})
    found = {}
    for code, indicator in ruleset.indicators.items():
        counted = _formula(own, indicator.formula)
        if indicator.outside_province is not None and (rows < 0).any():
            counted = _either(rows < 0, _formula(own, indicator.outside_province), counted)
        if indicator.child is not None and indicator.child.from_province and child.any():
            whole = _formula(province, indicator.formula)
            taken = np.where(child, rows, 0)
            counted = _either(child, Counted(whole.numerator.take(taken), whole.denominator.take(taken)), counted)
        found[code], ratios[code] = counted, counted.ratio
    return found


def score(ruleset: RuleSet, counted: Mapping[str, Counted], child: Flags) -> Scores:
    """The scores of units of which numerators and denominators are known; `child` marks those below a province."""
    groups = tuple(_group(ruleset, group, counted, child) for group in ruleset.groups)
    return Scores(ruleset, _added([group.score for group in groups], len(child)), groups)


def _formula(formulas: Formulas, formula: Formula) -> Counted:
    return Counted(formulas.value(formula.numerator), formulas.value(formula.denominator))


def _either(chosen: Flags, one: Counted, other: Counted) -> Counted:
    return Counted(one.numerator.where(chosen, other.numerator), one.denominator.where(chosen, other.denominator))


def _group(ruleset: RuleSet, group: Group, counted: Mapping[str, Counted], child: Flags) -> GroupScores:
    found = tuple(_indicator(ruleset, each, counted, child) for each in group.indicators)
    if not group.round_sum:
        return GroupScores(group, _added([each.score for each in found], len(child)), found)
    exact = Exact.constant(Fraction(0), len(child))
    for each in found:
        exact += each.exact
    return GroupScores(group, rounded(ruleset, exact), found)


def _indicator(
    ruleset: RuleSet, indicator: Indicator, everything: Mapping[str, Counted], child: Flags
) -> IndicatorScores:
    counted, size = everything[indicator.code], len(child)
    filled = counted.filled
    empty = Exact.constant(Fraction(indicator.no_data or 0), size)
    scored = filled | (indicator.no_data is not None)
    if indicator.no_data_with is not None:
        neither = ~(filled | everything[indicator.no_data_with.code].filled)
        empty = Exact.constant(Fraction(indicator.no_data_with.points), size).where(neither, empty)
        scored = scored | neither
    exact = points(indicator, counted.ratio).where(filled, empty)
    status = np.where(filled, Status.OK, Status.NO_DATA)
    if indicator.child is not None and indicator.child.points is not None:
        exact = Exact.constant(Fraction(indicator.child.points), size).where(child, exact)
        scored = scored | child
        status = np.where(child, Status.NOT_APPLICABLE, status)
    if indicator.curve == "analysis":
        scored = np.zeros(size, np.bool_)
        status = np.full(size, Status.ANALYSIS)
    return IndicatorScores(indicator, counted, exact, rounded(ruleset, exact), scored, status.astype(np.int8))


def rounded(ruleset: RuleSet, exact: Exact) -> Hundredths:
    """Points as the rule set rounds them."""
    steps = exact * Exact.constant(Fraction(1, ruleset.quantum), len(exact))
    return (steps.rounded(ruleset.ties) * ruleset.quantum).astype(np.int64)


def _added(scores: list[Hundredths], size: int) -> Hundredths:
    return np.sum(scores, axis=0, dtype=np.int64) if scores else np.zeros(size, np.int64)
