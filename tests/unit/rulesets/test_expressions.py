"""Expressions mean what the grammar says, and what is wrong is named with its place."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.rulesets.checks import Checker
from schemas.rulesets.errors import ExpressionError
from schemas.rulesets.exact import Exact
from schemas.rulesets.formulas import Formulas
from schemas.rulesets.parser import MAX_LENGTH, parse_expression
from schemas.rulesets.vocabulary import VOCABULARY
from tests.unit.rulesets.profile import untimed
from tests.unit.rulesets.province import CODES, Province

DEFINITIONS = {
    name: parse_expression(text) for name, text in {"handled": "ended + open", "half": "handled / 2"}.items()
}


def sample() -> Province:
    counts = Province(attributes={"fee": {"1.000001", "1.000003"}}, services={"1.000001": 5})
    counts.split.update(
        {
            ("ended", "H01.06", "1.000001"): 4,
            ("ended", "H01.187", "1.000002"): 3,
            ("open", "H01.187", "1.000002"): 2,
            ("received", "H01.188", "1.000003"): 7,
        }
    )
    counts.petitions.update({("petition_closed", "H01.06", "rules"): 2, ("petition_closed", "H01.06", "other"): 1})
    counts.figures.update({("certified_copy", "H01.187"): 1, ("national_report_received", "H01"): 9})
    counts.figures.update({("last_year:national_report_received", unit): 7 for unit in ("H01.06", "H01.187")})
    return counts


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("2 + 3 * 4 - 6 / 4", Fraction(25, 2)),
        ("(2 + 3) * 4", Fraction(20)),
        ("10 - 3 - 2", Fraction(5)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("ended", Fraction(7)),
        ("handled", Fraction(9)),
        ("half", Fraction(9, 2)),
        ("handled[fee]", Fraction(4)),
        ("handled[!fee]", Fraction(5)),
        ("(ended - open)[!fee]", Fraction(1)),
        ("max(ended, received, open)", Fraction(7)),
        ("first(paid_online, open, ended)", Fraction(2)),
        ("procs(ended > 0)", Fraction(2)),
        ("procs(ended > 0 and open = 0)", Fraction(1)),
        ("procs(handled >= 5)", Fraction(1)),
        ("procs(ended + received > 0)[fee]", Fraction(2)),
        ("services(ended > 0)", Fraction(6)),
        ("petition_closed[class=rules]", Fraction(2)),
        ("petition_closed", Fraction(3)),
        ("figure(national_report_received)", Fraction(9)),
        (
            "last_year(national_report_received)",
            Fraction(7, 2),
        ),  # a quarter of what the units below declared for the year
        ("first(open_overdue, last_year(national_report_received))", Fraction(7, 2)),
        ("first(open, last_year(national_report_received))", Fraction(2)),
        ("units(commune)", Fraction(2)),
        ("units(commune, certified_copy = 1)", Fraction(1)),
        ("procs(1 > 2)", Fraction(0)),
        ("received * ratio(1.4)", Fraction(14, 3)),
    ],
)
def test_an_expression_has_the_value_that_it_says(text: str, province: Fraction) -> None:
    node = parse_expression(text)
    Checker(VOCABULARY, DEFINITIONS).check(node)
    ratios = {"1.4": Exact.constant(Fraction(2, 3), len(CODES))}
    assert Formulas(sample(), DEFINITIONS, ratios).value(node)[CODES.index("H01")] == province


@pytest.mark.parametrize(
    ("text", "at", "reason"),
    [
        ("", 0, "expected a number"),
        ("received +", 10, "expected a number"),
        ("received $ 2", 9, "has no meaning"),
        ("received received", 9, "expected an operator"),
        ("(received", 9, "expected ')'"),
        ("sum(received)", 0, "unknown function"),
        ("procs(received)", 14, "expected one of"),
        ("ratio(received)", 6, "code of an indicator"),
        ("4.5a + 1", 0, "ratio(4.5a)"),
        ("received[fee", 12, "expected ']'"),
        ("units(commune, certified_copy = 0.5)", 0, "whole number"),
        ("(" * 30, 20, "parentheses"),
        ("1" + " + 1" * MAX_LENGTH, MAX_LENGTH, "longer than"),
        ("recieved", 0, "unknown measure 'recieved'"),
        ("figure(unheard)", 0, "unknown figure"),
        ("last_year(unheard)", 0, "unknown figure"),
        ("last_year(2025)", 10, "the name of a figure"),
        ("units(planet)", 0, "unknown kind"),
        ("received[blue]", 9, "unknown attribute"),
        ("petition_closed[class=blue]", 16, "unknown class"),
        ("petition_closed[fee]", 16, "not split by procedure"),
        ("received[class=rules]", 9, "not split by class"),
        ("(received * 2)[fee]", 15, "a filter stands behind"),
        ("figure(slips_issued)[fee]", 21, "a filter stands behind"),
        ("received / ended", 9, "only a number"),
        ("received / 0", 9, "only a number"),
        ("procs(received >= 0)", 0, "nothing was counted"),
        ("procs(received > 0.5)", 17, "whole numbers"),
        ("procs(figure(slips_issued) > 0)", 6, "compares measures"),
        ("procs(petition_open > 0)", 6, "split by procedure"),
    ],
)
def test_a_wrong_expression_is_named_with_its_place(text: str, at: int, reason: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        Checker(VOCABULARY, DEFINITIONS).check(parse_expression(text))
    assert (raised.value.at, reason in raised.value.reason) == (at, True), raised.value


WORDS = [
    "received",
    "handled",
    "procs(",
    "max(",
    "ratio(",
    "units(",
    "[fee]",
    "[class=rules]",
    "and",
    "(",
    ")",
    "+",
    "-",
    "*",
    "/",
    ">",
    "=",
    ",",
    "1.4",
    "7",
]


@untimed
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=3)), max_size=12).map(" ".join))
def test_any_text_either_has_a_value_or_is_refused(text: str) -> None:
    try:
        node = parse_expression(text)
        Checker(VOCABULARY, DEFINITIONS).check(node)
    except ExpressionError as error:
        assert 0 <= error.at <= len(text)  # noqa: PT017  # either outcome is right
    else:
        ratios = {code: Exact.constant(Fraction(1), len(CODES)) for code in ("1.4", "7")}
        assert len(Formulas(sample(), DEFINITIONS, ratios).value(node)) == len(CODES)
