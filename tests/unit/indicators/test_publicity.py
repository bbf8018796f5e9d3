"""Group 1, publicity and transparency ("công khai, minh bạch"), from events to points: `indicators.md`, A.3, A.4."""

import pytest

from tests.unit.indicators.office import (
    COMMUNE,
    DEPARTMENT,
    DOCUMENT,
    MINISTRY,
    P2025,
    P2026,
    PARTS,
    PROVINCE,
    Office,
    Row,
    alike,
)

NOTHING = Row(0, 0, None, "no_data")


def test_1_1_a_province_announces_its_special_procedures_five_working_days_before_they_come_into_force() -> None:
    office = Office()
    office.described("A", "B", "C", "D", special=True)
    office.described("E")  # not a special one of the province: not asked for
    for procedure, on in (("A", "2026-03-24T23:59:59"), ("B", "2026-03-25T00:00:00"), ("E", "2026-03-30")):
        office.decided(
            "01/QĐ", procedure, on=on, effective_at="2026-03-31"
        )  # a Tuesday; five working days before: the 24th
    office.decided("02/QĐ", "C", on="2026-03-10", effective_at="2026-03-31")
    office.decided(
        "03/QĐ", "C", on="2026-03-31", effective_at="2026-03-31"
    )  # one late decision makes the procedure late
    office.decided("04/QĐ", "D", on="2026-03-31")  # no legal basis named: in time
    office.decided("99/QĐ", "A", on="2025-12-30", effective_at="2025-12-31")  # late, but before the period
    assert office.rows("1.1") == alike(Row(2, 4, 3.0))


def test_1_1_a_ministry_announces_any_procedure_twenty_working_days_before() -> None:
    office = Office()
    for procedure, on in (("A", "2026-03-03"), ("B", "2026-03-04")):
        office.decided("01/QĐ-BXD", procedure, on=on, unit="G09.12", effective_at="2026-03-31")
    for unit in (MINISTRY, "G09.12"):  # below a ministry nothing is handed down
        assert office.rows("1.1", unit) == alike(Row(1, 2, 3.0))


@pytest.mark.parametrize(("on_time", "score"), [(1, 0.12), (3, 0.38), (5, 0.62)])
def test_1_1_points_in_the_very_middle_go_to_the_even_hundredth(on_time: int, score: float) -> None:
    office = Office()
    for number in range(48):
        office.described(f"1.{number}", special=True)
        on = "2026-03-24" if number < on_time else "2026-03-27"
        office.decided("01/QĐ", f"1.{number}", on=on, effective_at="2026-03-31")
    assert office.rows("1.1") == alike(Row(on_time, 48, score))


def test_1_2_a_procedure_is_to_be_public_five_working_days_after_the_decision() -> None:
    office = Office()
    for procedure in ("A", "B", "C"):
        office.decided("01/QĐ", procedure, on="2026-03-02")
    office.published("01/QĐ", "A", at="2026-03-09T23:59:59")
    office.published("01/QĐ", "B", at="2026-03-10T00:00:00")  # C never is: owed and late
    office.decided("02/QĐ", "D", on="2026-03-30")  # owed on 6 April
    office.published("00/QĐ", "E", at="2026-03-20T08:00:00")  # no decision known: in time
    assert office.rows("1.2") == alike(Row(2, 4, 2.0))
    office.turn_to("2026-04-06T23:59:59.999999")
    assert office.rows("1.2", period="2026-Q2") == alike(NOTHING)
    office.turn_to("2026-04-07T00:00:00")
    assert office.rows("1.2", period="2026-Q2") == alike(Row(0, 1, 0.0))
    assert office.rows("1.2") == alike(Row(2, 4, 2.0))


def test_1_3_a_published_procedure_has_all_seven_parts() -> None:
    office = Office()
    office.described("A", special=True, parts=PARTS)
    office.described("B", special=True, parts=[*PARTS[:6], PARTS[0]])  # one is there twice, one is missing
    office.described("C", special=True, parts=PARTS, status="hidden")
    office.described("D", special=True, parts=PARTS, status="amending")
    office.described("E", parts=PARTS)
    assert office.rows("1.3") == alike(Row(2, 3, 1.33))


def test_1_1_to_1_3_of_child_units_repeat_the_province_in_2026_and_are_their_own_before() -> None:
    office = Office()
    office.described("A", "B", special=True, parts=PARTS)
    office.decided("01/QĐ", "A", on="2026-03-02", effective_at="2026-03-31")
    office.decided("01/QĐ", "B", on="2026-03-31", effective_at="2026-03-31", unit=DEPARTMENT)
    office.published("01/QĐ", "A", at="2026-03-02T09:00:00")
    for unit in (DEPARTMENT, COMMUNE):
        own = Row(0, 1, 0.0) if unit == DEPARTMENT else NOTHING
        assert office.rows("1.1", unit) == alike(own, p2026=Row(1, 2, 3.0))
        assert office.rows("1.2", unit) == alike(NOTHING, p2026=Row(1, 1, 4.0))
        assert office.rows("1.3", unit) == alike(NOTHING, p2026=Row(2, 2, 2.0))


def test_1_4_dossiers_received_in_the_period_are_with_the_national_portal() -> None:
    office = Office()
    for number in range(4):
        office.dossier(synced=number < 3)
    office.dossier(received="2025-12-30T08:00:00", synced=True)  # handled in the period, received before
    assert office.rows("1.4") == alike(Row(3, 4, 4.5))
    office.declared("national_report_received", 5, PROVINCE, first="2026-01-01", last="2026-03-31")
    assert office.rows("1.4") == alike(Row(3, 5, 3.6))  # the greater of both counts
    assert office.rows("1.4", COMMUNE) == alike(Row(3, 4, 4.5))  # the province's report says nothing of a commune


@pytest.mark.parametrize(("period", "share"), [("2026-03", 100), ("2026-Q1", 300), ("2026", 1200)])
def test_1_4_without_any_count_is_measured_by_last_year_s_report(period: str, share: int) -> None:
    office = Office()
    office.declared("national_report_received", 1200, PROVINCE, first="2025-01-01", last="2025-12-31")
    assert office.rows("1.4", period=period) == alike(Row(0, share, 0.0))


def test_1_4_without_any_report_is_zero_by_the_document_and_no_score_on_the_portal() -> None:
    rows = Office().rows("1.4")
    assert {rows[ruleset] for ruleset in DOCUMENT} == {Row(0, 0, 0.0, "no_data")}
    assert {rows[ruleset] for ruleset in (P2025, P2026)} == {NOTHING}
