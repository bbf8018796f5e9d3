"""Whose systems are silent."""

import pytest

from schemas.periods import parse_period
from schemas.rows import HeardKey
from schemas.rulesets import load
from schemas.units import Unit, UnitTree
from services.api.cube.hearings import Sender
from services.api.documents.asked import Asked
from services.api.documents.stale import stale_member
from services.common.published import Closing
from tests.unit.api.filled import Filled, filled
from tests.unit.api.watch.hearing import daily

UNITS = [
    Unit(code="P", name="P", kind="province"),
    *(Unit(code=f"P.{n}", name=f"P.{n}", kind="commune", parent="P") for n in (1, 2)),
    Unit(code="P.1.1", name="P.1.1", kind="desk", parent="P.1"),
    Unit(code="M", name="M", kind="ministry"),
]
TIMES = ("07:30", "09:30", "11:00", "14:00", "16:00")


@pytest.fixture
def service() -> Filled:
    return filled(UnitTree(UNITS), now="2026-03-31T11:20:00+07:00")


def hear(service: Filled, system: str, unit: str, first: str, last: str, *, partition: int = 0) -> Sender:
    """Let a system be heard on every working day."""
    for day, quarters in daily(first, last, *TIMES).items():
        service.heard(HeardKey(day, unit, system), quarters, partition=partition)
    return Sender(system, unit)


def stale(service: Filled) -> list[str]:
    systems = service.systems()
    return [unit.code for unit in UNITS if systems.is_stale(unit.code)]


def test_a_unit_is_stale_when_the_system_that_feeds_it_from_above_is_silent(service: Filled):
    hear(service, "mot-cua", "P", "2026-03-02", "2026-03-26")
    assert stale(service) == ["P", "P.1", "P.2", "P.1.1"]
    hear(service, "mot-cua", "P", "2026-03-31", "2026-03-31", partition=1)
    assert stale(service) == []


def test_the_nearest_systems_are_a_units_own(service: Filled):
    hear(service, "mot-cua", "P", "2026-03-02", "2026-03-31")
    hear(service, "own", "P.1", "2026-03-02", "2026-03-26")
    assert stale(service) == ["P.1", "P.1.1"]


def test_a_unit_without_systems_at_or_above_it_has_those_below_it(service: Filled):
    hear(service, "one", "P.1", "2026-03-02", "2026-03-26")
    hear(service, "other", "P.2", "2026-03-02", "2026-03-31")
    assert stale(service) == ["P.1", "P.1.1"]
    assert service.systems().of("P") == [Sender("one", "P.1"), Sender("other", "P.2")]


def test_a_unit_is_not_stale_while_one_of_its_systems_speaks_be_it_new(service: Filled):
    hear(service, "old", "P", "2026-03-02", "2026-03-26")
    hear(service, "new", "P", "2026-03-31", "2026-03-31")
    assert stale(service) == []


def test_systems_that_nobody_knows_yet_make_no_unit_stale(service: Filled):
    hear(service, "new", "P", "2026-03-26", "2026-03-26")
    assert stale(service) == []


def test_a_unit_whose_only_system_has_left_stays_stale_and_is_fed_by_another_where_there_is_one(service: Filled):
    hear(service, "gone", "P.1", "2026-01-05", "2026-01-23")
    assert stale(service) == ["P", "P.1", "P.1.1"]
    assert service.systems().silent("P", pooled=True) == {}
    hear(service, "mot-cua", "P", "2026-03-02", "2026-03-31")
    assert stale(service) == []


def test_the_silent_systems_of_a_unit_are_its_own_those_that_feed_it_and_those_below(service: Filled):
    above = hear(service, "mot-cua", "P", "2026-03-02", "2026-03-26")
    below = hear(service, "own", "P.1.1", "2026-03-02", "2026-03-26")
    hear(service, "speaks", "P.1", "2026-03-02", "2026-03-31")
    systems = service.systems()
    assert list(systems.silent("P", pooled=True)) == [above, below]
    assert list(systems.silent("P", pooled=False)) == [above]
    assert list(systems.silent("P.1", pooled=True)) == [below]
    assert list(systems.silent("P.2", pooled=True)) == [above]
    assert list(systems.silent("M", pooled=True)) == []


def test_what_is_heard_makes_no_document_anew_and_is_learned_when_it_comes(service: Filled):
    hear(service, "mot-cua", "P", "2026-03-02", "2026-03-26")
    version = service.cube.state.version
    first = service.systems()
    assert first is service.systems()
    hear(service, "mot-cua", "P", "2026-03-27", "2026-03-31")
    assert service.cube.state.version == version
    assert stale(service) == []
    assert first.is_stale("P")  # what was seen stays as it was


def test_of_rows_that_are_taken_back_nothing_stays(service: Filled):
    hear(service, "mot-cua", "P", "2026-03-02", "2026-03-26")
    for day in daily("2026-03-02", "2026-03-26", *TIMES):
        service.heard(HeardKey(day, "P", "mot-cua"), 0)
    assert service.systems().living == {}


def test_nothing_is_said_of_systems_while_the_counts_are_not_complete(service: Filled):
    hear(service, "mot-cua", "P", "2026-03-02", "2026-03-26")
    service.absent = {"cube": "partitions not read yet"}
    assert stale(service) == []


def test_a_closed_period_is_not_stale(service: Filled, monkeypatch: pytest.MonkeyPatch):
    hear(service, "mot-cua", "P", "2026-03-02", "2026-03-26")
    asked = Asked(load("766-portal-2026"), parse_period("2026-02", 0))
    closed = Closing(parent="P", ruleset=asked.ruleset.id)
    monkeypatch.setattr(service.closings, "of", lambda _, period: [closed] if period == asked.period else [])
    assert stale_member(service, "P.1", asked) == {}
    assert stale_member(service, "P.1") == {"stale": True}
    assert stale_member(service, "P.1", asked._replace(period=parse_period("2026-Q1", 0))) == {"stale": True}
    assert stale_member(service, "P.1", asked._replace(pooled=False)) == {"stale": True}  # nothing was closed by itself
