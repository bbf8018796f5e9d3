"""Moments and days.

Inside Nhịp a moment is an ``int``: microseconds since 1970-01-01T00:00:00Z. A day is an ``int`` too: days since
1970-01-01 in the configured time zone (`Zone`). Whole numbers compare exactly, sort in heaps and pack small.
Texts are RFC 3339 (CONTRACT, section 1).
"""

import re
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  local arithmetic is done on naive values on purpose
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal() - _EPOCH_ORDINAL
_MICROSECOND = timedelta(microseconds=1)
_FIRST = -62_135_596_800 * SECOND  # 0001-01-01T00:00:00Z
_LAST = 253_402_300_800 * SECOND - 1  # 9999-12-31T23:59:59.999999Z
_WEEK_SECONDS = 7 * 86_400
_SCANNED_FROM, _SCANNED_TO = -2_524_521_600, 7_258_118_400  # 1890 to 2200, in seconds
_SCANNED_END = _SCANNED_TO * SECOND

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:[0-5]\d)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Zone:
    """A time zone that turns moments into days and back, exactly, at every change of offset.

    Args:
        name: an IANA name such as ``Asia/Ho_Chi_Minh``.

    Raises:
        ValueError: no such zone.
    """

    __slots__ = ("_info", "_offsets", "_starts", "last", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        try:
            self._info = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"unknown time zone {name!r}; use an IANA name such as Asia/Ho_Chi_Minh") from error
        self._starts, self._offsets = self._changes()
        self.last = self.end_of_day(_LAST_DAY)
        """The last microsecond of 9999-12-31: no moment lies after it."""

    def __repr__(self) -> str:
        return f"Zone({self.name!r})"

    def __reduce__(self) -> tuple[type["Zone"], tuple[str]]:
        return Zone, (self.name,)

    def offset(self, moment: int) -> int:
        """The offset from UTC in microseconds that holds at `moment`."""
        if moment >= _SCANNED_END:
            return self._offset_at(min(moment // SECOND, 253_370_764_800))
        return self._offsets[bisect_right(self._starts, moment) - 1]

    def day(self, moment: int) -> int:
        """The local day that `moment` lies on."""
        if moment >= _SCANNED_END:
            return (moment + self.offset(moment)) // DAY
        return (moment + self._offsets[bisect_right(self._starts, moment) - 1]) // DAY  # the hot path: no further call

    def start_of_day(self, day: int) -> int:
        """The first microsecond of a local day."""
        return self.from_local(_EPOCH + timedelta(days=day))

    def end_of_day(self, day: int) -> int:
        """The last microsecond of a local day: one before the next day's first."""
        if day >= _LAST_DAY:
            return min(self.start_of_day(_LAST_DAY) + DAY - 1, _LAST)
        return self.start_of_day(day + 1) - 1

    def from_local(self, local: datetime) -> int:
        """The moment of a naive local time; of two (clocks set back) the first."""
        wall = (local - _EPOCH) // _MICROSECOND
        offset = local.replace(tzinfo=self._info).utcoffset() or timedelta()
        return wall - offset // _MICROSECOND

    def format(self, moment: int) -> str:
        """RFC 3339 with this zone's offset."""
        return (_EPOCH_UTC + timedelta(microseconds=moment)).astimezone(self._info).isoformat()

    def _offset_at(self, second: int) -> int:
        at = _EPOCH_UTC + timedelta(seconds=second)
        return (at.astimezone(self._info).utcoffset() or timedelta()) // _MICROSECOND

    def _changes(self) -> tuple[list[int], list[int]]:
        """Each moment at which the offset changes, and the offset from then on."""
        starts, offsets = [-(1 << 62)], [self._offset_at(_SCANNED_FROM)]
        for end in range(_SCANNED_FROM + _WEEK_SECONDS, _SCANNED_TO, _WEEK_SECONDS):
            if self._offset_at(end) == offsets[-1]:
                continue
            low, high = end - _WEEK_SECONDS, end
            while high - low > 1:
                middle = (low + high) // 2
                if self._offset_at(middle) == offsets[-1]:
                    low = middle
                else:
                    high = middle
            starts.append(high * SECOND)
            offsets.append(self._offset_at(high))
        return starts, offsets


def parse_moment(text: str, zone: Zone, *, needs_offset: bool = False) -> int:
    """Read an RFC 3339 moment; digits beyond the microsecond are cut.

    Args:
        text: such as ``2026-03-12T08:00:00+07:00``; without an offset it is in `zone`.
        zone: the configured time zone.
        needs_offset: refuse a text without an offset (the attribute ``time`` of an event).

    Returns:
        Microseconds, at most `zone.last`: systems write "never" as 9999-12-31 with whatever offset.

    Raises:
        ValueError: not such a moment (a bare date is none). The message does not quote the text, which may be anything.
    """
    if _MOMENT.fullmatch(text) is None:
        raise ValueError("not an RFC 3339 moment such as 2026-03-12T08:00:00+07:00")
    try:
        read = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise ValueError("no such day, time or offset exists") from error
    if read.tzinfo is not None:
        moment = (read - _EPOCH_UTC) // _MICROSECOND
    elif needs_offset:
        raise ValueError("has no offset; add one, such as +07:00 or Z")
    else:
        moment = zone.from_local(read)
    if moment < _FIRST:
        raise ValueError("lies before the year 1")
    return moment if moment <= zone.last else zone.last  # noqa: FURB136 - half the time of min(), for every moment


def is_bare_date(text: str) -> bool:
    """Whether a text is a date without a time, such as ``2026-03-12``."""
    return _DATE.fullmatch(text) is not None


def canonical(moment: int) -> str:
    """The one way in which moments are written on topics: UTC, always six digits, ``Z``."""
    day, rest = divmod(moment, DAY)
    second, micros = divmod(rest, SECOND)
    return f"{format_day(day)}T{_clock(second)}.{micros:06}Z"


@lru_cache(maxsize=86_400)
def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def from_canonical(text: str) -> int:
    """Read what `canonical` wrote, or any other RFC 3339 moment with an offset, fast.

    Raises:
        ValueError: not a moment, or one without an offset.
    """
    try:
        return (datetime.fromisoformat(text) - _EPOCH_UTC) // _MICROSECOND
    except (TypeError, OverflowError) as error:
        raise ValueError("not a moment with an offset") from error


def parse_day(text: str) -> int:
    """The day number of ``2026-03-12``.

    Raises:
        ValueError: not a date.
    """
    if not is_bare_date(text):
        raise ValueError(f"{text[:40]!r} is not a day such as 2026-03-12")
    return date.fromisoformat(text).toordinal() - _EPOCH_ORDINAL


@lru_cache(maxsize=8_192)
def format_day(day: int) -> str:
    """``2026-03-12`` of a day number."""
    return date.fromordinal(day + _EPOCH_ORDINAL).isoformat()
