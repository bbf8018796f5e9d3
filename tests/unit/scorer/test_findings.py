"""What is found to be wrong with what was said about a dossier; and what is not."""

import msgspec
import pytest

from schemas.calendar import Allowed
from schemas.events import Door
from services.scorer.domain.facts import Facts, add
from services.scorer.domain.picture import picture
from services.scorer.domain.reading import fact_of
from services.scorer.domain.setting import Setting
from tests.unit.scorer.harness import CALENDAR, TREE, ZONE, at

SUBJECT = "H01.06-260301-0001"
NOW = "2026-03-31T12:00:00"
RECEIVED = {"unit": "H01.06", "procedure": "1.001", "due_at": "2026-03-20T17:00:00+07:00"}


def said(kind, time, key="H01", **data):
    """One event, at a time of March 2026 such as `05T08:00`."""
    return kind, f"2026-03-{time}:00+07:00", key, data


def found(*events, subject=SUBJECT, statutory=()):
    """The findings about a dossier: code, detail, since; apologies have a test of their own."""
    every = every_finding(*events, subject=subject, statutory=statutory)
    return [one for one in every if one[0] != "late_without_apology"]


def every_finding(*events, subject=SUBJECT, statutory=()):
    setting = Setting(TREE, ZONE, CALENDAR, dict(statutory))
    dossier = {}
    for number, (kind, time, key, data) in enumerate(events):
        event = {"specversion": "1.0", "type": f"nhip.dossier.{kind}", "id": str(number), "source": "/test",
                 "subject": subject, "time": time, "data": data}  # fmt: skip
        door = Door(system="test", unit=key, tree=TREE, zone=ZONE, now=at(NOW))
        add(dossier.setdefault(key, Facts()), fact_of(door.check(msgspec.json.encode(event))))
    seen = picture(subject, dossier, at(NOW), setting)
    return [(one.code, one.detail, ZONE.format(one.since)[8:16]) for one in seen.findings]


def received(time="02T08:00", **data):
    return said("received", time, **{**RECEIVED, **data})


def test_a_dossier_that_is_told_well_has_none():
    log = said("progressed", "18T09:00", state="processing", progressed_at="2026-03-18T09:00:00")
    assert found(received(), log, said("processed", "19T10:00"), said("returned", "19T11:00")) == []


def test_each_foreign_sender_is_one_since_its_first_word():
    own = received()
    foreign = [said("paid", "05T08:00", key="H01.187"), said("synced", "04T08:00", key="H01.187")]
    assert found(own, *foreign) == [("foreign_sender", "H01.187", "04T08:00")]
    assert found(*foreign) == [("foreign_sender", "H01.187", "04T08:00")]


@pytest.mark.parametrize(
    "handled", [said("processed", "05T09:00"), said("paid", "05T09:00"), said("petitioned", "05T09:00", petition="p")]
)
def test_handled_without_a_receipt(handled):
    assert found(handled, said("rated", "06T09:00", stars=4)) == [("no_received", "", "05T09:00")]
    assert found(handled, received()) == []


def test_what_only_waits_in_the_online_queue_needs_no_receipt():
    submitted = said("submitted", "03T08:00", unit="H01.06", procedure="1.001")
    assert found(submitted) == []
    assert found(submitted, said("paid", "03T08:05"), said("withdrawn", "04T08:00")) == []
    assert found(submitted, said("declined", "04T08:00")) == []
    assert found(submitted, said("processed", "04T08:00")) == [("no_received", "", "03T08:00")]
    accepted = said("progressed", "04T08:00", state="accepted", progressed_at="2026-03-04T08:00:00")
    assert found(submitted, accepted) == [("no_received", "", "03T08:00")]


def test_a_payload_that_tells_of_an_acceptance_without_its_day():
    submitted = said("submitted", "03T08:00", unit="H01.06", procedure="1.001", state="processing")
    assert found(submitted) == [("no_received_date", "", "03T08:00")]
    assert found(submitted, received()) == []


