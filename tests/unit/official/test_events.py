"""Official scores as events: every one of them passes the door, and holds for its own days and unit alone."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest

from deploy.official.events import declarations
from deploy.official.forms import Score
from schemas.events import decode
from schemas.moments import parse_moment
from schemas.periods import Period, parse_period
from schemas.rows import FigureRow
from schemas.rulesets import available, load
from services.api.cube.declared import Declared
from services.scorer.domain.figures import fact_of
from tests.unit.schemas.test_events import DOOR, ZONE

Q1 = parse_period("2026-Q1", 0)
TIME = "2026-04-03T08:00:00+07:00"


def lines(scores: list[Score], ruleset: str = "766-portal-2026", mark: str = "1") -> list[bytes]:
    return [line.event for line in declarations(scores, ruleset, Q1, time=TIME, mark=mark, document="5/BC")]


@pytest.mark.parametrize("ruleset", available())
def test_the_score_of_every_group_and_indicator_passes_the_door_and_is_read(ruleset: str):
    rules = load(ruleset)
    codes = ["total", *(group.code for group in rules.groups), *rules.indicators]
    door = replace(DOOR, now=parse_moment(TIME, ZONE))
    for line in lines([Score("H01.06", code, Decimal("17.69")) for code in codes], ruleset):
        door.check(line)
        _, _, declared = fact_of(decode(line))
        assert declared.figure.startswith(f"official:{ruleset}:")
        assert (declared.unit, declared.value) == ("H01.06", 17.69)
        assert (declared.first, declared.last) == Q1


def test_of_two_imports_at_one_time_the_later_has_the_greater_id():
    (first,), (second,) = (lines([Score("H01", "total", Decimal(1))], mark=mark) for mark in ("0001", "0002"))
    assert msgspec.json.decode(first)["id"] < msgspec.json.decode(second)["id"]


def test_a_score_is_of_the_very_days_that_it_was_declared_for():
    declared = Declared()
    for month in ("2026-01", "2026-02", "2026-03"):
        first, last = parse_period(month, 0)
        declared.put(month, FigureRow("H01", "f", 60.0, first, last))
    assert declared.of("f", Q1) == {"H01": Fraction(180)}  # what adds up tiles
    assert declared.exactly("f", Q1) == {}  # scores do not add up
    assert declared.exactly("f", parse_period("2026-02", 0)) == {"H01": Fraction(60)}
    declared.put("q", FigureRow("H01", "f", 62.5, *Q1))
    assert declared.exactly("f", Q1) == {"H01": Fraction(125, 2)}
    declared.put("q", None)
    assert declared.exactly("f", Q1) == {}
    assert declared.exactly("g", Q1) == declared.exactly("f", Period(None, Q1.last)) == {}
