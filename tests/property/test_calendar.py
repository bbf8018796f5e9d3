"""The working calendar: equal to counting minute by minute over 2024-2027, and the laws of adding and taking off."""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.calendar import Allowed, WorkingCalendar, WorkingHours, due_moment, vietnam
from schemas.moments import DAY, MINUTE, SECOND, Zone, parse_day
from tests.oracle import office
from tests.oracle.histories import micros
from tests.oracle.profile import many
from tests.oracle.said import moment_of

HANOI = Zone("Asia/Ho_Chi_Minh")
CALENDARS = [vietnam(HANOI), vietnam(Zone("America/New_York")), vietnam(Zone("Asia/Kathmandu"))]
YEARS = [date(2024, 1, 1) + timedelta(days=n) for n in range(4 * 365 + 1)]
FIRST = parse_day("2024-01-01")
START = HANOI.start_of_day(FIRST)


def _minutes() -> np.ndarray:
    """Of every minute of 2024-2027 in Vietnam whether it is worked: asked of each, one by one."""
    hours = [420 <= n < 690 or 810 <= n < 1020 for n in range(1440)]  # seven to half past eleven, half past one to five
    return np.concatenate([hours if office.works(day) else [False] * 1440 for day in YEARS]).astype(bool)


MINUTES = _minutes()
WORKED = np.flatnonzero(MINUTES)
"""The minutes that are worked, by their number."""
BEFORE = np.concatenate([[0], np.cumsum(MINUTES)]).tolist()
"""By minute: how many minutes are worked before it."""


def moment(minute: int) -> int:
    return START + int(minute) * MINUTE


