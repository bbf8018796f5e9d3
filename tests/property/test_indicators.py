"""Every numerator and denominator of Decision 766, from events to rule sets: equal to an independent recount by the law's words."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.rulesets import Scores
from services.scorer.domain.setting import Setting
from tests.oracle import product
from tests.oracle.histories import DOOR_NOW, moments
from tests.oracle.indicators import DOCUMENT, DRAFT, PORTAL, Indicators
from tests.oracle.profile import many
from tests.oracle.whole_histories import TREE, UNITS, all_families, periods, product_period
from tests.whole import Whole

LATE = DOOR_NOW - 10**13
"""More than three months before the clock at the door: all has happened, and all deadlines are over."""

looks = all_families().flatmap(
    lambda history: st.tuples(
        st.just(history), st.tuples(moments(history), moments(history) | st.just(LATE)), st.integers(0, 40)
    )
)
"""A history, two instants to look at it, and how much of it has come by the first."""


@settings(many, max_examples=max(many.max_examples // 2, 1))
@given(looks, st.lists(st.tuples(periods, st.sampled_from(DOCUMENT)), min_size=1, max_size=3), st.booleans())
def test_every_numerator_and_denominator_equals_the_recount_of_all_families(look, spans, pooled):
    history, (one, other), arrived = look
    before, now = sorted((one, other))
    whole = Whole(_setting(history.zone), before, door=DOOR_NOW)
    whole.push(history.said[:arrived])
    # what the cube remembers of an earlier look must not outlive its truth
    whole.scores(PORTAL, product_period(*spans[0][0]), UNITS, pooled=pooled)
    whole.turn_to(now)
    whole.push(history.said[arrived:])
    recount = Indicators(history.said, TREE, history.zone, now)
    for span, document in spans:
        expected = [recount.pairs(unit, *span, pooled=pooled) for unit in UNITS]
        for ruleset in (document, PORTAL, DRAFT):
            scores = whole.scores(ruleset, product_period(*span), UNITS, pooled=pooled)
            for row, unit in enumerate(UNITS):
                assert _counted(scores, row) == expected[row][ruleset], (ruleset, unit, span)


def _counted(scores: Scores, row: int) -> dict[str, tuple[Fraction, Fraction]]:
    return {
        each.indicator.code: (each.counted.numerator[row], each.counted.denominator[row])
        for group in scores.groups
        for each in group.indicators
    }


def _setting(name: str) -> Setting:
    """What the counts depend on, with the tree of all families."""
    return product.SETTINGS[name]._replace(tree=TREE)
