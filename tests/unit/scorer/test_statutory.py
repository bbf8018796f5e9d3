"""Statutory time: it gives the due moment where no event ever set one, and a corrected calendar makes all of it anew."""

import pytest

from schemas.calendar import Allowed, WorkingHours, parse_days, vietnam
from schemas.events import decode
from schemas.measures import BY_NAME
from schemas.moments import parse_day
from services.common.tree import TreeFollower
from services.scorer.catalogue import Held
from services.scorer.domain.contributions import contributions, next_change
from services.scorer.domain.facts import Facts, add
from services.scorer.domain.reading import fact_of
from services.scorer.domain.setting import Setting
from services.scorer.making import Maker
from tests.unit.scorer.harness import TREE, ZONE, Bench, at

RECEIVED = {"unit": "H01.06", "procedure": "1.001193"}
"""Handed in on Thursday, 12 March 2026, at four in the afternoon."""


def setting(**statutory: tuple[float, str]) -> Setting:
    return Setting(
        TREE, ZONE, vietnam(ZONE), {code.replace("_", "."): Allowed(*time) for code, time in statutory.items()}
    )


def dossier(*events: bytes) -> dict[str, Facts]:
    facts = Facts()
    for event in events:
        add(facts, fact_of(decode(event)))
    return {"H01": facts}


def event(kind: str = "received", time: str = "2026-03-12T16:00:00+07:00", **data: object) -> bytes:
    return Bench("2026-12-01T00:00:00").stored(kind, time, **data)


def due(known: dict[str, Facts], by: Setting) -> int | None:
    """The last moment at which an open dossier is in time: its picture changes one microsecond later."""
    change = next_change("H01.06-260301-0001", known, at("2026-03-12T16:00:00"), by)
    return None if change is None else change - 1


@pytest.mark.parametrize(
    ("allowed", "ends"),
    [
        ({"allowed": 1}, "2026-03-13T16:00:00"),
        ({"allowed": 2, "allowed_unit": "hour"}, "2026-03-13T08:00:00"),
        ({"allowed": 2, "allowed_unit": "day"}, "2026-03-16T16:00:00"),
        ({"allowed": 1, "allowed_unit": "month"}, "2026-04-13T16:00:00"),
    ],
)
def test_the_time_allowed_gives_the_due_moment(allowed: dict[str, object], ends: str):
    assert due(dossier(event(**RECEIVED, **allowed)), setting()) == at(ends)


def test_the_time_of_its_procedure_counts_where_the_dossier_names_none():
    by = setting(**{"1_001193": (3, "working_day"), "9_000000": (1, "hour")})
    assert due(dossier(event(**RECEIVED)), by) == at("2026-03-17T16:00:00")
    assert due(dossier(event(**RECEIVED, allowed=1)), by) == at("2026-03-13T16:00:00")


def test_without_any_time_there_is_no_due_moment():
    assert due(dossier(event(**RECEIVED)), setting()) is None


@pytest.mark.parametrize(
    "other",
    [
        event("rescheduled", due_at="2026-03-20T10:00:00"),
        event("supplemented", supplement="a", due_at="2026-03-20T10:00:00"),
    ],
)
def test_a_due_moment_that_any_event_sets_stands_before_it(other: bytes):
    assert due(dossier(event(**RECEIVED, allowed=1), other), setting()) == at("2026-03-20T10:00:00")
    assert due(dossier(event(**RECEIVED, allowed=1, due_at="2026-03-20T10:00:00")), setting()) == at(
        "2026-03-20T10:00:00"
    )


def test_a_reschedule_after_the_statutory_time_had_run_out_is_late():
    moved = event("rescheduled", "2026-03-13T16:00:01+07:00", due_at="2026-03-20")
    cells = contributions(
        "H01.06-260301-0001", dossier(event(**RECEIVED, allowed=1), moved), at("2026-03-14T00:00:00"), setting()
    )
    assert cells["H01.06", parse_day("2026-03-13"), "1.001193"][BY_NAME["rescheduled_late"].number] == 1


def test_processing_is_counted_in_working_time_without_that_in_which_it_waited():
    bench = Bench("2026-03-20T00:00:00")
    bench.push(
        bench.stored("received", "2026-03-12T16:00:00+07:00", **RECEIVED),
        bench.stored("supplement_requested", "2026-03-13T09:00:00+07:00", supplement="a"),
        bench.stored("supplemented", "2026-03-16T08:30:00+07:00", supplement="a"),
        bench.stored("processed", "2026-03-16T12:15:00+07:00"),
    )
    assert bench.count("processing_work_seconds", "H01.06") == (1 + 2 + 3) * 3600


def test_a_corrected_calendar_makes_every_due_moment_and_working_time_anew():
    bench = Bench("2026-11-25T07:30:00")
    bench.push(bench.stored("received", "2026-11-23T08:00:00+07:00", **RECEIVED, allowed=1))
    assert bench.count("open_overdue", "H01.06") == 0  # 24 November is off: due on the 25th at eight
    bench.calendar = vietnam(ZONE, own=parse_days("date,day,name,source\n2026-11-24,working,,\n"))
    bench.restart()
    assert bench.count("open_overdue", "H01.06") == 1
    assert bench.count("became_overdue", "H01.06", "2026-11-24") == 1
    bench.push(bench.stored("processed", "2026-11-25T07:20:00+07:00"))
    assert bench.count("processing_work_seconds", "H01.06") == 15 * 3600 + 20 * 60
    bench.calendar = vietnam(ZONE)
    bench.restart()
    assert bench.count("processing_work_seconds", "H01.06") == 7 * 3600 + 20 * 60


def test_what_rows_are_made_by_names_the_calendar():
    tree = TreeFollower("127.0.0.1:1")  # never started: nobody is called
    early, late = vietnam(ZONE, WorkingHours("07:00-17:00")), vietnam(ZONE, WorkingHours("08:00-17:00"))
    made = [
        Maker(usual, own, tree, lambda: Held({}, 0))()
        for usual, own in ((early, {}), (late, {}), (early, {"H01.06": late}))
    ]
    assert len({making.made_by for making in made}) == 3
    assert made[0].made_by == Maker(early, {}, tree, lambda: Held({}, 0))().made_by


def test_a_unit_may_work_by_hours_of_its_own_and_those_below_it_do():
    usual, own = vietnam(ZONE), vietnam(ZONE, WorkingHours("08:00-12:00"))
    by = setting()._replace(own_calendars={"H01": own})
    assert [by.calendar_of(unit) for unit in ("H01", "H01.06", "H99", "")] == [own, own, usual, usual]
    assert setting()._replace(own_calendars={"H01.06": own}).calendar_of("H01") == usual
    assert due(dossier(event(**RECEIVED, allowed=1)), by) == at("2026-03-16T12:00:00")
