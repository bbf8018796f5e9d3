"""Working time by example: lunch, night, Tết, swapped days, before opening and after closing."""

import pickle

import pytest

from schemas.calendar import WORKING_DAY, Allowed, WorkingCalendar, WorkingHours, due_moment, vietnam
from schemas.moments import Zone, parse_day, parse_moment

HANOI = Zone("Asia/Ho_Chi_Minh")
CALENDAR = vietnam(HANOI)
HOUR = 3600


def at(text: str) -> int:
    return parse_moment(f"{text}:00", HANOI)


@pytest.mark.parametrize(
    ("begins", "hours", "ends"),
    [
        ("2026-03-12T08:00", 2, "2026-03-12T10:00"),
        ("2026-03-12T11:00", 1, "2026-03-12T14:00"),  # over lunch
        ("2026-03-12T16:00", 2, "2026-03-13T08:00"),  # over night
        ("2026-03-13T16:00", 2, "2026-03-16T08:00"),  # Friday to Monday
        ("2026-03-14T10:00", 1, "2026-03-16T08:00"),  # handed in on a Saturday
        ("2026-03-12T05:00", 1, "2026-03-12T08:00"),  # before opening
        ("2026-03-12T17:00", 1, "2026-03-13T08:00"),  # at closing: from the next working day
        ("2026-03-12T21:00", 1, "2026-03-13T08:00"),  # after closing
        ("2026-03-12T07:00", 4.5, "2026-03-12T11:30"),  # ends with the block, not at the start of the next
        ("2026-03-12T07:00", 8, "2026-03-12T17:00"),
        ("2026-03-12T13:30", 8, "2026-03-13T11:30"),
        ("2026-02-13T09:00", 8, "2026-02-23T09:00"),  # over Tết
        ("2024-04-26T09:00", 8, "2024-05-02T09:00"),  # 29 April 2024 off for a Saturday
        ("2024-05-03T09:00", 8, "2024-05-04T09:00"),  # and that Saturday worked
        ("2026-08-21T09:00", 16, "2026-08-24T09:00"),  # a working Saturday between
        ("2026-03-12T11:30", 0, "2026-03-12T13:30"),  # nothing: the next working instant
        ("2026-03-12T09:13", 0, "2026-03-12T09:13"),
        ("2026-03-12T09:00", 0.5, "2026-03-12T09:30"),
    ],
)
def test_working_time_passes_in_working_hours_alone(begins: str, hours: float, ends: str):
    assert CALENDAR.add(at(begins), hours * HOUR) == at(ends)


@pytest.mark.parametrize(
    ("ends", "hours", "begins"),
    [
        ("2026-03-12T10:00", 2, "2026-03-12T08:00"),
        ("2026-03-12T11:30", 4.5, "2026-03-12T07:00"),
        ("2026-03-12T07:00", 8, "2026-03-11T07:00"),
        ("2026-03-15T10:00", 1, "2026-03-13T16:00"),  # from a Sunday
        ("2026-03-12T12:00", 0, "2026-03-12T11:30"),  # nothing: the end of the last work
        ("2026-03-12T09:13", 0, "2026-03-12T09:13"),
    ],
)
def test_working_time_is_taken_off_backwards(ends: str, hours: float, begins: str):
    assert CALENDAR.subtract(at(ends), hours * HOUR) == at(begins)


def test_between_counts_whole_seconds_towards_zero_in_both_directions():
    morning, noon = at("2026-03-12T07:00") - 1, at("2026-03-12T12:00")
    assert CALENDAR.between(morning, noon) == 4.5 * HOUR
    assert CALENDAR.between(at("2026-03-12T07:00") + 1, noon) == 4.5 * HOUR - 1
    assert CALENDAR.between(noon, at("2026-03-12T07:00") + 1) == -(4.5 * HOUR - 1)


@pytest.mark.parametrize(
    ("received", "number", "unit", "due"),
    [
        ("2026-03-12T15:00", 1, "working_day", "2026-03-13T15:00"),
        ("2026-03-12T07:00", 1, "working_day", "2026-03-12T17:00"),  # eight hours: the end of the same day
        ("2026-03-12T19:00", 1, "working_day", "2026-03-13T17:00"),  # after closing: the next day is the first
        ("2026-03-12T15:00", 0.5, "working_day", "2026-03-13T09:00"),
        ("2026-03-12T15:00", 4, "hour", "2026-03-13T09:00"),
        ("2026-03-12T15:00", 1, "day", "2026-03-13T15:00"),
        ("2026-03-12T19:00", 2, "day", "2026-03-16T19:00"),  # Saturday: the next working day, at the same time of day
        ("2026-02-10T08:00", 7, "day", "2026-02-23T08:00"),  # Tết
        ("2026-08-15T08:00", 7, "day", "2026-08-22T08:00"),  # a working Saturday
        ("2026-03-12T15:00", 1.5, "day", "2026-03-16T03:00"),
        ("2026-01-31T08:00", 1, "month", "2026-03-02T08:00"),  # 28 February is a Saturday
        ("2024-01-31T08:00", 1, "month", "2024-02-29T08:00"),  # the month's last day
        ("2026-03-12T15:00", 12, "month", "2027-03-12T15:00"),
        ("2026-03-12T15:00", 0.5, "month", "2026-03-27T15:00"),  # half of 30 days
    ],
)
def test_time_allowed_runs_out(received: str, number: float, unit: str, due: str):
    assert due_moment(at(received), Allowed(number, unit), CALENDAR) == at(due)


def test_a_working_day_is_eight_working_hours_however_long_the_office_is_open():
    short = vietnam(HANOI, WorkingHours("08:00-12:00"))
    assert short.add(at("2026-03-12T08:00"), WORKING_DAY) == at("2026-03-13T12:00")


def test_the_nth_working_day_does_not_ask_whether_the_first_is_one():
    saturday, friday = parse_day("2026-03-14"), parse_day("2026-03-13")
    assert (
        CALENDAR.nth_working_day_after(friday, 2)
        == CALENDAR.nth_working_day_after(saturday, 2)
        == parse_day("2026-03-17")
    )
    assert CALENDAR.nth_working_day_before(saturday, 1) == friday
    assert CALENDAR.nth_working_day_before(friday, 1) == parse_day("2026-03-12")


def test_a_day_that_is_off_and_a_working_weekend_is_off():
    saturday = parse_day("2026-03-14")
    assert not WorkingCalendar(CALENDAR.hours, iter([saturday]), iter([saturday]), HANOI).is_working_day(saturday)


def test_a_calendar_is_a_value_that_survives_pickling():
    again = pickle.loads(pickle.dumps(CALENDAR))  # noqa: S301  its own bytes
    assert (again, hash(again)) == (CALENDAR, hash(CALENDAR))
    assert again.add(at("2026-02-13T09:00"), WORKING_DAY) == at("2026-02-23T09:00")


def test_calendars_that_differ_anywhere_have_different_fingerprints():
    day = parse_day("2026-03-12")
    others = [
        vietnam(Zone("UTC")),
        vietnam(HANOI, WorkingHours("07:30-11:30,13:00-17:00")),
        WorkingCalendar(CALENDAR.hours, [day], [], HANOI),
        WorkingCalendar(CALENDAR.hours, [], [day + 2], HANOI),
        WorkingCalendar(CALENDAR.hours, [], [], HANOI),
    ]
    assert len({CALENDAR.fingerprint, *(other.fingerprint for other in others)}) == 6
    assert CALENDAR not in others
