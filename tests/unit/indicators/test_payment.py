"""Group 3, second half, online payment ("thanh toán trực tuyến"), from events to points: `indicators.md`, A.3 to A.5."""

import pytest

from tests.unit.indicators.office import COMMUNE, DOCUMENT, P2025, P2026, PROVINCE, Office, Row, alike


def test_3_4_procedures_with_a_fee_of_which_something_was_paid_online() -> None:
    office = Office()
    office.described("A", "B", "C", "D", fee=True)
    office.offered("A", "B", "C", "D", "E")
    for procedure, way in (
        ("A", "national_portal"),
        ("B", "local_gateway"),
        ("C", "cash"),
        ("D", "other"),
        ("E", "national_portal"),
    ):
        office.dossier(procedure=procedure, paid=way)
    assert office.rows("3.4") == alike(Row(2, 4, 1.25))


def test_3_5_procedures_with_a_fee_of_which_a_dossier_with_its_fee_is_on_the_national_portal() -> None:
    office = Office()
    office.described("A", "B", "C", fee=True)
    office.offered("A", "B", "C", "D")
    office.dossier(procedure="A", fee=20_000, synced=True)
    office.dossier(procedure="A", fee=20_000, synced=True, received="2026-03-03T08:00:00")
    office.dossier(procedure="B", fee=0, synced=True)
    office.dossier(procedure="B", synced=True)  # nobody knows its fee
    office.dossier(procedure="C", fee=20_000)
    office.dossier(procedure="D", fee=20_000, synced=True)  # no procedure with a fee
    assert office.rows("3.5") == alike(Row(1, 3, 0.83))


@pytest.mark.parametrize(("code", "how"), [("3.4", {"paid": "national_portal"}), ("3.5", {"fee": 1, "synced": True})])
@pytest.mark.parametrize(("paid", "score"), [(3, 1.5), (4, 2.0), (5, 2.0), (6, 2.0)])
def test_3_4_and_3_5_are_full_from_80_percent_also_above_the_whole(
    code: str, how: dict[str, object], paid: int, score: float
) -> None:
    office = Office()
    procedures = [str(number) for number in range(6)]
    office.described(*procedures, fee=True)
    office.offered(*procedures[:5])  # the sixth is handled without being offered
    for procedure in procedures[:paid]:
        office.dossier(procedure=procedure, **how)
    assert office.rows(code) == alike(Row(paid, 5, score))


def test_3_6_dossiers_paid_online_of_those_with_something_to_pay() -> None:
    office = Office()
    office.described("A", fee=True)
    office.dossier(procedure="A", paid="national_portal")
    twice = office.dossier(procedure="A", paid="cash")
    office.say("dossier.paid", twice, payment="2", method="local_gateway")  # each payment is kept
    office.dossier(procedure="A", fee=10_000)
    office.dossier(procedure="A")
    office.dossier(procedure="A", fee=0)  # every charge is zero
    office.dossier(procedure="B")  # a procedure without a fee: not asked for
    office.dossier(procedure="B", fee=0)
    office.dossier(procedure="A", paid="national_portal", received="2025-12-30T08:00:00")
    assert office.rows("3.6") == alike(Row(2, 4, 3.0))


def test_3_6_paid_without_anything_to_pay_gives_full_points_and_no_more() -> None:
    office = Office()
    office.described("A", fee=True)
    for procedure in ("A", "B", "B"):
        office.dossier(procedure=procedure, paid="national_portal")
    assert office.rows("3.6") == alike(Row(3, 1, 6.0))


def test_the_group_is_rounded_once_after_its_sum() -> None:
    office = Office()
    procedures = [str(number) for number in range(8)]
    office.described(*procedures, fee=True)
    office.offered(*procedures)
    for procedure in procedures[:3]:
        office.dossier(procedure=procedure, paid="national_portal", fee=1, synced=procedure == "0")
    for _ in range(5):
        office.dossier(procedure="7")
    transactions, integrated, paid = (office.rows(code)[P2026] for code in ("3.4", "3.5", "3.6"))
    assert (transactions, integrated, paid) == (Row(3, 8, 0.94), Row(1, 8, 0.31), Row(3, 8, 2.25))
    assert office.group("TTTT") == 3.5  # 0.9375 + 0.3125 + 2.25


def test_a_unit_without_any_procedure_with_a_fee_has_ten_points_in_2025_and_none_otherwise() -> None:
    office = Office()
    office.offered("A")
    office.dossier(procedure="A")
    for unit in (PROVINCE, COMMUNE):
        assert {ruleset: office.group("TTTT", ruleset, unit) for ruleset in (*DOCUMENT, P2025, P2026)} == {
            **dict.fromkeys((*DOCUMENT, P2026), 0.0),
            P2025: 10.0,
        }
    office.described("A", fee=True)  # now there is one, and nothing was paid
    assert office.group("TTTT", P2025) == 0.0
