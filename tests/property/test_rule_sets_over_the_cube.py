"""What the cube keeps ready for the rule sets equals what adding up, procedure by procedure, gives."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.measures import BY_NAME
from schemas.periods import Period
from schemas.rows import PROCEDURE, ProcedureRow, Progress, day_key, encode_counters, encode_procedure, note_key
from schemas.rulesets.evaluate import evaluate
from schemas.rulesets.library import available, load
from schemas.rulesets.needs import needs
from schemas.rulesets.vocabulary import VOCABULARY
from schemas.units import Unit, UnitTree
from services.api.cube.cube import Cube
from services.api.cube.order import COUNTRY, TreeOrder
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.cube.stacked import Stacked
from services.api.live.changes import changed

RULES = load("766-portal-2026")
EVERY = st.sampled_from([load(ruleset) for ruleset in available()])  # a draft asks for what nobody keeps ready
DAY = 20_500
TREE = UnitTree(
    [
        Unit(code="P", name="P", kind="province"),
        Unit(code="P.1", name="P.1", kind="commune", parent="P"),
        Unit(code="P.2", name="P.2", kind="commune", parent="P"),
        Unit(code="P.3", name="P.3", kind="commune", parent="P", valid_to="2026-02-01", successor="P.2"),
        Unit(code="Q", name="Q", kind="province"),
        Unit(code="Q.1", name="Q.1", kind="department", parent="Q"),
    ]
)
UNITS = [unit.code for unit in TREE]
PROCEDURES = ["", "1", "2", "3"]
MEASURES = sorted(
    {BY_NAME[name].number for name in needs().present}
    | {BY_NAME[name].number for name, _ in needs().filtered}
    | {BY_NAME[name].number for name in ("received", "received_synced", "ended", "ended_on_time", "open", "finished")}
    | {BY_NAME[name].number for name in ("procedure_online_full", "stopped", "withdrawn")}
)

# Days of one 32-day word, of its neighbours, and far away: the borders of the bits.
days = st.one_of(st.integers(DAY, DAY + 70), st.sampled_from([-25_000, 0, DAY - 2_100, DAY + 2_100]))
cell = st.dictionaries(st.sampled_from(MEASURES), st.integers(1, 3), min_size=1, max_size=5)
row = st.tuples(
    st.integers(0, 1), st.sampled_from(UNITS), days, st.dictionaries(st.sampled_from(PROCEDURES), cell, max_size=3)
)
described = st.tuples(
    st.sampled_from(PROCEDURES),
    st.dictionaries(st.sampled_from([*sorted(VOCABULARY.attributes), "services"]), st.integers(0, 3), max_size=4),
)
histories = st.lists(st.one_of(st.lists(row, max_size=5), described), max_size=10)
periods = st.tuples(st.none() | days, days).filter(lambda span: span[0] is None or span[0] <= span[1])


def filled(history: list[Any], cube: Cube | None = None) -> Cube:
    """A cube after a history of batches of rows and of catalogue entries."""
    cube = cube or Cube()
    for step in history:
        if isinstance(step, tuple):
            note = {note_key(0, PROCEDURE, step[0]): encode_procedure(ProcedureRow(step[1])) if step[1] else None}
            cube.apply(0, note, Progress(partition=0, offsets={}, clock=1, made_by=""), 1)
            continue
        for partition in (0, 1):
            rows = {
                day_key(partition, unit, day): encode_counters(content) if content else None
                for where, unit, day, content in step
                if where == partition
            }
            cube.apply(partition, rows, Progress(partition=partition, offsets={}, clock=1, made_by=""), 1)
    return cube


class AddedUp:
    """The same counts without anything kept ready."""

    def __init__(self, counts: Any) -> None:
        self._counts = counts

    def __getattr__(self, name: str) -> Any:
        return getattr(self._counts, name)

    def provinces(self) -> Any:
        above, rows = self._counts.provinces()
        return AddedUp(above), rows

    def sum_having(self, *_: Any) -> None: ...

    def procedures_with(self, *_: Any, services: bool) -> None: ...


@settings(deadline=None)
@given(EVERY, histories, periods, st.booleans(), st.sets(st.sampled_from([COUNTRY, *UNITS]), min_size=1))
def test_scores_do_not_depend_on_what_is_kept_ready(rules, history, span, pooled, asked):
    period = Period(*span)
    scope = Scope.of(TreeOrder(TREE, period.last), sorted(asked), pooled=pooled)
    cube = filled(history[: len(history) // 2])
    with cube.reading() as reading:  # what it remembers of the tree and the scope must not outlive its truth
        evaluate(rules, PeriodCounts(reading, scope, period))
    filled(history[len(history) // 2 :], cube)
    with cube.reading() as reading:
        quick = evaluate(rules, PeriodCounts(reading, scope, period))
        plain = evaluate(rules, AddedUp(PeriodCounts(reading, scope, period)))
    assert not changed(quick, plain).any()


@settings(deadline=None)
@given(histories, periods, periods)
def test_several_periods_at_once_are_each_by_itself(history, one, other):
    cube, order = filled(history), TreeOrder(TREE, DAY)
    scope = Scope(order, np.arange(len(order.codes)), pooled=True)
    with cube.reading() as reading:
        parts = [PeriodCounts(reading, scope, Period(*span)) for span in (one, other)]
        together = evaluate(RULES, Stacked(parts))
        alone = [evaluate(RULES, PeriodCounts(reading, scope, Period(*span))) for span in (one, other)]
    assert together.total.tolist() == [*alone[0].total.tolist(), *alone[1].total.tolist()]
    for group, first, second in zip(together.groups, alone[0].groups, alone[1].groups, strict=True):
        assert group.score.tolist() == [*first.score.tolist(), *second.score.tolist()]
