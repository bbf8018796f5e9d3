"""What a closing freezes: every listed unit below the parent, by the tree as it is in force on the last day."""

import json

import pytest

from schemas.measures import BY_NAME
from schemas.moments import parse_day
from schemas.periods import parse_period
from schemas.rows import Progress, day_key, encode_counters
from schemas.rulesets import load
from schemas.units import Unit, UnitTree
from services.api.cube.cube import Cube
from services.api.cube.order import TreeOrder
from services.api.documents.asked import Asked
from services.api.published.freeze import freeze
from services.api.published.frozen import Frozen

TREE = UnitTree(
    [
        Unit(code="P", name="Tỉnh", kind="province"),
        Unit(code="P.S", name="Sở", kind="department", parent="P"),
        Unit(code="P.1", name="Xã Một", kind="commune", parent="P"),
        Unit(code="P.2", name="Xã Hai", kind="commune", parent="P", valid_to="2026-01-31", successor="P.1"),
        Unit(code="P.3", name="Xã Ba", kind="commune", parent="P", valid_from="2026-04-01"),
        Unit(code="Q", name="Tỉnh khác", kind="province"),
    ]
)
LATE = {"P.S": 1, "P.1": 0, "P.2": 3}
"""Of four dossiers each."""


@pytest.fixture
def cube() -> Cube:
    rows = {
        day_key(0, unit, parse_day("2026-01-15")): encode_counters(
            {"1.1": {BY_NAME[name].number: n for name, n in counts.items() if n}}
        )
        for unit, late in LATE.items()
        for counts in [{"received": 4, "ended": 4, "ended_on_time": 4 - late, "ended_late": late}]
    }
    cube = Cube()
    cube.apply(0, rows, Progress(partition=0, offsets={}, clock=1, made_by=""), 1)
    return cube


def frozen(cube: Cube, period: str, parent: str = "P") -> Frozen:
    asked = Asked(load("766-portal-2026"), parse_period(period, 0))
    with cube.reading() as reading:
        return freeze(reading, TreeOrder(TREE, asked.period.last), parent, asked, asked.period.last + 2)


def test_a_unit_that_ended_within_the_period_stands_with_its_successor(cube: Cube):
    found = {row["unit"]: row for row in frozen(cube, "2026-Q1").results}
    assert list(found) == ["P", "P.S", "P.1"]  # P.3 begins later
    assert [row["counts"]["ended_late"] for row in found.values()] == [4, 1, 3]
    assert [(row["rank"], row["kind_rank"], row["above"]) for row in found.values()] == [
        (None, None, None),
        (1, 1, "P"),
        (2, 1, "P"),
    ]


def test_a_period_before_the_merger_has_both(cube: Cube):
    found = {row["unit"]: row for row in frozen(cube, "2026-01-20").results}
    assert list(found) == ["P", "P.S", "P.1", "P.2"]


def test_a_unit_without_units_below_is_frozen_alone(cube: Cube):
    alone = frozen(cube, "2026-Q1", "P.1")
    assert [row["unit"] for row in alone.results] == ["P.1"]
    assert alone.rankings == []


def test_rankings_are_those_of_all_and_of_each_kind_and_agree_with_the_results(cube: Cube):
    found = frozen(cube, "2026-Q1")
    assert [(row["parent"], row["kind"]) for row in found.rankings] == [
        ("P", ""),
        ("P", "commune"),
        ("P", "department"),
    ]
    totals = {row["unit"]: row["total"] for row in found.results}
    for ranking in found.rankings:
        for row in ranking["document"]["units"]:
            assert row["total"] == totals[row["unit"]["code"]]
    assert found.rankings[0]["document"]["pooled"]["total"] == totals["P"]


def test_all_of_it_is_plain_json(cube: Cube):
    found = frozen(cube, "2026-Q1")
    for rows in (found.results, found.rankings):
        written = json.dumps(rows, allow_nan=False)
        assert json.dumps(json.loads(written)) == written  # what is read is what was written
