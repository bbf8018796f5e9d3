"""Group 4, digitisation of dossiers ("số hóa hồ sơ"), from events to points: `indicators.md`, A.3 to A.5."""

import pytest

from schemas.units import Unit, UnitTree
from tests.unit.indicators.office import (
    COMMUNE,
    DEPARTMENT,
    MINISTRY,
    OTHER_COMMUNE,
    PROVINCE,
    TREE,
    Office,
    Row,
    alike,
)

FILE = {"result_file": True}
BEFORE = "2025-12-30T08:00:00"


def test_4_1_an_electronic_result_where_the_result_is_a_document() -> None:
    office = Office()
    office.described("A", paper_result=True)
    office.dossier(procedure="A", end=FILE)
    office.dossier(procedure="A")
    office.dossier(procedure="A", ended=None)
    office.dossier(procedure="B", end=FILE)  # no document is due
    assert office.rows("4.1") == alike(Row(1, 3, 2.0), p2026=Row(1, 4, 1.5))


def test_4_1_the_file_may_come_with_the_handing_over() -> None:
    office = Office()
    office.described("A", paper_result=True)
    handed_over = office.dossier(procedure="A")
    office.say("dossier.returned", handed_over, "2026-03-11T08:00:00", **FILE)
    assert office.rows("4.1") == alike(Row(1, 1, 6.0))


def test_4_2_what_was_handed_in_and_the_result_are_both_digital() -> None:
    office = Office()
    office.described("A", paper_result=True)
    office.dossier(procedure="A", components_digitized=True, end=FILE)
    office.dossier(procedure="A", components_digitized=True)
    office.dossier(procedure="A", end=FILE)
    office.dossier(procedure="B", components_digitized=True)  # no document is due: what was handed in is enough
    office.dossier(procedure="B", components_digitized=True, ended=None)
    assert office.rows("4.2") == alike(Row(2, 5, 2.0), p2026=Row(2, 5, 1.6))


@pytest.mark.parametrize(("digital", "by_document", "by_portal"), [(3, 3.0, 2.4), (4, 4.0, 3.2), (5, 4.0, 4.0)])
def test_4_2_is_full_from_80_percent_by_the_document_only(digital: int, by_document: float, by_portal: float) -> None:
    office = Office()
    for number in range(5):
        office.dossier(components_digitized=number < digital)
    assert office.rows("4.2") == alike(Row(digital, 5, by_document), p2026=Row(digital, 5, by_portal))


def test_4_3_dossiers_that_reuse_digital_data() -> None:
    office = Office()
    office.dossier(reused_data=True)
    office.dossier()
    for _ in range(2):
        office.dossier(received=BEFORE, reused_data=True)  # handled in the period, received before
    tie = Row(1, 4, 0.62)  # 2 × ¼ / 0.8 = 0.625: from the very middle to the even
    assert office.rows("4.3") == alike(Row(1, 2, 1.25), p2026=tie)


@pytest.mark.parametrize(("reusing", "score"), [(3, 1.5), (4, 2.0), (5, 2.0)])
def test_4_3_is_full_from_80_percent(reusing: int, score: float) -> None:
    office = Office()
    for number in range(5):
        office.dossier(reused_data=number < reusing)
    assert office.rows("4.3") == alike(Row(reusing, 5, score))


def test_4_4_files_that_come_from_the_personal_storage_or_a_result_that_goes_there() -> None:
    office = Office()
    office.dossier(from_personal_storage=True, end={"result_stored": True})  # both: one dossier
    office.dossier(end={"result_stored": True})
    office.dossier()
    office.dossier(received=BEFORE, from_personal_storage=True)
    assert office.rows("4.4") == alike(Row(2, 3, 2.67), p2026=Row(2, 4, 2.0))


def test_4_5a_procedures_for_citizens_of_which_a_dossier_uses_population_data() -> None:
    office = Office()
    office.described("A", "B", "C", "D", for_citizens=True)
    office.offered("A", "B", "C", "D", "E")
    for procedure in ("A", "A", "B", "E"):  # E is not for citizens
        office.dossier(procedure=procedure, population_data=True)
    office.dossier(procedure="C", population_data=True, received=BEFORE)
    assert office.rows("4.5a") == alike(Row(2, 4, 1.0))


def test_4_5b_dossiers_that_use_population_data() -> None:
    office = Office()
    office.dossier(population_data=True)
    office.dossier()
    office.dossier(received=BEFORE, population_data=True)
    office.dossier(received=BEFORE)
    assert office.rows("4.5b") == alike(Row(1, 2, 1.0), p2026=Row(1, 4, 0.5))


def test_4_6_communes_that_certify_electronic_copies_are_counted_or_the_points_given_to_all() -> None:
    office = Office()
    office.declared("certified_copy", 1, COMMUNE, first="2026-01-01")
    office.declared("certified_copy", 0, OTHER_COMMUNE, first="2026-01-01")
    given = Row(1, 2, 2.0)
    assert office.rows("4.6", PROVINCE) == alike(Row(1, 2, 1.0), p2025=given, p2026=given)
    for unit, own, score in ((COMMUNE, 1, 2.0), (OTHER_COMMUNE, 0, 0.0)):
        child = Row(own, 1, 2.0, "not_applicable")
        assert office.rows("4.6", unit) == alike(Row(own, 1, score), p2025=child, p2026=child)


@pytest.mark.parametrize(
    ("unit", "status"), [(DEPARTMENT, "not_applicable"), (MINISTRY, "no_data"), ("H02", "no_data")]
)
def test_4_6_without_any_commune_there_is_no_data_and_the_portal_gives_the_points(unit: str, status: str) -> None:
    tree = UnitTree([*TREE, Unit(code="H02", name="Tỉnh không xã", kind="province")])
    given = Row(0, 0, 2.0, status)
    assert Office(tree=tree).rows("4.6", unit) == alike(Row(0, 0, None, "no_data"), p2025=given, p2026=given)
