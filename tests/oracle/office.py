"""When offices work, and how long: by walking from one block of working hours to the next. The days are those of the library `holidays`."""

import calendar
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

HOURS = "07:00-11:30,13:30-17:00"
YEARS = range(2018, 2051)
_NAMED = holidays.Vietnam(years=YEARS, language="en_US")
OFF = frozenset(_NAMED)
SWAPPED = {
    datetime.strptime(found[1], "%m/%d/%Y").replace(tzinfo=UTC).date()
    for name in _NAMED.values()
    if (found := re.search(r"substituted from (.{10})", name))
}
"""Saturdays that the Government had worked for a day off ("hoán đổi ngày làm việc")."""


def works(day: date) -> bool:
    return (day.weekday() < 5 or day in SWAPPED) and day not in OFF


def blocks(since: date, zone: ZoneInfo, hours: str) -> Iterator[tuple[datetime, datetime]]:
    """All blocks of working hours from a day on."""
    clocks = [[time.fromisoformat(clock) for clock in block.split("-")] for block in hours.split(",")]
    for n in range(100_000):
        day = since + timedelta(days=n)
        if works(day):
            for opens, closes in clocks:
                yield tuple(datetime.combine(day, at, zone).astimezone(UTC) for at in (opens, closes))


def worked(start: datetime, end: datetime, zone: ZoneInfo, hours: str = HOURS) -> timedelta:
    """Working time between two instants."""
    total = timedelta()
    for opens, closes in blocks(start.astimezone(zone).date(), zone, hours):
        if opens >= end:
            break
        total += max(min(end, closes) - max(start, opens), timedelta())
    return total


def runs_out(start: datetime, number: float, unit: str, zone: ZoneInfo, hours: str = HOURS) -> datetime:
    """When the time allowed is over: `events_and_measures.md`, section 6, reading 9."""
    if unit in {"working_day", "hour"}:
        left = timedelta(hours=number * (8 if unit == "working_day" else 1))
        for opens, closes in blocks(start.astimezone(zone).date(), zone, hours):
            begins = max(opens, start)
            if begins + left <= closes:
                return begins + left
            left -= max(closes - begins, timedelta())
    local, days = start.astimezone(zone).replace(tzinfo=None), number
    if unit == "month":
        days = (number - int(number)) * 30
        year, month = local.year, local.month
        for _ in range(int(number)):
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        local = local.replace(year=year, month=month, day=min(local.day, calendar.monthrange(year, month)[1]))
    local += timedelta(days=days)
    while not works(local.date()):
        local += timedelta(days=1)
    return local.replace(tzinfo=zone).astimezone(UTC)
