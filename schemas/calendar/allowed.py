"""Time allowed ("thời hạn giải quyết") and when it runs out: `events_and_measures.md`, section 6, reading 9."""

from calendar import monthrange
from datetime import date
from typing import Final, NamedTuple

from schemas.calendar.calendar import WORKING_DAY, WorkingCalendar
from schemas.moments import DAY, format_day, parse_day

__all__ = ["Allowed", "due_moment"]

_HOUR: Final = 3600
_MONTH_DAYS: Final = 30
"""What a part of a month is a part of."""


class Allowed(NamedTuple):
    """So much time; ``unit`` is ``working_day``, ``hour`` (of working time), ``day`` or ``month``."""

    number: float
    unit: str


def due_moment(received_at: int, allowed: Allowed, calendar: WorkingCalendar) -> int:
    """When the time allowed runs out, in microseconds; at most the last moment of the year 9999.

    A working day is eight working hours. `day` and `month` count every day, but end on a working day, at the time of day of the receipt;
    a month ends on the same day of the month, or on its last where that is shorter. A part of a month is that part of 30 days.

    Args:
        received_at: the receipt ("tiếp nhận"), microseconds.
        allowed: positive.
        calendar: whose working time counts.
    """
    if allowed.unit == "working_day":
        return calendar.add(received_at, allowed.number * WORKING_DAY)
    if allowed.unit == "hour":
        return calendar.add(received_at, allowed.number * _HOUR)
    day, time = calendar.wall(received_at)
    days = allowed.number
    if allowed.unit == "month":
        months, part = divmod(allowed.number, 1)
        day, days = _months_later(day, int(months)), part * _MONTH_DAYS
    later, time = divmod(time + round(days * DAY), DAY)
    return calendar.at(calendar.next_working_day(day + later), time)


def _months_later(day: int, months: int) -> int:
    """The same day of a later month; the month's last day where that is shorter. A day after the year 9999 is just some such day."""
    start = date.fromisoformat(format_day(day))
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    if year > date.max.year:
        return parse_day(date.max.isoformat()) + 1
    return parse_day(date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).isoformat())
