from collections import Counter
from datetime import date, timedelta

from deploy.demo.days import LONGEST_DAYS
from deploy.demo.office import worst
from deploy.demo.petitions import of_day
from tests.unit.demo.province import FIRST, NOW, TREE, ZONE, live, two_months

PETITIONS = [event for _, event in two_months() if event["type"].startswith("nhip.petition.")]


def of_type(name: str) -> list[dict]:
    return [event for event in PETITIONS if event["type"] == f"nhip.petition.{name}"]


def test_a_few_come_on_a_working_day_and_none_on_a_weekend():
    days = [FIRST + timedelta(days=n) for n in range(60)]
    for day in days:
        came = {event["subject"].removesuffix("-2") for _, event in of_day(day, ZONE)}
        assert 2 <= len(came) <= 6 if day.weekday() < 5 else not came


def test_the_worst_communes_are_petitioned_most():
    parts = Counter(event["data"]["unit"] for event in of_type("received"))
    assert {office.unit for office in worst()[:2]} <= {unit for unit, _ in parts.most_common(4)}
    assert sum(TREE[unit].kind == "commune" for unit in parts) > 30


def test_a_petition_that_is_passed_on_comes_to_the_other_office_at_once():
    received = {(event["subject"], event["data"]["unit"]): event for event in of_type("received")}
    passed_on = [event for event in of_type("declined") if "to" in event["data"]]
    assert passed_on
    for event in passed_on:
        there = received[event["subject"], event["data"]["to"]]
        assert there["data"]["forwarded_at"] == event["time"]


def test_a_dossier_that_is_named_had_come_to_that_office():
    begun = {event["subject"]: at for at, event in two_months() if event["type"].endswith((".received", ".submitted"))}
    named = [event for event in of_type("received") if "dossier" in event["data"]]
    known = [event for event in named if event["data"]["dossier"] in begun]
    assert len(known) > 0.6 * len(named)  # the first ones name dossiers from before the history
    assert all(begun[event["data"]["dossier"]].isoformat() < event["time"] for event in known)


def test_a_petition_that_repeats_an_earlier_one_comes_after_its_answer():
    answered = {event["subject"]: event["time"] for event in of_type("answered")}
    repeats = [event for event in of_type("received") if "repeats" in event["data"]]
    assert repeats
    assert all(answered[event["data"]["repeats"]] < event["time"] for event in repeats)


def test_everything_is_told_after_the_longest_life():
    longest = timedelta(days=LONGEST_DAYS)
    for n in range(730):
        day = date(2026, 1, 1) + timedelta(days=n)
        assert all(at.date() < day + longest for at, _ in of_day(day, ZONE))


def test_live_ones_come_at_a_human_pace():
    received = [event for _, event in live(NOW, 3600) if event["type"] == "nhip.petition.received"]
    assert 8 < len(received) < 40
