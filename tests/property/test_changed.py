"""Counts with a change score as the same counts do once the change has happened."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.measures import BY_NAME, BY_NUMBER
from schemas.periods import Period
from schemas.rulesets.changed import Change, Changed, total
from schemas.rulesets.evaluate import evaluate
from services.api.cube.order import TreeOrder
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.live.changes import changed
from tests.property.test_rule_sets_over_the_cube import DAY, EVERY, MEASURES, PROCEDURES, TREE, filled, histories

PERIOD = Period(DAY, DAY + 80)
ORDER = TreeOrder(TREE, DAY + 80)
SIBLINGS = ["P.1", "P.2", "Q.1"]
PROVINCES = ["P", "Q"]

KNOWN = [(0, "Q", DAY - 1, {procedure: {BY_NAME["declined"].number: 1} for procedure in PROCEDURES})]
"""So that every procedure has a number before anything changes."""

extras = st.lists(
    st.tuples(
        st.sampled_from(SIBLINGS),
        st.sampled_from(PROCEDURES[1:]),
        st.sampled_from(MEASURES),
        st.integers(1, 3),
    ),
    max_size=6,
)


@settings(deadline=None)
@given(EVERY, histories, extras, st.sampled_from([SIBLINGS, PROVINCES]))
def test_what_changes_together_scores_as_what_has_happened(rules, history, extra, asked):
    cube = filled([KNOWN, *history])
    scope = Scope.of(ORDER, asked, pooled=True)
    with cube.reading() as reading:
        changes = [
            total(
                Change({(BY_NUMBER[measure].name, reading.items.index(procedure)): n})
                for unit, procedure, measure, n in extra
                if unit == code or ORDER.parent_of(unit) == code
            )
            for code in asked
        ]
        supposed = evaluate(
            rules, Changed(PeriodCounts(reading, scope, PERIOD), np.arange(len(asked)), changes, together=True)
        )
    _happen(cube, extra)
    with cube.reading() as reading:
        assert not changed(supposed, evaluate(rules, PeriodCounts(reading, scope, PERIOD))).any()


@settings(deadline=None)
@given(EVERY, histories, extras, st.sampled_from(SIBLINGS), st.booleans())
def test_a_row_that_changes_alone_scores_as_if_nothing_else_had(rules, history, extra, unit, pooled):
    cube = filled([KNOWN, *history])
    mine = [one for one in extra if one[0] == unit]
    scope = Scope.of(ORDER, [unit], pooled=pooled)
    with cube.reading() as reading:
        counts = PeriodCounts(reading, scope, PERIOD)
        change = total(Change({(BY_NUMBER[m].name, reading.items.index(p)): n}) for _, p, m, n in mine)
        before = evaluate(rules, counts)
        both = evaluate(rules, Changed(counts, [0, 0, 0], [Change(), change, Change()]))
    assert both.total[0] == both.total[2] == before.total[0]
    _happen(cube, mine)
    with cube.reading() as reading:
        after = evaluate(rules, PeriodCounts(reading, scope, PERIOD))
    assert both.total[1] == after.total[0]
    assert [int(group.score[1]) for group in both.groups] == [int(group.score[0]) for group in after.groups]


def _happen(cube, extra):
    """The extras are counted on a day of the period on which nothing else was, each in a row of its own."""
    filled([[(0, unit, DAY + 75, _cell([one for one in extra if one[0] == unit]))] for unit in SIBLINGS], cube)


def _cell(extra):
    content: dict[str, dict[int, int]] = {}
    for _, procedure, measure, n in extra:
        counts = content.setdefault(procedure, {})
        counts[measure] = counts.get(measure, 0) + n
    return content
