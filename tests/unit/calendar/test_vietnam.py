"""The packaged days of Vietnam: against the library `holidays`, and against the shared list; files of days."""

import re
from datetime import date, datetime, timedelta

import holidays
import pytest

from schemas.calendar import DayLine, parse_days, vietnam
from schemas.calendar.vietnam import packaged_days
from schemas.moments import Zone, format_day, parse_day
from tests.unit.local.test_vietnam import rows

HANOI = Zone("Asia/Ho_Chi_Minh")
YEARS = range(2018, 2051)


def days(*, works: bool) -> set[str]:
    return {format_day(line.day) for line in packaged_days() if line.works == works}


def swapped(names: list[str], form: str) -> set[str]:
    """The Saturdays that a list of names says were worked."""
    found = (re.search(r"substituted from ([\d/]{10})", name) for name in names)
    return {f"{datetime.strptime(one[1], form):%Y-%m-%d}" for one in found if one}  # noqa: DTZ007  a day


@pytest.fixture(scope="module")
def library() -> dict[date, str]:
    return dict(holidays.Vietnam(years=YEARS, language="en_US"))


def test_the_days_off_of_every_year_are_those_of_the_library(library: dict[date, str]):
    assert days(works=False) == {day.isoformat() for day in library}


def test_the_working_saturdays_are_those_that_the_library_says_were_swapped(library: dict[date, str]):
    assert days(works=True) == swapped(list(library.values()), "%m/%d/%Y")


@pytest.mark.shared
def test_the_days_of_2024_to_2027_are_those_of_the_shared_list():
    shared = rows("vn_holidays_2024_2027.csv")
    known = {row["date"] for row in shared}
    assert {day for day in days(works=False) if "2024" <= day < "2028"} == known
    assert {day for day in days(works=True) if "2024" <= day < "2028"} == swapped(
        [row["name"] for row in shared], "%m/%d/%Y"
    )


def test_every_line_says_where_it_comes_from_and_stands_in_order():
    lines = packaged_days()
    assert [line.day for line in lines] == sorted(line.day for line in lines)
    assert all(line.name and line.source for line in lines)


def test_every_working_saturday_stands_for_a_day_off_that_names_it():
    swaps = {line.name.rpartition(" ")[2]: line for line in packaged_days() if line.works}
    for name, line in swaps.items():
        off = next(other for other in packaged_days() if f"{_day(other):%d/%m/%Y}" == name)
        assert off.name == f"Nghỉ hoán đổi với {_day(line):%d/%m/%Y}"


@pytest.mark.parametrize("year", [1995, 2017, 2051, 9990])
def test_in_years_that_the_file_does_not_know_only_weekends_are_off(year: int):
    calendar, first = vietnam(HANOI), parse_day(f"{year}-01-01")
    for n in range(365):
        weekday = (date(year, 1, 1) + timedelta(days=n)).weekday()
        assert calendar.is_working_day(first + n) == (weekday < 5)


def test_lines_of_ones_own_stand_before_the_packaged_ones():
    own = parse_days(
        "date,day,name,source\n"
        "2026-01-02,off,Nghỉ hoán đổi với 10/01/2026,Chính phủ\n"
        "2026-01-10,working,Làm bù cho 02/01/2026,Chính phủ\n"
        "2026-11-24,working,,\n"
    )
    before, after = vietnam(HANOI), vietnam(HANOI, own=own)
    changed = {parse_day("2026-01-02"): False, parse_day("2026-01-10"): True, parse_day("2026-11-24"): True}
    for day, works in changed.items():
        assert (before.is_working_day(day), after.is_working_day(day)) == (not works, works)
    assert before.fingerprint != after.fingerprint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the columns are date, day, name, source"),
        ("date,name\n", "line 1: the columns are"),
        ("date,day,name,source\n2026-01-02,off\n", "line 2: 4 fields"),
        ("date,day,name,source\n2026-01-02,off,a,b,c\n", "line 2: 4 fields"),
        ("date,day,name,source\n2026-01-02,free,a,b\n", "line 2: day is off or working"),
        ("date,day,name,source\n2026-02-30,off,a,b\n", "line 2: "),
        ("date,day,name,source\n02/01/2026,off,a,b\n", "line 2: '02/01/2026' is not a day"),
        ("date,day,name,source\n2026-01-02,off,a,b\n2026-01-02,off,a,b\n", "line 3: 2026-01-02 stands there already"),
    ],
)
def test_a_file_of_days_is_refused_with_the_line_and_the_reason(text: str, said: str):
    with pytest.raises(ValueError, match=said):
        parse_days(text)


def _day(line: DayLine) -> date:
    return date.fromisoformat(format_day(line.day))
