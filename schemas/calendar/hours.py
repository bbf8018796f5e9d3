"""Working hours ("giờ làm việc") of a working day: blocks such as 07:00-11:30 and 13:30-17:00."""

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise
from typing import Final

from schemas.moments import DAY, MINUTE

__all__ = ["DEFAULT_HOURS", "WorkingHours", "hours_of_units"]

_BLOCK: Final = re.compile(r"\s*(\d\d):([0-5]\d)\s*-\s*(\d\d):([0-5]\d)\s*", re.ASCII)


class WorkingHours:
    """Blocks of working time, in order. A block is half open: at its end nobody works any more.

    Times are microseconds since midnight by the clock on the wall; what is worked are microseconds of working time since midnight.

    Args:
        text: ``HH:MM-HH:MM``, several with commas between, such as ``07:00-11:30,13:30-17:00``. ``24:00`` is the end of the day.

    Raises:
        ValueError: not such a text; a block that ends before it begins; blocks out of order or overlapping.
    """

    __slots__ = ("_before", "_starts", "blocks", "text", "total")

    def __init__(self, text: str) -> None:
        blocks = [_block(part) for part in text.split(",")]
        for (_, end), (start, _) in pairwise(blocks):
            if start < end:
                raise ValueError(
                    f"{text!r}: {_clock(start)} lies before the end of the block before; blocks stand in order, apart"
                )
        self.blocks = tuple(blocks)
        """Start and end of each."""
        self._starts = tuple(start for start, _ in blocks)
        self._before = tuple(accumulate((end - start for start, end in blocks), initial=0))
        self.total = self._before[-1]
        """Working time of a whole day."""
        self.text = ",".join(f"{_clock(start)}-{_clock(end)}" for start, end in blocks)
        """The hours, written in the one way that they are compared by."""

    def __repr__(self) -> str:
        return f"WorkingHours({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WorkingHours) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[type["WorkingHours"], tuple[str]]:
        return WorkingHours, (self.text,)

    def earliest(self, worked: int) -> int:
        """The first time by which so much was worked, 0 < `worked` <= `total`: the end of a block, not the start of the next."""
        block = bisect_left(self._before, worked) - 1
        return self._starts[block] + worked - self._before[block]

    def latest(self, worked: int) -> int:
        """The last time by which no more was worked, 0 <= `worked` < `total`: the start of a block, not the end of the one before."""
        block = bisect_right(self._before, worked) - 1
        return self._starts[block] + worked - self._before[block]

    def hold(self, time: int) -> bool:
        """Whether a time lies in a block."""
        return any(start <= time < end for start, end in self.blocks)


def hours_of_units(text: str) -> dict[str, WorkingHours]:
    """Hours by unit code, from ``H01.187=07:30-11:30,13:00-17:00; H29=08:00-12:00,13:00-17:00``; an empty text names none.

    Raises:
        ValueError: a part without ``=``, a unit named twice, or what are no hours.
    """
    found: dict[str, WorkingHours] = {}
    for part in filter(str.strip, text.split(";")):
        unit, is_there, hours = (word.strip() for word in part.partition("="))
        if not unit or not is_there:
            raise ValueError(f"{part.strip()!r} is not a unit with its hours, such as H01.187=07:30-11:30,13:00-17:00")
        if unit in found:
            raise ValueError(f"{unit} has its hours twice")
        found[unit] = WorkingHours(hours)
    return found


def _block(text: str) -> tuple[int, int]:
    found = _BLOCK.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a block of working hours such as 07:00-11:30")
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    start, end = (from_hour * 60 + from_minute) * MINUTE, (to_hour * 60 + to_minute) * MINUTE
    if end > DAY:
        raise ValueError(f"{text!r} ends after 24:00")
    if start >= end:
        raise ValueError(f"{text!r} ends before it begins")
    return start, end


def _clock(time: int) -> str:
    minutes = time // MINUTE
    return f"{minutes // 60:02}:{minutes % 60:02}"


DEFAULT_HOURS: Final = WorkingHours("07:00-11:30,13:30-17:00")
"""The hours of most offices: eight a day."""
