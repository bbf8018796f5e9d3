"""The built-in tree: 34 provinces, their communes, the departments of one, and the provinces that ended on 2025-06-30."""

import csv
import os
from pathlib import Path

import pytest

from deploy.units.reading import merged, read_units
from schemas.moments import parse_day
from schemas.units import Unit, UnitTree

DATA = Path(__file__).parents[4] / "shared" / "data" / "vietnam"
LAST_OF_THE_OLD, FIRST_OF_THE_NEW = parse_day("2025-06-30"), parse_day("2025-07-01")


@pytest.fixture(scope="module")
def tree() -> UnitTree:
    return merged("vietnam", read_units("vietnam"))


def rows(name: str) -> list[dict[str, str]]:
    """A file of the shared data; without it the test is left out, or fails where all tests are asked for."""
    file = DATA / name
    if not file.exists():
        word = f"{name} of ../shared/data/vietnam is not here"
        if os.environ.get("NHIP_TEST_ALL") == "1":
            pytest.fail(word)
        pytest.skip(word)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def provinces(tree: UnitTree, day: int) -> list[Unit]:
    return [unit for unit in tree if unit.kind == "province" and tree.in_force(unit.code, day)]


def test_there_are_63_provinces_before_the_mergers_of_2025_and_34_after(tree: UnitTree):
    before, after = provinces(tree, LAST_OF_THE_OLD), provinces(tree, FIRST_OF_THE_NEW)
    assert sorted(unit.code for unit in before) == [f"H{number:02}" for number in range(1, 64)]
    assert len(after) == 34
    assert {tree.heir(unit.code, FIRST_OF_THE_NEW) for unit in before} == {unit.code for unit in after}
    assert all(tree.heir(unit.code, LAST_OF_THE_OLD) == unit.code for unit in before)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Kiên Giang", "An Giang"),
        ("Bình Dương", "Thành phố Hồ Chí Minh"),
        ("Bà Rịa - Vũng Tàu", "Thành phố Hồ Chí Minh"),
        ("Hà Nam", "Ninh Bình"),
        ("Yên Bái", "Lào Cai"),
        ("Phú Yên", "Đắk Lắk"),
    ],
)
def test_a_province_that_ended_counts_for_its_successor_of_resolution_202(tree: UnitTree, old: str, new: str):
    (code,) = (unit.code for unit in tree if unit.name == old)
    assert tree[tree.heir(code, FIRST_OF_THE_NEW)].name == new
    assert tree.may_speak(tree.heir(code, FIRST_OF_THE_NEW), code)


def test_every_province_of_today_has_communes_and_its_long_name(tree: UnitTree):
    for unit in provinces(tree, FIRST_OF_THE_NEW):
        assert {child.kind for child in tree.children(unit.code)} >= {"commune"}
        assert unit.name.startswith("Thành phố ") or f"Tỉnh {unit.name}" in unit.aliases
    assert sum(unit.kind == "commune" for unit in tree) == 3321


def test_one_province_has_its_departments_under_codes_like_those_of_the_demo(tree: UnitTree):
    departments = {unit.code: unit for unit in tree if unit.kind == "department"}
    assert {unit.parent for unit in departments.values()} == {"H01"}
    assert departments["H01.STP"].name == "Sở Tư pháp"
    with (Path(__file__).parents[3] / "deploy" / "demo" / "units.csv").open(encoding="utf-8", newline="") as lines:
        demo = {row["code"]: row["name"] for row in csv.DictReader(lines)}
    assert {code: tree[code].name for code in demo} == demo


@pytest.mark.shared
def test_provinces_have_the_codes_of_the_shared_list(tree: UnitTree):
    listed = {row["unit_code"]: row["province"] for row in rows("province_codes.csv")}
    found = {unit.code: unit.name.removeprefix("Thành phố ") for unit in provinces(tree, FIRST_OF_THE_NEW)}
    assert found == listed


@pytest.mark.shared
def test_communes_are_those_of_the_shared_list_under_their_province(tree: UnitTree):
    province = {row["province_code"]: row["unit_code"] for row in rows("province_codes.csv")}
    listed = {
        (f"{province[row['province_code']]}.{row['ward_code']}", row["ward"], province[row["province_code"]])
        for row in rows("vn_units_2025.csv")
    }
    assert {(unit.code, unit.name, unit.parent) for unit in tree if unit.kind == "commune"} == listed
