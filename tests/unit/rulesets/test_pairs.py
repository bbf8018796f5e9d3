"""What given pairs score: thresholds, rounding, no data, child units, and errors that name what is wrong."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.rulesets import PairError, document, evaluate_pairs, load
from schemas.rulesets.document import IndicatorDocument
from tests.unit.rulesets.profile import untimed

RULESET = load("766-portal-2026")
LINEAR = [code for code, each in RULESET.indicators.items() if each.curve == "linear"]
COUNTS = st.integers(0, 10**9)


def shown(code: str, pairs: dict[str, Any], kind: str = "province") -> IndicatorDocument:
    groups = document(evaluate_pairs(RULESET, pairs, kind), 0).groups
    return next(each for group in groups for each in group.indicators if each.code == code)


def score(code: str, over: int, under: int) -> int:
    scores = evaluate_pairs(RULESET, {code: (over, under)})
    return next(
        int(each.score[0]) for group in scores.groups for each in group.indicators if each.indicator.code == code
    )


@untimed
@given(st.sampled_from(LINEAR), COUNTS, st.integers(1, 10**9))
def test_a_score_is_the_exact_fraction_rounded_to_even(code: str, over: int, under: int) -> None:
    indicator = RULESET.indicators[code]
    share = min(Fraction(1), Fraction(over, under) / indicator.full_from)
    assert score(code, over, under) == round(share * indicator.max)


@untimed
@given(st.sampled_from(LINEAR), COUNTS, COUNTS, st.integers(1, 10**9))
def test_more_of_the_same_never_scores_less(code: str, one: int, other: int, under: int) -> None:
    less, more = sorted((one, other))
    assert score(code, less, under) <= score(code, more, under)


@untimed
@given(st.lists(st.tuples(COUNTS, st.integers(1, 10**9)), min_size=3, max_size=3))
def test_payment_and_online_groups_are_rounded_once_after_their_exact_sum(pairs: list[tuple[int, int]]) -> None:
    for name, codes in (("ONLINE", ("3.1", "3.2", "3.3")), ("TTTT", ("3.4", "3.5", "3.6"))):
        exact = Fraction(0)
        for code, (over, under) in zip(codes, pairs, strict=True):
            indicator = RULESET.indicators[code]
            exact += min(Fraction(1), Fraction(over, under) / indicator.full_from) * indicator.max
        scores = evaluate_pairs(RULESET, dict(zip(codes, pairs, strict=True)))
        group = next(each for each in scores.groups if each.group.code == name)
        assert int(group.score[0]) == round(exact)


@pytest.mark.parametrize(
    ("code", "pair", "expected"),
    [
        ("1.1", (1, 48), 0.12),  # 0.125: from the very middle to the even
        ("1.1", (3, 48), 0.38),  # 0.375 likewise
        ("3.1", (4, 5), 2.0),
        ("3.1", (2, 5), 1.0),
        ("3.3", (1, 2), 6.0),
        ("4.2", (4, 5), 3.2),
        ("4.3", (4, 5), 2.0),
        ("5.4", (9, 10), 6.0),
        ("5.4", (45, 100), 3.0),
        ("3.4", (12, 10), 2.0),
    ],
)
def test_thresholds_and_rounding_are_those_of_the_portal(code: str, pair: tuple[int, int], expected: float) -> None:
    assert shown(code, {code: pair}).score == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        *(
            (code, None)
            for code in ("1.1", "1.2", "1.3", "1.4", "3.1", "3.2", "3.3", "4.1", "4.2", "4.3", "4.4", "4.5a", "4.5b")
        ),
        *((code, 0.0) for code in ("2.1", "3.4", "3.5", "3.6", "5.4")),
        ("4.6", 2.0),
        ("5.2", 6.0),
        ("5.3", 6.0),
    ],
)
@pytest.mark.parametrize("given_as", ["absent", "zero"])
def test_no_data_scores_what_the_portal_gives_and_is_never_shown_as_a_ratio(
    code: str, expected: float | None, given_as: str
) -> None:
    found = shown(code, {code: (0, 0)} if given_as == "zero" else {})
    assert (found.status, found.ratio, found.score) == ("no_data", None, expected)


def test_a_unit_without_any_activity_scores_what_its_province_hands_down() -> None:
    found = document(evaluate_pairs(RULESET, {"1.1": (1, 47), "1.2": (43, 47), "1.3": (47, 47)}, "department"), 0)
    assert [group.score for group in found.groups] == [5.79, 0.0, 0.0, 0.0, 2.0, 12.0]
    assert found.total == 19.79


def test_what_does_not_apply_to_child_units_shows_their_counts_and_gives_fixed_points() -> None:
    pairs = {"3.1": (3, 4), "4.6": (0, 1)}
    for kind in ("department", "commune"):
        online, copies = shown("3.1", pairs, kind), shown("4.6", pairs, kind)
        assert (online.status, online.ratio, online.score) == ("not_applicable", 0.75, 0.0)
        assert (copies.status, copies.ratio, copies.score) == ("not_applicable", 0.0, 2.0)
    for kind in ("province", "ministry"):
        assert (shown("3.1", pairs, kind).status, shown("3.1", pairs, kind).score) == ("ok", 1.88)
        assert (shown("4.6", pairs, kind).status, shown("4.6", pairs, kind).score) == ("ok", 2.0)


def test_indicators_for_analysis_show_a_ratio_and_no_score() -> None:
    found = shown("5.1a", {"5.1a": (233, 286)})
    assert (found.status, found.ratio, found.score, found.max) == ("analysis", 0.8147, None, 0)
    assert shown("5.1b", {}).ratio is None


def test_the_document_has_the_form_of_the_contract() -> None:
    found = document(evaluate_pairs(RULESET, {"2.1": (788612, 1065150)}), 0)
    assert [(group.code, group.max) for group in found.groups] == [
        *(("CKMB", 18), ("TDGQ", 20), ("ONLINE", 12), ("TTTT", 10), ("MDSH", 22), ("MDHL", 18)),
    ]
    indicator = found.groups[1].indicators[0]
    assert indicator == IndicatorDocument(
        "2.1", "Tỷ lệ hồ sơ xử lý trước hạn, đúng hạn", 788612, 1065150, 0.7404, 14.81, 20, "ok"
    )
    assert document(evaluate_pairs(RULESET, {}), 0, "en").groups[1].name == "Progress and results"


@pytest.mark.parametrize("numerator", [2.5, Decimal("2.5")])
def test_only_the_numerator_that_is_multiplied_by_a_ratio_may_have_decimals(numerator: float | Decimal) -> None:
    assert shown("3.3", {"3.3": (numerator, 10)}).score == 3.0
    with pytest.raises(PairError, match="numerator is counted and must be a whole number"):
        evaluate_pairs(RULESET, {"2.1": (numerator, 10)})


@pytest.mark.parametrize(
    ("pairs", "kind", "code", "reason"),
    [
        ({"9.9": (1, 2)}, "province", "9.9", "no such indicator"),
        ({"2.1": (1,)}, "province", "2.1", "a pair is"),
        ({"2.1": 12}, "province", "2.1", "a pair is"),
        ({"2.1": "12"}, "province", "2.1", "a pair is"),
        ({"2.1": (-1, 2)}, "province", "2.1", "numerator must lie between"),
        ({"2.1": (1, -2)}, "province", "2.1", "denominator must lie between"),
        ({"2.1": (1, 10**16)}, "province", "2.1", "denominator must lie between"),
        ({"2.1": (True, 2)}, "province", "2.1", "must be a number"),
        ({"2.1": (None, 2)}, "province", "2.1", "must be a number"),
        ({"3.3": (float("nan"), 2)}, "province", "3.3", "must be a number"),
        ({"2.1": (1, 2.5)}, "province", "2.1", "whole number"),
        ({}, "planet", "kind", "unknown kind"),
    ],
)
def test_a_wrong_pair_is_named(pairs: Any, kind: str, code: str, reason: str) -> None:
    with pytest.raises(PairError) as raised:
        evaluate_pairs(RULESET, pairs, kind)
    assert (raised.value.code, reason in raised.value.reason) == (code, True), raised.value
