"""Working hours of the demo: Monday to Friday, 7:00-11:30 and 13:30-17:00. Public holidays are not known here."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

__all__ = ["DAY", "later", "opening"]

DAY: Final = timedelta(hours=8)
"""A working day."""

_DAY: Final = int(DAY.total_seconds())
_MORNING: Final = 7 * 3600
_MORNING_SECONDS: Final = int(4.5 * 3600)
_AFTERNOON: Final = int(13.5 * 3600)


def opening(day: date, zone: tzinfo) -> datetime:
    """When the offices open on a day."""
    return datetime.combine(day, time(7), zone)


def later(at: datetime, work: timedelta) -> datetime:
    """The moment at which so much working time has passed after `at`, to the second.

    Where it ends with a working day, that is the opening of the next.
    """
    days, seconds = divmod(_worked(at) + round(work.total_seconds()), _DAY)
    weeks, weekday = divmod(days, 5)
    day = date.fromordinal(1 + 7 * weeks + weekday)
    clock = seconds + (_MORNING if seconds < _MORNING_SECONDS else _AFTERNOON - _MORNING_SECONDS)
    return datetime.combine(day, time(), at.tzinfo) + timedelta(seconds=clock)


def _worked(at: datetime) -> int:
    """Seconds of working time from the first Monday of the calendar (1 January of the year 1) to a moment."""
    weeks, weekday = divmod(at.toordinal() - 1, 7)
    if weekday >= 5:
        return (weeks + 1) * 5 * _DAY
    clock = at.hour * 3600 + at.minute * 60 + at.second
    morning = min(max(clock - _MORNING, 0), _MORNING_SECONDS)
    afternoon = min(max(clock - _AFTERNOON, 0), _DAY - _MORNING_SECONDS)
    return (weeks * 5 + weekday) * _DAY + morning + afternoon
