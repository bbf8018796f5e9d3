"""Every component of Decision 766 (`indicators.md`, A.3), under each rule set, from counts to points."""

import pytest

from schemas.periods import parse_period
from schemas.rulesets import available, document, evaluate, load
from schemas.rulesets.document import IndicatorDocument
from schemas.rulesets.figures import of_last_year
from tests.unit.rulesets.components import COMPONENTS, DOCUMENT, P2025, P2026, SYNCED, Component, counted
from tests.unit.rulesets.province import CODES, Province, Tree

PAIRS = [(component, ruleset) for component in COMPONENTS for ruleset in component.points]
IDS = [f"{component.code} {ruleset}" for component, ruleset in PAIRS]


def shown(ruleset: str, counts: Province, code: str, unit: str = "H01") -> IndicatorDocument:
    groups = document(evaluate(load(ruleset), counts), counts.codes.index(unit)).groups
    return next(each for group in groups for each in group.indicators if each.code == code)


@pytest.mark.parametrize(("component", "ruleset"), PAIRS, ids=IDS)
def test_counts_make_the_points_of_the_rule(component: Component, ruleset: str) -> None:
    found = shown(ruleset, counted(component.counts), component.code)
    assert found.score == component.points[ruleset]


@pytest.mark.parametrize(("component", "ruleset"), PAIRS, ids=IDS)
def test_nothing_counted_is_no_data_and_makes_the_points_of_the_rule(component: Component, ruleset: str) -> None:
    alone: Tree = [("H01", "province", None)]
    found = shown(ruleset, Province(tree=alone), component.code)
    status = "analysis" if found.max == 0 else "no_data"
    assert (found.status, found.ratio, found.score) == (status, None, component.nothing[ruleset])


def test_every_component_of_every_rule_set_is_tested() -> None:
    tested: dict[str, set[str]] = {ruleset: set() for ruleset in available()}
    for component, ruleset in PAIRS:
        assert component.points.keys() == component.nothing.keys()
        tested[ruleset].add(component.code)
    assert tested == {ruleset: set(load(ruleset).indicators) for ruleset in available()}


def test_a_class_of_petitions_is_shown_as_a_share_without_points() -> None:
    for ruleset in (*DOCUMENT, P2025, P2026):
        rules, staff = (shown(ruleset, counted({}), code) for code in ("5.1a", "5.1b"))
        assert (rules.ratio, rules.status, staff.ratio, staff.status) == (1.0, "analysis", 0.0, "analysis")


def test_in_2025_only_a_unit_without_any_procedure_with_a_fee_gets_full_points_for_payment() -> None:
    idle = counted({"procedure_offered": (0, 0, 1)})  # the third procedure has no fee
    unpaid = counted({"procedure_offered": (1, 0, 1)})
    for ruleset, without_fee in ((P2025, 10.0), (P2026, 0.0), (DOCUMENT[0], 0.0)):
        for counts, expected in ((idle, without_fee), (unpaid, 0.0)):
            payment = document(evaluate(load(ruleset), counts), 0).groups[3]
            assert (payment.code, payment.score) == ("TTTT", expected), ruleset


PUBLICITY = {
    "announced": (1, 1, 0),
    "announced_late": (0, 1, 0),
    "publication": (1, 0, 0),
    "procedure_public": (1, 0, 0),
}


@pytest.mark.parametrize("ruleset", available())
def test_child_units_repeat_the_publicity_of_their_province_only_in_2026(ruleset: str) -> None:
    for unit in ("H01.06", "H01.187"):
        for code, of_province in (("1.1", (1, 2)), ("1.2", (1, 1)), ("1.3", (0, 1))):
            found = shown(ruleset, counted(PUBLICITY), code, unit)
            assert (found.numerator, found.denominator) == (of_province if ruleset == P2026 else (0, 0))


@pytest.mark.parametrize("ruleset", available())
def test_child_units_show_their_online_procedures_and_score_them_only_by_the_document(ruleset: str) -> None:
    counts = counted({"procedure_online": (1, 0, 0), "procedure_offered": (1, 0, 0), "received": (1, 0, 0)}, "H01.187")
    found = shown(ruleset, counts, "3.1", "H01.187")
    scored = ruleset in DOCUMENT
    assert (found.status, found.score) == (("ok", 2.0) if scored else ("not_applicable", 0.0))
    assert found.denominator == 1


@pytest.mark.parametrize("ruleset", available())
def test_certified_copies_are_counted_by_commune_or_given_to_all(ruleset: str) -> None:
    units = ("H01.06", "H01.187", "H01.188")
    found = [shown(ruleset, counted({}), "4.6", unit) for unit in units]
    assert [(each.numerator, each.denominator) for each in found] == [(0, 0), (1, 1), (0, 1)]
    given = [("not_applicable", 2.0)] * len(units)
    own = [("no_data", None), ("ok", 2.0), ("ok", 0.0)]
    assert [(each.status, each.score) for each in found] == (given if ruleset in {P2025, P2026} else own)


@pytest.mark.parametrize("ruleset", [*DOCUMENT, P2025, P2026])
@pytest.mark.parametrize(
    ("period", "share"), [("2026-03", 100), ("2026-Q1", 300), ("2026", 1200), ("2026-H1", 0), ("2026-W11", 0)]
)
def test_without_any_dossier_synchronisation_is_measured_by_last_year_s_report(
    ruleset: str, period: str, share: int
) -> None:
    counts = Province(period=parse_period(period, 0))
    counts.figures[of_last_year("national_report_received"), "H01"] = 1200
    found = shown(ruleset, counts, "1.4")
    assert (found.numerator, found.denominator) == (0, share)
    if share:
        assert (found.status, found.score) == ("ok", 0.0)


def test_last_year_s_report_matters_only_where_this_period_has_none() -> None:
    counts = counted(SYNCED)
    counts.figures[of_last_year("national_report_received"), "H01"] = 10**6
    for reported, of in ((0, 10), (9, 10), (40, 40)):
        counts.figures["national_report_received", "H01"] = reported
        assert shown(P2026, counts, "1.4").denominator == of


def test_a_unit_without_any_activity_scores_what_its_province_hands_down() -> None:
    catalogue = [f"1.{number:06}" for number in range(47)]
    counts = Province(catalogue=catalogue, attributes={"special": set(catalogue)})
    for number, procedure in enumerate(catalogue):
        for measure in ("announced", "publication", "procedure_public", "procedure_complete"):
            counts.split[measure, "H01", procedure] = 1
        counts.split["announced_late", "H01", procedure] = int(number > 0)  # 1 of 47 in time
        counts.split["publication_late", "H01", procedure] = int(number < 4)  # 43 of 47
    for unit in ("H01.06", "H01.187"):
        found = document(evaluate(load(P2026), counts), CODES.index(unit))
        assert [group.score for group in found.groups] == [5.79, 0.0, 0.0, 0.0, 2.0, 12.0]
        assert found.total == 19.79
