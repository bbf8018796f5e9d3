from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache

from deploy.demo.days import LONGEST_DAYS, arrivals, of_day
from deploy.demo.office import offices, worst
from tests.unit.demo.province import NOW, TREE, ZONE, counted, first_days, two_months

MONDAY = date(2026, 11, 23)


@cache
def fortnight() -> dict[str, Counter[str]]:
    """The measures of each unit, of the dossiers of two weeks of which almost all have ended."""
    return counted(first_days(14), NOW)


def of_type(name: str) -> list[dict]:
    return [event for _, event in two_months() if event["type"] == f"nhip.dossier.{name}"]


def test_a_day_is_the_same_at_every_start():
    assert list(of_day(MONDAY, ZONE)) == list(of_day(MONDAY, ZONE))


def test_the_history_is_two_months_and_light():
    assert 90_000 < len(two_months()) < 150_000
    assert {event["data"]["unit"] for event in of_type("received")} == {unit.code for unit in TREE if unit.parent}


def test_all_happens_in_working_hours():
    assert all(at.weekday() < 5 and 7 <= at.hour < 17 for at, _ in two_months())
    due = [datetime.fromisoformat(event["data"]["due_at"]) for event in of_type("received")]
    assert all(moment.weekday() < 5 and 7 <= moment.hour < 17 for moment in due)


def test_mondays_and_mornings_are_the_busiest():
    received = [datetime.fromisoformat(event["time"]) for event in of_type("received")]
    weekdays = Counter(moment.weekday() for moment in received)
    assert weekdays[0] > weekdays[2] > weekdays[4]
    hours = Counter(moment.hour for moment in received)
    assert hours[8] > hours[11]
    assert not hours[12]


def test_as_many_come_in_as_are_foretold():
    subjects = {event["subject"] for _, event in of_day(MONDAY, ZONE)}
    came = Counter(subject.partition("-")[0] for subject in subjects)
    assert came == Counter({office.unit: arrivals(office, MONDAY) for office in offices()})


def test_everything_is_told_after_the_longest_life():
    longest = timedelta(days=LONGEST_DAYS)
    for day in (MONDAY, MONDAY + timedelta(days=4)):
        assert max(at for at, _ in of_day(day, ZONE)).date() < day + longest


def test_the_fates_are_plausible():
    numbers = sum(fortnight().values(), Counter())
    received, ended = numbers["received"], numbers["ended"]
    assert 0.03 < numbers["ended_late"] / ended < 0.12
    assert 0.4 < numbers["received_online"] / received < 0.9
    assert 0.2 < numbers["paid_online"] / received < 0.7
    assert 0.005 < numbers["refused"] / ended < 0.05
    assert 0.002 < numbers["withdrawn"] / ended < 0.05
    assert 0.7 < numbers["satisfied"] / numbers["rated"] < 0.98
    assert numbers["rescheduled"] > 0
    assert numbers["declined"] > 0
    assert 0 < numbers["online_with_result"] < numbers["received_online"]
    assert 0 < numbers["received_elsewhere"] / received < 0.05
    assert 0 < numbers["tt01_points_2"] < 2 * numbers["tt01_n_2"]
    assert numbers["open_no_due"] == 0


def test_the_worst_commune_is_found_by_its_lateness():
    late = {
        unit: numbers["ended_late"] / numbers["ended"]
        for unit, numbers in fortnight().items()
        if TREE[unit].kind == "commune"
    }
    assert max(late, key=late.__getitem__) in {office.unit for office in worst()}
    assert sum(share < 0.15 for share in late.values()) > 0.8 * len(late)
