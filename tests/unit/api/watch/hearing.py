"""When a system was heard, as tests say it: by days and times of Vietnam."""

from collections import defaultdict
from collections.abc import Iterable

from schemas.moments import DAY, Zone, parse_day, parse_moment
from schemas.rows import QUARTER

ZONE = Zone("Asia/Ho_Chi_Minh")


def at(text: str) -> int:
    """A moment such as ``2026-03-30 09:05``."""
    return parse_moment(text.replace(" ", "T") + ":00", ZONE)


def quarters(moments: Iterable[int]) -> dict[int, int]:
    """What is kept of moments: by day (UTC) the quarters of an hour."""
    found: dict[int, int] = defaultdict(int)
    for moment in moments:
        day, rest = divmod(moment, DAY)
        found[day] |= 1 << rest // QUARTER
    return dict(found)


def daily(first: str, last: str, *times: str) -> dict[int, int]:
    """Heard from Monday to Friday at some times of the day."""
    days = [day for day in range(parse_day(first), parse_day(last) + 1) if (day + 3) % 7 < 5]
    moments = [
        ZONE.start_of_day(day) + at(f"1970-01-01 {time}") - ZONE.start_of_day(0) for day in days for time in times
    ]
    return quarters(moments)
