"""Group 3, first half, online services ("dịch vụ công trực tuyến"), from events to points: `indicators.md`, A.3, A.4."""

import pytest

from tests.unit.indicators.office import COMMUNE, DEPARTMENT, P2025, P2026, PROVINCE, Office, Row, alike


def test_3_1_procedures_offered_online_in_part_or_in_full_and_each_once() -> None:
    office = Office()
    office.offered("A", online="full")
    office.offered("A", unit=PROVINCE)  # at both levels: once, and online
    office.offered("B", online="partial")
    office.offered("C", online="information")
    office.offered("D", to_at="2026-03-31")  # still offered on its last day
    office.offered("E", to_at="2026-03-30", online="full")
    office.offered("F", from_at="2026-04-01", online="full")
    assert office.rows("3.1") == alike(Row(2, 4, 1.25))


@pytest.mark.parametrize(("online", "score"), [(3, 1.5), (4, 2.0), (5, 2.0)])
def test_3_1_is_full_from_80_percent(online: int, score: float) -> None:
    office = Office()
    for number in range(5):
        office.offered(str(number), online="full" if number < online else "none")
    assert office.rows("3.1") == alike(Row(online, 5, score))


def test_3_1_does_not_apply_to_child_units_on_the_portal() -> None:
    office = Office()
    office.offered("A", online="full")
    office.offered("B")
    shown = Row(1, 2, 0.0, "not_applicable")
    assert office.rows("3.1", COMMUNE) == alike(Row(1, 2, 1.25), p2025=shown, p2026=shown)
    none = Row(0, 0, 0.0, "not_applicable")
    assert office.rows("3.1", DEPARTMENT) == alike(Row(0, 0, None, "no_data"), p2025=none, p2026=none)
    for number in range(4):
        office.offered(f"1.{number}", unit=COMMUNE, online="full")
        office.dossier(procedure=f"1.{number}", channel="online", synced=True)
    for ruleset in (P2025, P2026):
        office_points = office.group("ONLINE", ruleset, COMMUNE)
        assert office_points == round(4 * 4 / 5 + 6, 2), "never above 10 points"


def test_3_2_services_through_which_a_dossier_came() -> None:
    office = Office()
    office.described("A", services=3)
    office.offered("A", "B", online="full")
    office.offered("C")  # not online
    office.dossier(procedure="A", channel="online")
    office.dossier(procedure="B")
    office.dossier(procedure="C", channel="online")
    office.dossier(procedure="B", channel="online", received="2025-12-30T08:00:00")  # before the period
    assert office.rows("3.2") == alike(Row(3, 4, 3.0))


def test_3_3_online_dossiers_with_a_coded_result_where_one_is_due_times_the_ratio_of_1_4() -> None:
    office = Office()
    office.described("A", paper_result=True)
    office.dossier(procedure="B", channel="online", synced=True)  # no paper result is due
    office.dossier(procedure="A", channel="online", synced=True, end={"result_file": True})
    office.dossier(procedure="A", channel="online", end={"result_file": True, "result_coded": False})
    office.dossier(procedure="A", channel="postal", end={"result_file": True})
    assert office.rows("1.4") == alike(Row(2, 4, 3.0))
    assert office.rows("3.3") == alike(Row(1, 4, 3.0))  # 2 × ½ of 4, full from one half


@pytest.mark.parametrize(("online", "score"), [(1, 3.0), (2, 6.0), (3, 6.0)])
def test_3_3_is_full_from_one_half(online: int, score: float) -> None:
    office = Office()
    for number in range(4):
        office.dossier(channel="online" if number < online else "onsite", synced=True)
    assert office.rows("3.3") == alike(Row(online, 4, score))


def test_3_3_is_not_rounded_before_the_group_is_added_up() -> None:
    office = Office()
    for number in range(3):
        office.dossier(channel="online" if number < 2 else "onsite", synced=number < 1)
    assert office.rows("3.3") == alike(Row(0.6667, 3, 2.67))  # 2 × ⅓ of 3: shown with four decimals, computed without
    assert office.group("ONLINE") == 2.67
