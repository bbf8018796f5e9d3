"""The evaluator over given numerators and denominators of one unit (`POST /v1/rulesets/{id}/evaluate`)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

import numpy as np

from schemas.rulesets.errors import PairError
from schemas.rulesets.evaluate import PROVINCE, Counted, Scores, score
from schemas.rulesets.exact import Exact
from schemas.rulesets.model import RuleSet
from schemas.rulesets.tree import Binary, Figure, LastYear, Name, Node, Number, Ratio, walk
from schemas.rulesets.vocabulary import VOCABULARY

Count = int | float | Decimal

MOST: Final = 10**15
"""No count is greater: Vietnam has some 10**8 inhabitants."""

_MINISTRY: Final = "ministry"


def evaluate_pairs(ruleset: RuleSet, pairs: Mapping[str, Sequence[Count]], kind: str = PROVINCE) -> Scores:
    """The scores (of one unit, row 0) that pairs ``{code: (numerator, denominator)}`` make.

    An indicator that is not given has no data. `kind` decides whether the rules for child units hold: for all but provinces and
    ministries. The province's values that a child unit repeats are taken as given.

    Raises:
        PairError: an unknown indicator or kind; no pair; a count that is negative, not whole, not finite or above 10**15.
    """
    if kind not in VOCABULARY.kinds:
        raise PairError("kind", f"unknown kind of unit {kind!r}; there are {', '.join(sorted(VOCABULARY.kinds))}")
    for code in pairs:
        if code not in ruleset.indicators:
            raise PairError(
                code, f"rule set {ruleset.id} has no such indicator; it has {', '.join(ruleset.indicators)}"
            )
    counted = {code: _counted(ruleset, code, pairs.get(code, (0, 0))) for code in ruleset.indicators}
    return score(ruleset, counted, np.array([kind not in (PROVINCE, _MINISTRY)], np.bool_))


def _counted(ruleset: RuleSet, code: str, pair: Sequence[Count]) -> Counted:
    if not isinstance(pair, list | tuple) or len(pair) != 2:  # what came as JSON may be anything
        raise PairError(code, "a pair is [numerator, denominator]")
    formula = ruleset.indicators[code].formula
    numerator = _count(code, "numerator", pair[0], whole=_is_whole(ruleset, formula.numerator))
    denominator = _count(code, "denominator", pair[1], whole=_is_whole(ruleset, formula.denominator))
    return Counted(Exact.of([numerator]), Exact.of([denominator]))


def _count(code: str, side: str, value: Count, *, whole: bool) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not _finite(value):
        raise PairError(code, f"the {side} must be a number")
    exact = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)  # 0.1 means one tenth
    if not 0 <= exact <= MOST:
        raise PairError(code, f"the {side} must lie between 0 and {MOST}")
    if whole and exact.denominator != 1:
        raise PairError(code, f"the {side} is counted and must be a whole number")
    return exact


def _finite(value: Count) -> bool:
    return isinstance(value, int) or Decimal(value).is_finite()


def _is_whole(ruleset: RuleSet, node: Node) -> bool:
    """Whether an expression can only give whole numbers."""
    for part in walk(node):
        match part:
            case Ratio() | Figure() | LastYear() | Binary(_, "/", _, _):
                return False
            case Number(_, value) if value.denominator != 1:
                return False
            case Name(_, name) if name in ruleset.definitions and not _is_whole(ruleset, ruleset.definitions[name]):
                return False
            case _:
                pass
    return True
