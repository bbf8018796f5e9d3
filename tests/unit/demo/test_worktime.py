from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.demo.worktime import DAY, later, opening
from tests.unit.demo.province import NOW, ZONE

HOURS = st.timedeltas(timedelta(), 60 * DAY)
MOMENTS = st.integers(0, 400 * 86_400).map(lambda seconds: NOW + timedelta(seconds=seconds))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("begins", "hours", "ends"),
    [
        ("24T08:00", 2, "24T10:00"),
        ("24T11:00", 1, "24T14:00"),  # over lunch
        ("24T16:00", 2, "25T08:00"),  # over night
        ("24T09:13", 8, "25T09:13"),
        ("27T09:13", 8, "30T09:13"),  # Friday to Monday
        ("28T12:00", 1, "30T08:00"),  # from a Saturday
        ("24T05:00", 1, "24T08:00"),  # before opening
        ("24T20:00", 1, "25T08:00"),  # after closing
    ],
)
def test_working_time_passes_in_working_hours_alone(begins: str, hours: float, ends: str):
    assert later(at(begins), timedelta(hours=hours)) == at(ends)


@given(MOMENTS, HOURS, HOURS)
def test_working_time_adds_up(begins: datetime, first: timedelta, second: timedelta):
    first, second = (timedelta(seconds=round(span.total_seconds())) for span in (first, second))
    assert later(later(begins, first), second) == later(begins, first + second)


@given(MOMENTS, HOURS)
def test_work_ends_in_working_hours(begins: datetime, work: timedelta):
    ends = later(begins, work)
    assert ends.weekday() < 5
    assert opening(ends.date(), ZONE) <= ends < opening(ends.date(), ZONE) + timedelta(hours=10)
