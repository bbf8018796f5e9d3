"""Statutory times as the catalogue's events say them, and when rows are made anew by them."""

import msgspec
import pytest

from schemas.calendar import Allowed
from schemas.events import Door, encode
from services.common.tree import TreeFollower
from services.scorer.catalogue import Catalogue
from services.scorer.making import Maker
from tests.unit.scorer.harness import CALENDAR, TREE, ZONE, Record, at

PROCEDURE = "1.000105"
HOUR = 3600.0
THREE_DAYS = {PROCEDURE: Allowed(3, "working_day")}


def record(offset: int, moment: str, allowed: float | None = None, *, kind: str = "described") -> Record:
    """An event about the procedure, as ingest writes it."""
    door = Door(system="/mc", unit="H01", tree=TREE, zone=ZONE, now=at("2026-12-01T00:00:00Z"))
    event = {
        "specversion": "1.0",
        "id": moment,
        "source": "/mc",
        "type": f"nhip.procedure.{kind}",
        "subject": PROCEDURE,
        "time": moment,
        "data": {"procedure": PROCEDURE, "allowed": allowed} if kind == "described" else {},
    }
    return Record("procedure-events", 0, offset, PROCEDURE.encode(), encode(door.check(msgspec.json.encode(event))))


@pytest.fixture
def tree() -> TreeFollower:
    follower = TreeFollower("127.0.0.1:1")  # never started: nobody is called
    follower.tree, follower.version = TREE, "1"
    return follower


def catalogue(tree: TreeFollower, quiet_seconds: float = 0) -> Catalogue:
    """One that has read the topic, which was empty, to its end."""
    made = Catalogue("127.0.0.1:1", tree, quiet_seconds)
    made._read_once.set()
    assert made.held() == ({}, 0)
    return made


def test_the_latest_description_holds_in_whatever_order_they_come(tree):
    known = catalogue(tree)
    known._take_in([record(0, "2026-03-05T08:00:00Z", 3)])
    known._take_in([record(1, "2026-03-01T08:00:00Z", 9)])
    assert known.held() == (THREE_DAYS, 2)


def test_a_voided_procedure_and_one_without_a_time_have_none(tree):
    known = catalogue(tree)
    known._take_in([record(0, "2026-03-01T08:00:00Z", 3)])
    assert known.held().statutory == THREE_DAYS
    known._take_in([record(1, "2026-03-02T08:00:00Z", None)])
    assert known.held().statutory == {}
    known._take_in([record(2, "2026-03-03T08:00:00Z", 5), record(3, "2026-03-04T08:00:00Z", kind="voided")])
    assert known.held() == ({}, 4)


def test_changes_hold_once_no_more_come(tree):
    known = catalogue(tree, quiet_seconds=HOUR)
    known._take_in([record(0, "2026-03-01T08:00:00Z", 3)])
    assert known.held() == ({}, 0)
    known._quiet_seconds = 0
    assert known.held() == (THREE_DAYS, 1)


def test_a_worker_that_starts_takes_what_is_there_at_once(tree):
    known = Catalogue("127.0.0.1:1", tree, HOUR)
    known._take_in([record(0, "2026-03-01T08:00:00Z", 3)])
    assert known.held().statutory == {}  # not read to the end yet
    known._read_once.set()
    assert known.held() == (THREE_DAYS, 1)


def test_rows_are_made_anew_only_where_a_time_changed(tree):
    known = catalogue(tree)
    maker = Maker(CALENDAR, {}, tree, known.held)
    before = maker()
    known._take_in([record(0, "2026-03-01T08:00:00Z", None)])
    assert maker() == before._replace(catalogue=1)
    known._take_in([record(1, "2026-03-02T08:00:00Z", 3)])
    after = maker()
    assert after.made_by != before.made_by
    assert (after.setting.statutory, after.catalogue) == (THREE_DAYS, 2)
    assert maker() is after
