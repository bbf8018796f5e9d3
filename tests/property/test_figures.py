"""Declared figures: the spans that tile a period, the unit's own or its children's, exactly; counted a second time by trying all."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.periods import Period, parse_period
from schemas.rows import FIGURE, FigureRow, Progress, encode_figure, note_key
from schemas.rulesets.figures import of_last_year, periods_a_year
from schemas.units import Unit, UnitTree
from services.api.cube.cube import Cube
from services.api.cube.declared import holding
from services.api.cube.figures import year_before
from services.api.cube.order import TreeOrder
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.cube.stacked import Stacked
from tests.oracle.figures import by_trying
from tests.oracle.profile import many

YEAR = parse_period("2026", 0)
TREE = UnitTree(
    [
        Unit(code="P", name="P", kind="province"),
        Unit(code="P.1", name="P.1", kind="commune", parent="P"),
        Unit(code="P.2", name="P.2", kind="commune", parent="P"),
        Unit(code="P.3", name="P.3", kind="commune", parent="P", valid_to="2025-12-31", successor="P.2"),
        Unit(code="P.1.1", name="P.1.1", kind="office", parent="P.1"),
    ]
)
UNITS = [unit.code for unit in TREE]

spans = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(sorted)
values = st.sampled_from([1.0, 2.5, 0.1, 7.0])
rows = st.lists(
    st.builds(lambda span, open_, value: FigureRow("P", "f", value, span[0], None if open_ else span[1]),
              spans, st.booleans() | st.just(value=False), values),
    max_size=8,
    unique_by=lambda row: (row.first, row.last),
)  # fmt: skip


@many
@given(rows, spans)
def test_the_fewest_spans_that_tile_a_period_hold(declared, span):
    period = Period(*span)
    assert holding(declared, period) == by_trying(declared, period)


def counts(declared: dict[str, float], period: Period, asked: list[str], *, pooled: bool, of: Period = YEAR):
    cube = Cube()
    notes = {
        note_key(0, FIGURE, f"{unit}/f/"): encode_figure(FigureRow(unit, "f", value, of.first, of.last))
        for unit, value in declared.items()
    }
    cube.apply(0, notes, Progress(partition=0, offsets={}, clock=1, made_by=""), 1)
    with cube.reading() as reading:
        return PeriodCounts(reading, Scope.of(TreeOrder(TREE, period.last), asked, pooled=pooled), period)


def exact(figures) -> list[Fraction]:
    return [Fraction(int(value), figures.scale) for value in figures.value]


def expected(declared: dict[str, float], code: str, *, pooled: bool) -> Fraction:
    """Its own, else what lies below it; P.3 has become part of P.2."""
    if code in declared:
        return Fraction(str(declared[code]))
    below = {"P": ["P.1", "P.2"], "P.1": ["P.1.1"], "P.2": ["P.3"]}.get(code, [])
    return sum((expected(declared, each, pooled=True) for each in below if pooled or each == "P.3"), Fraction(0))


@many
@given(st.dictionaries(st.sampled_from(UNITS), values), st.booleans())
def test_a_figure_is_the_units_own_else_the_sum_of_its_childrens(declared, pooled):
    figures = counts(declared, YEAR, UNITS, pooled=pooled).figure("f")
    found = dict(zip(UNITS, exact(figures), strict=True))
    assert found == {code: expected(declared, code, pooled=pooled) for code in UNITS}


def test_units_that_declared_a_value_are_counted() -> None:
    declared = {"P.1": 1.0, "P.2": 0.0, "P.3": 1.0}
    for pooled, found in ((True, [1, 1, 0]), (False, [0, 1, 0])):
        assert counts(declared, YEAR, ["P", "P.1", "P.2"], pooled=pooled).units("commune", "f", 1).tolist() == found
    assert counts(declared, YEAR, ["P"], pooled=True).units("commune", "f", 0).tolist() == [1]
    assert counts(declared, YEAR, ["P"], pooled=True).units("commune").tolist() == [2]


@pytest.mark.parametrize("text", ["2027-01", "2027-Q2", "2027", "2027-H1"])
def test_last_years_figure_is_shared_out(text: str) -> None:
    period = parse_period(text, 0)
    shares = periods_a_year(period)
    figures = counts({"P": 10.0}, period, ["P"], pooled=True).figure(of_last_year("f"))
    assert exact(figures) == [Fraction(10, shares) if shares else 0]
    assert exact(counts({"P": 10.0}, period, ["P"], pooled=True).figure("f")) == [0]


def test_the_year_before_is_that_of_the_last_day() -> None:
    assert year_before(parse_period("2027-01", 0)) == YEAR
    assert year_before(Period(None, (date(2027, 6, 1) - date(1970, 1, 1)).days)) == YEAR


def test_periods_of_different_scales_stand_side_by_side() -> None:
    parts = [
        counts({"P": 2.5}, YEAR, ["P"], pooled=True),
        counts({"P": 10.0}, parse_period("2027-01", 0), ["P"], pooled=True),
    ]
    for name, wanted in (("f", [Fraction(5, 2), 0]), (of_last_year("f"), [0, Fraction(10, 12)])):
        assert exact(Stacked(parts).figure(name)) == wanted
    assert np.array_equal(Stacked(parts).units("province", "f", 2), [0, 0])
