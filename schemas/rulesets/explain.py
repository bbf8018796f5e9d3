"""Where a unit loses points and what wins them back. Every gain is worked out by the evaluator over the counts that an action makes."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final

import numpy as np
from msgspec import Struct

from schemas.rulesets.actions import Action, actions
from schemas.rulesets.changed import NO_CHANGE, UNSPLIT, Change, Changed, total
from schemas.rulesets.counts import Counts
from schemas.rulesets.evaluate import PROVINCE, IndicatorScores, Scores, evaluate
from schemas.rulesets.formulas import Formulas
from schemas.rulesets.lost import Losses, Term
from schemas.rulesets.model import RuleSet

_AT_ONCE: Final = 32
"""How many numbers are tried in one evaluation."""


class Gain(Struct, frozen=True):
    """An action and what it brings alone: ``total`` and, by code, what each indicator wins, hundredths.

    ``most``: where not all can be known, at best so many (`schemas.rulesets.actions`); else the same.
    """

    action: Action
    total: int
    most: int
    indicators: dict[str, int]


class Explanation(Struct, frozen=True):
    """One unit explained. ``gains``: the greatest first; ``after``: the scores of the unit after all of them, row 0."""

    before: Scores
    after: Scores
    terms: dict[str, list[Term]]
    gains: list[Gain]


class Stake(Struct, frozen=True):
    """Dossiers that are in time and will not be unless somebody ends them, and the least that is lost then, hundredths."""

    count: int
    loss: int


class Needed(Struct, frozen=True):
    """The shortest way found to a total: how many of each action, in the order of `Explanation.gains`, and the total reached."""

    actions: list[tuple[Action, int]]
    total: int


class Subject(Struct, frozen=True):
    """The unit that is explained: by which rule set, in which row of which counts (the province that it lies in is behind them)."""

    ruleset: RuleSet
    counts: Counts
    row: int = 0

    def scores(self, *changes: Change) -> Scores:
        """The scores of the unit after each of some changes, one row a change."""
        return evaluate(self.ruleset, Changed(self.counts, [self.row] * len(changes), changes))


def explain(unit: Subject, *, now: bool) -> Explanation:
    """Explain a unit; `now`: today lies in the period, so that a dossier that ends today ends in it."""
    gains = _gains(unit, actions(unit.counts, unit.row, now=now))
    return Explanation(
        before=unit.scores(NO_CHANGE),
        after=unit.scores(total(gain.action.change() for gain in gains)),
        terms=_terms(unit),
        gains=gains,
    )


def needed(unit: Subject, gains: Sequence[Gain], wanted: int) -> Needed | None:
    """What lifts a unit to a total of at least `wanted` hundredths; None where everything together does not.

    The actions that win most are taken whole, one after the other; of the last one only as many as it takes.
    """
    chosen = [gain.action for gain in gains]
    sums = list(accumulate((action.change() for action in chosen), initial=NO_CHANGE))
    reached = np.flatnonzero(unit.scores(*sums).total >= wanted)
    if not len(reached):
        return None
    if reached[0] == 0:
        return Needed([], int(unit.scores(NO_CHANGE).total[0]))
    whole, last = chosen[: reached[0] - 1], chosen[reached[0] - 1]
    before = sums[reached[0] - 1]
    count = _least(unit, before, last, wanted)
    total_then = unit.scores(before + last.first(count).change()).total
    return Needed([*((action, action.count) for action in whole), (last, count)], int(total_then[0]))


def at_stake(unit: Subject, due: Mapping[int, int]) -> Stake:
    """What is lost when open dossiers pass their due moment, `due` so many of each procedure (its row number).

    Whether one of them is unhappy already, and so lost in 5.4, the counts do not say: the least loss is told.
    """
    late = Change({("open_overdue", procedure): count for procedure, count in due.items()})
    many = sum(due.values())
    unhappy = min(many, int(unit.counts.measure("open_in_time_unhappy")[unit.row]))
    totals = unit.scores(NO_CHANGE, late, late + Change({("open_in_time_unhappy", UNSPLIT): -unhappy})).total
    return Stake(many, int(totals[0] - max(totals[1], totals[2])))


def _least(unit: Subject, before: Change, action: Action, wanted: int) -> int:
    """The least number of an action that reaches a total; all of it does, none of it does not."""
    low, high = 0, action.count
    while high - low > 1:
        tried = sorted({low + max(1, (high - low) * n // _AT_ONCE) for n in range(1, _AT_ONCE + 1)})
        totals = unit.scores(*(before + action.first(count).change() for count in tried)).total
        first = int(np.flatnonzero(totals >= wanted)[0])
        low, high = tried[first - 1] if first else low, tried[first]
    return high


def _gains(unit: Subject, found: Sequence[Action]) -> list[Gain]:
    """What each action wins alone; those that win nothing for sure are left out."""
    scores = unit.scores(NO_CHANGE, *(action.change() for action in found))
    most = unit.scores(NO_CHANGE, *(action.change(at_worst=False) for action in found)).total
    gains = []
    for at, action in enumerate(found, start=1):
        won = int(scores.total[at] - scores.total[0])
        moved = {one.indicator.code: int(one.score[at] - one.score[0]) for one in _indicators(scores)}
        if won > 0:
            indicators = {code: by for code, by in moved.items() if by}
            gains.append(Gain(action, won, int(most[at] - most[0]), indicators))
    return sorted(gains, key=lambda gain: -gain.total)


def _terms(unit: Subject) -> dict[str, list[Term]]:
    """The terms of every indicator by code."""
    mine = Changed(unit.counts, [unit.row], [NO_CHANGE])
    above, rows = mine.provinces()
    scores = evaluate(unit.ruleset, mine)
    ratios = {one.indicator.code: one.counted.ratio for one in _indicators(scores)}
    own, province = (Losses(unit.ruleset, Formulas(of, unit.ruleset.definitions, ratios), 0) for of in (mine, above))
    in_province = rows[0] >= 0
    is_child = in_province and mine.kinds[0] != PROVINCE
    found = {}
    for one in _indicators(scores):
        indicator = one.indicator
        repeats = is_child and indicator.child is not None and indicator.child.from_province
        formula = indicator.formula if in_province else indicator.outside_province or indicator.formula
        found[indicator.code] = (province if repeats else own).terms(indicator, formula, one.counted)
    return found


def _indicators(scores: Scores) -> list[IndicatorScores]:
    return [one for group in scores.groups for one in group.indicators]
