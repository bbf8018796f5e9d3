"""The working days of Vietnam: public holidays and swapped days, from the packaged `vietnam.csv`.

The file names its source on every line. It is effective-dated: a line speaks for its day alone, and the years that it holds are the
years that are known. In all other years only Saturdays and Sundays are off.
"""

import csv
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from schemas.calendar.calendar import WorkingCalendar
from schemas.calendar.hours import DEFAULT_HOURS, WorkingHours
from schemas.moments import Zone, parse_day

__all__ = ["DayLine", "packaged_days", "parse_days", "vietnam"]

_OFF, _WORKING = "off", "working"
_COLUMNS: Final = ["date", "day", "name", "source"]


class DayLine(NamedTuple):
    """One day that is not as its weekday says. `day`: days since 1970."""

    day: int
    works: bool
    name: str
    source: str


def vietnam(zone: Zone, hours: WorkingHours = DEFAULT_HOURS, own: Iterable[DayLine] = ()) -> WorkingCalendar:
    """The calendar of Vietnam's offices.

    Args:
        zone: whose days and hours these are.
        hours: of every working day.
        own: lines that stand before those of the packaged file for the same day: a new swap, a day off taken back.
    """
    works = {line.day: line.works for line in (*packaged_days(), *own)}
    off, working = (
        (day for day, at_work in works.items() if not at_work),
        (day for day, at_work in works.items() if at_work),
    )
    return WorkingCalendar(hours, off, working, zone)


@cache
def packaged_days() -> tuple[DayLine, ...]:
    """The packaged file, read."""
    return parse_days(files(__package__).joinpath("vietnam.csv").read_text("utf-8"))


def parse_days(text: str) -> tuple[DayLine, ...]:
    """Read a file of days: columns date, day (``off`` or ``working``), name, source.

    Raises:
        ValueError: the line and what is wrong with it.
    """
    rows = csv.DictReader(text.splitlines())
    if rows.fieldnames != _COLUMNS:
        raise ValueError(f"line 1: the columns are {', '.join(_COLUMNS)}")
    found: dict[int, DayLine] = {}
    for row in rows:
        where = f"line {rows.line_num}"
        if None in row or None in row.values():
            raise ValueError(f"{where}: {len(_COLUMNS)} fields are needed")
        if row["day"] not in {_OFF, _WORKING}:
            raise ValueError(f"{where}: day is {_OFF} or {_WORKING}")
        try:
            day = parse_day(row["date"])
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from error
        if day in found:
            raise ValueError(f"{where}: {row['date']} stands there already")
        found[day] = DayLine(day, row["day"] == _WORKING, row["name"], row["source"])
    return tuple(found.values())
