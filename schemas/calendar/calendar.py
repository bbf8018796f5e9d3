"""Working time of offices ("thời gian làm việc"): `events_and_measures.md`, section 6, readings 1 and 9."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from schemas.calendar.days import WorkingDays
from schemas.calendar.hours import WorkingHours
from schemas.moments import DAY, SECOND, Zone, parse_day

__all__ = ["WORKING_DAY", "WorkingCalendar"]

WORKING_DAY: Final = 8 * 3600
"""A working day ("ngày làm việc") as a length of time, in working seconds, however long the offices are open."""

_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  the clock on the wall
_FIRST_WALL: Final = parse_day("0001-01-01") * DAY
_LAST_WALL: Final = parse_day("9999-12-31") * DAY + DAY - 1

_Block = tuple[int, int, int]
"""Start and end of a block of working hours, moments; microseconds worked before it."""


class WorkingCalendar:
    """Which time is working time, and what comes of adding it. Immutable; all answers take O(log n) of the days kept.

    Moments are microseconds since 1970 in UTC, days are days since 1970 in `zone`. Time is read off the clock on the wall; nothing
    is said about zones that change their offset within working hours.

    A *working instant* lies in a block of working hours, its start included, its end not.

    Args:
        hours: of every working day.
        days_off: days on which nobody works, besides Saturdays and Sundays.
        working_saturdays: Saturdays (or Sundays) worked for a swapped day off ("hoán đổi ngày làm việc").
        zone: whose days and hours these are.
    """

    __slots__ = ("_days", "_seen", "fingerprint", "hours", "zone")

    def __init__(
        self, hours: WorkingHours, days_off: Iterable[int], working_saturdays: Iterable[int], zone: Zone
    ) -> None:
        self.hours = hours
        self.zone = zone
        self._days = WorkingDays(days_off, working_saturdays)
        self._seen: dict[int, tuple[int, tuple[_Block, ...]]] = {}
        said = f"{hours.text} {sorted(self._days.off)} {sorted(self._days.working)} {zone.name}"
        self.fingerprint = hashlib.sha256(said.encode()).hexdigest()[:12]
        """Equal for calendars that agree on every instant; what was derived by another calendar is to be derived anew."""

    def __repr__(self) -> str:
        return f"WorkingCalendar({self.hours.text!r}, {self.zone.name!r}, {self.fingerprint})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WorkingCalendar) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __reduce__(self) -> tuple[type["WorkingCalendar"], tuple[WorkingHours, frozenset[int], frozenset[int], Zone]]:
        return WorkingCalendar, (self.hours, self._days.off, self._days.working, self.zone)

    # days

    def is_working_day(self, day: int) -> bool:
        """Whether offices are open on a day."""
        return self._days.holds(day)

    def next_working_day(self, day: int) -> int:
        """The day itself if it is a working day, else the first one after it."""
        return self._days.numbered(self._days.before(day))

    def nth_working_day_after(self, day: int, n: int) -> int:
        """The n-th working day after a day (n >= 1), whether or not that is one itself (reading 1)."""
        return self._days.numbered(self._days.before(day + 1) + n - 1)

    def nth_working_day_before(self, day: int, n: int) -> int:
        """The n-th working day before a day (n >= 1), whether or not that is one itself."""
        return self._days.numbered(self._days.before(day) - n)

    # instants

    def next_working(self, moment: int) -> int:
        """The moment itself if it is a working instant, else the first one after it."""
        return moment if self._is_working(moment) else self._latest(self.worked(moment))

    def add(self, moment: int, working_seconds: float) -> int:
        """The first moment by which so much has been worked since `moment`; with 0 seconds the next working instant.

        So a time that runs out with a block of working hours ends with that block (reading 9).

        Args:
            moment: whenever; what lies outside working hours does not count.
            working_seconds: not negative; read to the microsecond.

        Returns:
            A moment, at most `zone.last`.
        """
        micros = round(working_seconds * SECOND)
        return self._earliest(self.worked(moment) + micros) if micros else self.next_working(moment)

    def subtract(self, moment: int, working_seconds: float) -> int:
        """The last moment from which so much is worked until `moment`: what `add` was given, if that was a working instant.

        With 0 seconds the moment itself if it is a working instant, else the end of the block before.

        Args:
            moment: whenever.
            working_seconds: not negative; read to the microsecond.
        """
        micros = round(working_seconds * SECOND)
        if micros:
            return self._latest(self.worked(moment) - micros)
        return moment if self._is_working(moment) else self._earliest(self.worked(moment))

    def between(self, start: int, end: int) -> int:
        """Whole seconds of working time from one moment to another; negative if the second is earlier."""
        micros = self.worked(end) - self.worked(start)
        return micros // SECOND if micros >= 0 else -(-micros // SECOND)

    def worked(self, moment: int) -> int:
        """Microseconds of working time up to a moment, from some fixed moment on: differences of it are working time, exactly."""
        before, blocks = self._seen.get(moment // DAY) or self._see(moment // DAY)
        for start, end, worked in blocks:
            if moment >= start:
                return worked + (moment if moment < end else end) - start  # noqa: FURB136 - twice for every dossier that ended
        return before

    def wall(self, moment: int) -> tuple[int, int]:
        """What the calendar and the clock on the wall show: the day, and microseconds since its midnight."""
        return divmod(moment + self.zone.offset(moment), DAY)

    def at(self, day: int, time: int) -> int:
        """The moment of a day at which the clock shows `time`, microseconds since midnight; at most `zone.last`."""
        wall = max(day * DAY + time, _FIRST_WALL)
        if wall > _LAST_WALL:
            return self.zone.last
        return min(self.zone.from_local(_EPOCH + timedelta(microseconds=wall)), self.zone.last)

    def _is_working(self, moment: int) -> bool:
        day, time = self.wall(moment)
        return self._days.holds(day) and self.hours.hold(time)

    def _see(self, utc_day: int) -> tuple[int, tuple[_Block, ...]]:
        """What was worked before the blocks that a day in UTC may touch, and these, the last one first.

        Kept, for most questions are about few days: an answer then takes a look at two to four blocks.
        """
        first, last = self.zone.day(utc_day * DAY), self.zone.day(utc_day * DAY + DAY - 1)
        worked = before = self._days.before(first) * self.hours.total
        blocks: list[_Block] = []
        for day in filter(self._days.holds, range(first, last + 1)):
            for start, end in self.hours.blocks:
                blocks.append((self.at(day, start), self.at(day, end), worked))
                worked += end - start
        seen = self._seen[utc_day] = before, tuple(reversed(blocks))
        return seen

    def _earliest(self, worked: int) -> int:
        number, rest = divmod(worked - 1, self.hours.total)
        return self.at(self._days.numbered(number), self.hours.earliest(rest + 1))

    def _latest(self, worked: int) -> int:
        number, rest = divmod(worked, self.hours.total)
        return self.at(self._days.numbered(number), self.hours.latest(rest))
