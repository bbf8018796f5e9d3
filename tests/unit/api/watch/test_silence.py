"""How long a system is silent, and whether that is longer than it ever is."""

import pytest

from schemas.calendar import DEFAULT_HOURS, WORKING_DAY, WorkingHours, vietnam
from schemas.moments import DAY, MINUTE, SECOND
from schemas.rows import HABIT_DAYS, QUARTER
from services.api.watch.silence import Habit, habit_of
from tests.unit.api.watch.hearing import ZONE, at, daily, quarters

CALENDAR = vietnam(ZONE, DEFAULT_HOURS, ())
HOUR = 60 * MINUTE
MORNING_TO_EVENING = [f"{hour:02}:{minute:02}" for hour in (7, 8, 9, 10, 13, 14, 15, 16) for minute in (31, 46)]


def habit(days: dict[int, int]) -> Habit:
    found = habit_of(days, CALENDAR)
    assert found is not None
    return found


def test_nights_and_week_ends_are_no_silence():
    found = habit(daily("2026-03-02", "2026-03-27", *MORNING_TO_EVENING))  # until a Friday, 16:46
    assert found.is_known
    assert not found.is_silent(at("2026-03-30 07:45"))  # Monday
    assert found.silence(at("2026-03-29 20:00")) == 0
    assert found.is_silent(at("2026-03-30 09:30"))


def test_tet_is_no_silence():
    found = habit(daily("2026-01-05", "2026-02-13", "08:00", "11:00", "14:00", "16:50"))
    assert not found.is_silent(at("2026-02-22 20:00"))  # the holidays end on this Sunday
    assert found.is_silent(at("2026-02-23 16:00"))


@pytest.mark.parametrize("minute", range(0, 60, 7))
def test_who_is_heard_at_the_same_time_every_day_is_never_silent_until_that_time_has_passed(minute: int):
    time = f"09:{minute:02}"
    found = habit(daily("2026-03-02", "2026-03-26", time))
    assert found.longest == WORKING_DAY * SECOND
    assert not found.is_silent(at(f"2026-03-27 {time}"))
    assert found.is_silent(at(f"2026-03-27 {time}") + QUARTER + MINUTE)


def test_the_longest_silence_is_the_habit_whatever_day_it_was_on():
    often = daily("2026-03-02", "2026-03-26", *MORNING_TO_EVENING)
    missing = {day: bits for day, bits in often.items() if day != at("2026-03-11 12:00") // DAY}
    assert habit(missing).longest == habit(often).longest + WORKING_DAY * SECOND


@pytest.mark.parametrize(
    ("last", "known"), [("2026-03-04 08:59", False), ("2026-03-04 09:00", True)], ids=["less than two", "two"]
)
def test_a_system_is_known_well_enough_after_two_working_days(last: str, known: bool):
    found = habit(quarters([at("2026-03-02 09:00"), at("2026-03-03 10:00"), at(last)]))
    assert found.is_known is known
    assert found.is_silent(at("2026-03-20 09:00")) is known
    assert found.is_quiet(at("2026-03-20 09:00"))


def test_an_hour_is_no_silence_however_often_a_system_is_heard():
    all_day = dict.fromkeys(range(at("2026-03-02 07:00") // DAY, at("2026-03-27 07:00") // DAY), (1 << 96) - 1)
    found = habit(all_day)
    assert (found.longest, found.last) == (QUARTER, at("2026-03-27 07:00"))
    assert not found.is_silent(found.last + HOUR)
    assert found.is_silent(found.last + HOUR + MINUTE)


def test_what_was_heard_more_than_sixty_days_before_the_last_time_is_forgotten():
    recent = daily("2026-03-02", "2026-04-20", *MORNING_TO_EVENING)
    assert habit({**daily("2026-01-05", "2026-01-06", "09:00"), **recent}) == habit(recent)


def test_a_system_that_has_been_away_for_sixty_days_has_left():
    found = habit(daily("2026-03-02", "2026-03-27", *MORNING_TO_EVENING))
    border = found.last + HABIT_DAYS * DAY
    assert (found.is_silent(border), found.has_left(border)) == (True, False)
    assert (found.is_silent(border + 1), found.has_left(border + 1)) == (False, True)


def test_the_hours_of_the_unit_count():
    early = vietnam(ZONE, WorkingHours("05:00-09:00"), ())
    days = daily("2026-03-02", "2026-03-27", "05:05", "08:50")
    found = habit_of(days, early)
    assert found is not None
    assert found.silence(at("2026-03-27 17:00")) == 0
    assert habit(days).silence(at("2026-03-27 17:00")) == 6 * HOUR  # 9:00 to 11:30, 13:30 to 17:00


def test_who_was_never_heard_has_no_habit():
    assert habit_of({}, CALENDAR) is None
    assert habit_of({20_000: 0}, CALENDAR) is None
