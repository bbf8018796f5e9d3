from datetime import date, timedelta

from deploy.demo.decisions import of_day
from deploy.demo.procedures import catalogue
from schemas.calendar import vietnam
from schemas.moments import parse_day
from tests.unit.demo.province import SETTING, ZONE

SPECIAL = {procedure.code for procedure in catalogue() if procedure.special}
YEAR = [event for n in range(365) for _, event in of_day(date(2026, 1, 1) + timedelta(days=n), ZONE)]
TUESDAY = date(2026, 11, 17)


def of_type(name: str) -> list[dict]:
    voided = {event["subject"] for event in YEAR if event["type"].endswith("voided")}
    return [event for event in YEAR if event["type"] == f"nhip.procedure.{name}" and event["subject"] not in voided]


def test_a_tuesday_brings_a_decision_on_a_procedure_of_the_provinces_own():
    announced = [event["data"] for _, event in of_day(TUESDAY, ZONE) if event["type"].endswith("announced")]
    assert SPECIAL & {data["procedure"] for data in announced}
    assert not list(of_day(TUESDAY + timedelta(days=1), ZONE))


def test_every_decision_is_published():
    assert {event["subject"] for event in of_type("announced")} == {event["subject"] for event in of_type("published")}


def test_most_decisions_are_in_time_by_the_calendar_and_some_late():
    calendar = vietnam(SETTING.zone)
    late = 0
    for event in of_type("announced"):
        effective, decided = (parse_day(event["data"][name]) for name in ("effective_at", "decided_at"))
        late += decided > calendar.nth_working_day_before(effective, 5)
    assert 0.05 < late / len(of_type("announced")) < 0.5


def test_most_publications_are_in_time_by_the_calendar_and_some_late():
    calendar = vietnam(SETTING.zone)
    decided = {event["subject"]: parse_day(event["data"]["decided_at"]) for event in of_type("announced")}
    late = sum(
        parse_day(event["time"][:10]) > calendar.nth_working_day_after(decided[event["subject"]], 5)
        for event in of_type("published")
    )
    assert 0.05 < late / len(decided) < 0.5


def test_a_decision_that_was_typed_wrong_is_taken_back():
    voided = [event["subject"] for event in YEAR if event["type"].endswith("voided")]
    assert voided
    assert all(
        any(event["subject"] == each and event["type"].endswith("announced") for event in YEAR) for each in voided
    )
