"""The numbers of every unit on /metrics."""

from collections.abc import Mapping

import pytest

from schemas.moments import parse_day
from schemas.units import Unit, UnitTree
from services.api.watch.numbers import UnitNumbers
from services.common.metrics import (
    API_UNIT_DUE_SOON_DOSSIERS,
    API_UNIT_LATE_DOSSIERS,
    API_UNIT_OPEN_DOSSIERS,
    API_UNIT_OVERDUE_DOSSIERS,
)
from tests.unit.api.filled import Filled, filled

TODAY = parse_day("2026-03-31")
UNITS = [
    Unit(code="P", name="P", kind="province"),
    Unit(code="P.1", name="P.1", kind="commune", parent="P"),
    Unit(code="P.1.1", name="P.1.1", kind="desk", parent="P.1"),
    Unit(code="M", name="M", kind="ministry"),
    Unit(code="M.1", name="M.1", kind="department", parent="M"),
]
HEIR = Unit(code="P.2", name="P.2", kind="commune", parent="P")
ENDED = Unit(code="P.1", name="P.1", kind="commune", parent="P", valid_to="2026-03-30", successor="P.2")


@pytest.fixture
def service() -> Filled:
    return filled(UnitTree(UNITS))


def shown(numbers: UnitNumbers) -> dict[str, Mapping[str, int]]:
    """The numbers by the last part of the metric's name and by labels."""
    families = (API_UNIT_OPEN_DOSSIERS, API_UNIT_OVERDUE_DOSSIERS, API_UNIT_DUE_SOON_DOSSIERS, API_UNIT_LATE_DOSSIERS)
    lines = numbers.lines()
    found: dict[str, Mapping[str, int]] = {}
    for family in families:
        pairs = (line.removeprefix(family.name).rsplit(" ", 1) for line in lines.get(family, "").splitlines())
        found[family.name.removeprefix("nhip_api_unit_")] = {labels: int(number) for labels, number in pairs}
    return found


def of(unit: str, province: str) -> str:
    return f'{{unit="{unit}",province="{province}"}}'


def test_a_unit_counts_its_own_dossiers_and_not_those_below_it(service: Filled):
    service.count("P", TODAY - 5, open=3)
    service.count("P.1", TODAY - 5, open=7, open_overdue=2, due_soon=1)
    service.count("P.1", TODAY, open=1, open_overdue=-1, due_soon=2)
    found = shown(UnitNumbers(service))
    assert found["open_dossiers"] == {of("P", "P"): 3, of("P.1", "P"): 8}
    assert found["overdue_dossiers"] == {of("P", "P"): 0, of("P.1", "P"): 1}
    assert found["due_soon_dossiers"] == {of("P", "P"): 0, of("P.1", "P"): 3}


def test_late_dossiers_are_the_notices_of_all_partitions_and_nothing_before_the_first_is_zero(service: Filled):
    numbers = UnitNumbers(service)
    service.count("P.1", TODAY, open=1)
    assert shown(numbers)["late_dossiers_total"] == {of("P.1", "P"): 0}
    service.late("P.1", 4, partition=0)
    service.late("P.1", 2, partition=1)
    service.late("P.1", 5, partition=0)
    assert shown(numbers)["late_dossiers_total"] == {of("P.1", "P"): 7}


def test_nothing_is_shown_while_the_counts_are_not_complete(service: Filled):
    service.late("P.1", 4)
    service.absent = {"cube": "partitions not read yet"}
    assert not any(shown(UnitNumbers(service)).values())


def test_the_province_is_that_on_the_line_else_the_unit_at_its_top(service: Filled):
    for unit in ("P", "P.1.1", "M.1", "M"):
        service.count(unit, TODAY, open=1)
    assert shown(UnitNumbers(service))["open_dossiers"] == {
        of("P", "P"): 1,
        of("P.1.1", "P"): 1,
        of("M.1", "M"): 1,
        of("M", "M"): 1,
    }


def test_a_counter_stays_when_its_unit_leaves_the_tree_and_when_another_takes_it_over(service: Filled):
    service.late("M.1", 3)
    service.late("P.1", 2)
    numbers = UnitNumbers(service)
    assert shown(numbers)["late_dossiers_total"] == {of("M.1", "M"): 3, of("P.1", "P"): 2}
    service.plant(UnitTree([UNITS[0], HEIR, ENDED]))
    assert shown(numbers)["late_dossiers_total"] == {of("M.1", ""): 3, of("P.1", "P"): 2}


def test_the_same_state_is_worked_out_once(service: Filled):
    service.count("P.1", TODAY, open=1)
    numbers = UnitNumbers(service)
    first = numbers.lines()
    assert numbers.lines() is first
    service.count("P.1", TODAY, open=2)
    assert numbers.lines() is not first
