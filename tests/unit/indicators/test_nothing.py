"""Nothing counted: the zero denominator of every row of A.3, and what a unit without any activity scores (`indicators.md`, A.5)."""

import pytest

from schemas.rulesets import load
from schemas.units import Unit, UnitTree
from tests.unit.indicators.office import COMMUNE, DEPARTMENT, P2026, PARTS, PROVINCE, RULESETS, Office, Row, alike


def no_data(score: float | None) -> Row:
    return Row(0, 0, score, "no_data")


NO_SCORE, ANALYSIS = no_data(None), Row(0, 0, None, "analysis")
EMPTY = {
    "1.1": alike(NO_SCORE),
    "1.2": alike(NO_SCORE),
    "1.3": alike(NO_SCORE),
    "1.4": alike(NO_SCORE, p2022=no_data(0.0)),
    "2.1": alike(no_data(0.0)),
    "2.2": alike(ANALYSIS),
    "3.1": alike(NO_SCORE),
    "3.2": alike(NO_SCORE),
    "3.3": alike(NO_SCORE),
    "3.4": alike(no_data(0.0), p2022=NO_SCORE, p2025=no_data(2.0)),
    "3.5": alike(no_data(0.0), p2022=NO_SCORE, p2025=no_data(2.0)),
    "3.6": alike(no_data(0.0), p2022=NO_SCORE, p2025=no_data(6.0)),
    "4.1": alike(NO_SCORE),
    "4.2": alike(NO_SCORE),
    "4.3": alike(NO_SCORE),
    "4.4": alike(NO_SCORE),
    "4.5a": alike(NO_SCORE),
    "4.5b": alike(NO_SCORE),
    "4.6": alike(no_data(2.0), p2022=NO_SCORE),
    "5.1a": alike(ANALYSIS),
    "5.1b": alike(ANALYSIS),
    "5.2": alike(no_data(6.0)),
    "5.3": alike(no_data(6.0)),
    "5.4": alike(no_data(0.0)),
}
"""Of a province without communes."""


@pytest.mark.parametrize("code", EMPTY)
def test_a_zero_denominator_is_no_data_and_gives_what_the_rule_set_makes_of_it(code: str) -> None:
    office = Office(tree=UnitTree([Unit(code=PROVINCE, name="An Giang", kind="province")]))
    assert office.rows(code) == EMPTY[code]


def test_every_indicator_of_every_rule_set_is_in_the_table() -> None:
    for ruleset in RULESETS:
        assert list(load(ruleset).indicators) == list(EMPTY)


def test_dossiers_received_but_none_of_procedures_with_a_fee_leave_payment_without_data() -> None:
    office = Office()
    office.described("A", fee=True)
    office.offered("A")
    office.dossier(procedure="A", fee=0)
    assert office.rows("3.6") == alike(no_data(0.0), p2022=NO_SCORE, p2025=no_data(0.0))


@pytest.fixture(scope="module")
def handing_down() -> Office:
    """A province with 47 special procedures: 1 announced on time, 43 public on time, all of them complete."""
    office = Office()
    for number in range(47):
        procedure = f"1.{number:06}"
        office.described(procedure, special=True, parts=PARTS)
        office.decided("01/QĐ", procedure, on="2026-03-02", effective_at="2026-03-31" if number < 1 else "2026-03-02")
        office.published("01/QĐ", procedure, at="2026-03-09T08:00:00" if number < 43 else "2026-03-10T08:00:00")
    return office


@pytest.mark.parametrize("unit", [DEPARTMENT, COMMUNE])
def test_a_unit_without_any_activity_scores_19_79_where_its_province_hands_down_5_79(
    handing_down: Office, unit: str
) -> None:
    found = handing_down.shown(unit, P2026)
    publicity = [(each.numerator, each.denominator, each.score) for each in found.groups[0].indicators[:3]]
    assert publicity == [(1, 47, 0.13), (43, 47, 3.66), (47, 47, 2.0)]
    assert [group.score for group in found.groups] == [5.79, 0.0, 0.0, 0.0, 2.0, 12.0]
    assert found.total == 19.79


def test_the_same_unit_has_no_publicity_of_its_own_under_the_other_rule_sets(handing_down: Office) -> None:
    for ruleset in RULESETS:
        if ruleset != P2026:
            assert handing_down.shown(COMMUNE, ruleset).groups[0].score == 0.0
