"""Exact arrays compute as Python's fractions do, also where int64 is too narrow."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from schemas.rulesets.exact import Exact
from tests.unit.rulesets.profile import untimed

FRACTIONS = st.one_of(
    st.fractions(-100, 100, max_denominator=200),
    st.builds(Fraction, st.integers(-(2**63), 2**63), st.integers(1, 2**33)),
    st.fractions(-(10**30), 10**30, max_denominator=10**25),
)
LISTS = st.lists(st.tuples(FRACTIONS, FRACTIONS), max_size=5)


def listed(values: Exact) -> list[Fraction]:
    return [values[row] for row in range(len(values))]


@untimed
@given(LISTS)
def test_arithmetic_is_that_of_fractions(pairs: list[tuple[Fraction, Fraction]]) -> None:
    left, right = Exact.of([one for one, _ in pairs]), Exact.of([other for _, other in pairs])
    assert listed(left + right) == [one + other for one, other in pairs]
    assert listed(left - right) == [one - other for one, other in pairs]
    assert listed(left * right) == [one * other for one, other in pairs]
    assert listed(left.maximum(right)) == [max(pair) for pair in pairs]
    assert listed(left.minimum(right)) == [min(pair) for pair in pairs]
    assert listed(left.over_positive(right)) == [one / other if other > 0 else 0 for one, other in pairs]
    assert left.at_least(right).tolist() == [one >= other for one, other in pairs]
    assert left.differs(right).tolist() == [one != other for one, other in pairs]
    assert (left + left + left).differs(left * Exact.constant(Fraction(3), len(pairs))).tolist() == [False] * len(pairs)


@untimed
@given(st.lists(st.one_of(FRACTIONS, st.integers(-999, 999).map(lambda n: Fraction(n, 2))), max_size=5))
def test_rounding_goes_to_the_nearest_and_from_the_middle_to_the_even(values: list[Fraction]) -> None:
    assert Exact.of(values).rounded().tolist() == [round(value) for value in values]


def test_ties_can_be_rounded_up_instead() -> None:
    middle = Exact.of([Fraction(1, 2), Fraction(3, 2), Fraction(5, 2)])
    assert middle.rounded("half_even").tolist() == [0, 2, 2]
    assert middle.rounded("half_up").tolist() == [1, 2, 3]
