"""What lifts a unit by a place, over a cube filled by hand."""

from typing import Any

import pytest

from schemas.moments import parse_day
from schemas.periods import parse_period
from schemas.rulesets import load
from schemas.units import Unit, UnitTree
from services.api.documents.asked import Asked
from services.api.documents.explain import explain_document
from services.api.documents.ranking import ranking_document
from tests.unit.api.filled import Filled, filled

DAY = parse_day("2026-03-05")
TREE = UnitTree(
    [Unit(code="P", name="P", kind="province")]
    + [Unit(code=f"P.{n}", name=f"P.{n}", kind="commune", parent="P") for n in (1, 2, 3)]
)
RECEIVED = {"received": 10, "ended": 10, "ended_on_time": 10}
MOVES = {"synchronize": "received_synced", "digitize": "ended_components"}
DIGITAL = {"received_reused": 10, "received_storage": 10, "received_population": 10, "ended_components": 10}
"""All that can be won but by synchronising."""


@pytest.fixture
def service() -> Filled:
    made = filled(TREE)
    for unit, synced in (("P.1", 10), ("P.2", 4), ("P.3", 0)):
        made.count(unit, DAY, **RECEIVED, **dict.fromkeys(DIGITAL, 8), received_synced=synced)
    return made


ASKED = Asked(load("766-portal-2026"), parse_period("2026-Q1", 0), pooled=True, language="en")


def explained(service: Filled, unit: str, *, pooled: bool = True) -> dict[str, Any]:
    made, _ = explain_document(service, TREE[unit], ASKED._replace(pooled=pooled))
    return dict(made.document)


def rank(service: Filled, unit: str) -> int:
    made, _ = ranking_document(service, TREE["P"], "commune", ASKED)
    return next(row.rank for row in made.document["units"] if row.unit["code"] == unit)


@pytest.mark.parametrize("unit", ["P.2", "P.3"])
def test_what_lifts_a_unit_by_a_place_does_and_one_less_does_not(service: Filled, unit: str):
    before = rank(service, unit)
    above = explained(service, unit)["next_rank"]
    assert above["rank"] == before - 1
    assert above["actions"]
    *whole, last = above["actions"]
    for day, action in enumerate(whole, start=DAY + 1):
        service.count(unit, day, **{MOVES[action["code"]]: action["count"]})
    service.count(unit, DAY + 9, **{MOVES[last["code"]]: last["count"] - 1})
    assert rank(service, unit) == before
    service.count(unit, DAY + 9, **{MOVES[last["code"]]: last["count"]})
    assert rank(service, unit) == before - 1
    made, _ = ranking_document(service, TREE["P"], "commune", ASKED)
    assert above["total_then"] == next(row.total for row in made.document["units"] if row.unit["code"] == unit)


def test_the_first_and_a_unit_alone_have_nobody_above(service: Filled):
    assert explained(service, "P.1")["next_rank"] is None
    assert explained(service, "P.3", pooled=False)["next_rank"] is None


def test_a_unit_that_cannot_pass_is_told_what_it_lacks(service: Filled):
    service.count("P.2", DAY + 9, petition_closed=1)  # late: lost for this period
    for unit in ("P.1", "P.2"):
        service.count(unit, DAY + 10, **DIGITAL)
    above = explained(service, "P.2")["next_rank"]
    assert above["lacking"] > 0
    assert above["actions"] is None


def test_what_falls_due_before_the_last_day_is_at_stake_while_the_period_runs(service: Filled):
    service.count("P.3", DAY + 11, open=4)  # beside the ten that ended on time
    service.count("P.3", parse_day("2026-04-15"), falls_due=3)
    service.count("P.3", parse_day("2026-06-30"), falls_due=1)  # the last day: perhaps its last microsecond
    assert explained(service, "P.3")["at_stake"] is None
    made, _ = explain_document(service, TREE["P.3"], ASKED._replace(period=parse_period("2026-H1", 0)))
    assert made.document["at_stake"] == {"count": 3, "loss": 5.05}  # 2.1: 20 − 15.71; 5.4: 6 − 5.24