minutes = st.integers(0, len(MINUTES) - 1)
lengths = st.integers(0, len(WORKED) // 4)
moments = st.integers(START - 400 * DAY, START + 2000 * DAY) | minutes.map(moment)
works = st.integers(0, 40 * 28_800) | st.integers(0, 400).map(lambda quarters: quarters * 900)
calendars = st.sampled_from(CALENDARS)


@st.composite
def drawn_calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Hours, days off and working weekends of any kind, close together."""
    marks = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
    blocks = [
        f"{a // 4:02}:{a % 4 * 15:02}-{b // 4:02}:{b % 4 * 15:02}"
        for a, b in zip(marks[::2], marks[1::2], strict=False)
    ]
    near = st.sets(st.integers(FIRST - 5, FIRST + 40), max_size=30)
    return WorkingCalendar(WorkingHours(",".join(blocks)), draw(near), draw(near), HANOI)


def test_working_time_up_to_every_minute_of_four_years_is_what_counting_minutes_gives():
    calendar = vietnam(HANOI)
    start = calendar.worked(START)
    wrong = [n for n, before in enumerate(BEFORE) if calendar.worked(moment(n)) - start != before * MINUTE]
    assert wrong == []


def test_the_next_working_instant_after_every_quarter_of_an_hour_is_the_first_minute_worked():
    calendar = vietnam(HANOI)
    for minute in range(0, int(WORKED[-1]), 15):
        assert calendar.next_working(moment(minute)) == moment(WORKED[BEFORE[minute]])


@many
@given(minutes, lengths)
def test_adding_ends_with_the_last_minute_that_counting_minutes_needs(minute: int, length: int):
    last = BEFORE[minute] + length - 1
    if length and last < len(WORKED):
        assert vietnam(HANOI).add(moment(minute), length * 60) == moment(WORKED[last] + 1)


@many
@given(minutes, lengths)
def test_taking_off_begins_with_the_first_minute_that_counting_minutes_needs(minute: int, length: int):
    first = BEFORE[minute] - length
    if length and first >= 0:
        assert vietnam(HANOI).subtract(moment(minute), length * 60) == moment(WORKED[first])


@many
@given(minutes, minutes)
def test_between_is_the_minutes_counted(one: int, other: int):
    assert vietnam(HANOI).between(moment(one), moment(other)) == (BEFORE[other] - BEFORE[one]) * 60


@pytest.mark.parametrize("n", [1, 2, 5, 10, 20])
def test_the_nth_working_day_after_and_before_every_day_is_found_in_the_list_of_them(n: int):
    calendar = vietnam(HANOI)
    working = [FIRST + place for place, day in enumerate(YEARS) if office.works(day)]
    for day in range(working[n], working[-n]):
        assert calendar.nth_working_day_after(day, n) == working[bisect_right(working, day) + n - 1]
        assert calendar.nth_working_day_before(day, n) == working[bisect_left(working, day) - n]


@many
@given(calendars | drawn_calendars(), moments, works)
def test_adding_and_taking_off_again_is_the_same_working_instant(calendar: WorkingCalendar, at: int, work: int):
    at = calendar.next_working(at)
    assert calendar.subtract(calendar.add(at, work), work) == at


@many
@given(calendars | drawn_calendars(), moments, works)
def test_taking_off_and_adding_again_is_the_same_end_of_work(calendar: WorkingCalendar, at: int, work: int):
    end = calendar.add(at, work + 1)
    assert calendar.add(calendar.subtract(end, work + 1), work + 1) == end


@many
@given(calendars | drawn_calendars(), moments, works)
def test_between_is_what_was_added(calendar: WorkingCalendar, at: int, work: int):
    assert calendar.between(at, calendar.add(at, work)) == work
    assert calendar.between(calendar.subtract(at, work), at) == work


@many
@given(calendars | drawn_calendars(), moments, works, works)
def test_adding_twice_is_adding_the_sum(calendar: WorkingCalendar, at: int, one: int, other: int):
    assert calendar.add(calendar.add(at, one), other + 1) == calendar.add(at, one + other + 1)


@many
@given(
    calendars | drawn_calendars(), st.lists(moments, min_size=2, max_size=2), st.lists(works, min_size=2, max_size=2)
)
def test_later_and_longer_never_end_earlier(calendar: WorkingCalendar, at: list[int], work: list[int]):
    early, late = sorted(at)
    short, long = sorted(work)
    assert calendar.worked(early) <= calendar.worked(late)
    assert calendar.add(early, short) <= calendar.add(late, short)
    assert calendar.add(early, short) <= calendar.add(early, long)
    assert calendar.subtract(early, short) <= calendar.subtract(late, short)
    assert calendar.subtract(early, long) <= calendar.subtract(early, short)


@many
@given(drawn_calendars(), st.integers(FIRST - 10, FIRST + 50))
def test_days_are_numbered_as_they_are_counted(calendar: WorkingCalendar, day: int):
    assert calendar.next_working_day(day) == next(d for d in range(day, day + 99) if calendar.is_working_day(d))
    assert (
        calendar.nth_working_day_after(day, 3) == [d for d in range(day + 1, day + 99) if calendar.is_working_day(d)][2]
    )
    assert (
        calendar.nth_working_day_before(day, 3) == [d for d in range(day - 99, day) if calendar.is_working_day(d)][-3]
    )


@many
@given(
    calendars,
    minutes.map(moment).flatmap(lambda at: st.integers(at, at + 59 * SECOND)),
    st.sampled_from([0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 15, 30, 60]),
    st.sampled_from(["working_day", "hour", "day", "month"]),
)
def test_time_allowed_runs_out_when_walking_through_the_blocks_says_so(calendar, at: int, number: float, unit: str):
    expected = office.runs_out(moment_of(at), number, unit, ZoneInfo(calendar.zone.name))
    assert moment_of(due_moment(at, Allowed(number, unit), calendar)) == expected
    assert micros(expected) > at


@given(calendars, st.integers(0, 23), st.sampled_from(["working_day", "hour", "day", "month"]))
def test_no_time_allowed_runs_out_after_the_last_of_all_days(calendar: WorkingCalendar, hour: int, unit: str):
    late = micros(datetime(9999, 12, 30, hour, tzinfo=ZoneInfo("UTC")))
    assert due_moment(late, Allowed(100_000, unit), calendar) == calendar.zone.last