def test_accepted_without_a_due_moment():
    assert found(received(due_at=None)) == [("no_due", "", "02T08:00")]
    assert found(received(due_at=None), statutory={"1.001": Allowed(5, "working_day")}.items()) == []
    assert found(received(due_at=None), said("voided", "03T08:00")) == []


def test_a_notice_of_lateness_that_the_arithmetic_does_not_confirm():
    early, right = said("late", "20T16:59"), said("late", "20T17:01")
    assert found(received(), early) == [("late_disagrees", "", "20T16:59")]
    assert found(received(), right) == []
    assert ("late_disagrees", "", "20T17:01") in found(received(due_at=None), right)
    waited = said("supplement_requested", "10T08:00", supplement="a"), said("supplemented", "11T08:00", supplement="a")
    assert found(received(), *waited, right) == [("late_disagrees", "", "20T17:01")]
    assert found(received(), said("processed", "19T08:00"), right) == [("late_disagrees", "", "20T17:01")]


def test_a_new_due_moment_is_told_a_working_day_before_the_old_one():
    """2026-03-20 is a Friday: Thursday the 19th is the last day. Of a Monday's due moment it is the Friday before."""
    assert found(received(), said("rescheduled", "19T16:00", due_at="2026-03-25")) == []
    assert found(received(), said("rescheduled", "20T07:30", due_at="2026-03-25")) == [
        ("rescheduled_late", "", "20T07:30")
    ]
    monday = received(due_at="2026-03-23")
    assert found(monday, said("rescheduled", "20T18:00", due_at="2026-03-25")) == []
    assert found(monday, said("rescheduled", "21T09:00", due_at="2026-03-25")) == [("rescheduled_late", "", "21T09:00")]
    waited = said("supplement_requested", "10T08:00", supplement="a"), said("supplemented", "11T08:00", supplement="a")
    assert (
        found(received(), *waited, said("rescheduled", "20T07:30", due_at="2026-03-25")) == []
    )  # due on Saturday by then


def test_an_earlier_due_moment_needs_no_apology():
    assert found(received(), said("rescheduled", "20T07:30", due_at="2026-03-19")) == []


def test_a_due_moment_is_moved_once():
    first, second = (
        said("rescheduled", "10T08:00", due_at="2026-03-25"),
        said("rescheduled", "12T08:00", due_at="2026-03-27"),
    )
    again = said("rescheduled", "12T08:00", due_at="2026-03-25")
    assert found(received(), first, second) == [("rescheduled_twice", "", "12T08:00")]
    assert found(received(), second, first) == [("rescheduled_twice", "", "12T08:00")]
    assert found(received(), first, again) == []  # what still stands is repeated


def test_who_is_late_has_to_apologise():
    """NĐ 61/2018, article 19.9; also of what has ended late since."""
    without = [("late_without_apology", "", "20T17:00")]
    assert every_finding(received()) == without
    assert every_finding(received(), said("processed", "21T08:00")) == without
    assert every_finding(received(), said("late", "21T08:00"), said("notified", "21T08:00")) == without
    assert every_finding(received(), said("late", "21T08:00", apology=True)) == []
    assert every_finding(received(), said("rescheduled", "19T08:00", due_at="2026-03-25", apology=True)) == []
    assert every_finding(received(), said("processed", "20T17:00")) == []


def test_done_without_an_end_and_without_a_result():
    """What a payload of state 9 without its date becomes; a line of the log that comes earlier says when it ended."""
    done = said("progressed", "20T09:00", state="done", progressed_at="2026-03-20T09:00:00", result_file=False)
    result = said("progressed", "20T09:00", state="done", progressed_at="2026-03-20T09:00:00", result_file=True)
    line = said("progressed", "21T09:00", state="done", progressed_at="2026-03-19T09:00:00")
    assert found(received(), done) == [("done_without_end", "", "20T09:00")]
    assert found(received(), result) == []
    assert found(received(), done, line) == []
    assert found(received(), done, said("processed", "21T09:00", finished_at="2026-03-19T09:00:00")) == []
