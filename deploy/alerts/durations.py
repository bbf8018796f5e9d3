"""Lengths of time, in seconds, as Prometheus writes them (`1h`, `90s`, `500ms`) and as people do."""

import re
from typing import Final

__all__ = ["english", "prometheus", "seconds", "vietnamese"]

_MILLISECONDS: Final = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
"""Length of each unit, the longest first."""
_PART: Final = re.compile(r"(\d+)(ms|[dhms])")
_ENGLISH: Final = {"d": "day", "h": "hour", "m": "minute", "s": "second", "ms": "millisecond"}
_VIETNAMESE: Final = {"d": "ngày", "h": "giờ", "m": "phút", "s": "giây", "ms": "mili giây"}


def seconds(text: str) -> float:
    """The seconds of `1h`, `1h30m`, `500ms`.

    Raises:
        ValueError: it is no length of time.
    """
    if re.fullmatch(rf"({_PART.pattern})+", text) is None:
        raise ValueError(f"{text!r} is no length of time, such as 90s, 15m, 1h, 12d")
    return sum(int(number) * _MILLISECONDS[unit] for number, unit in _PART.findall(text)) / 1000


def prometheus(length: float) -> str:
    """Of so many seconds, to the millisecond: in the longest unit in which it is a whole number."""
    number, unit = _whole(length)
    return f"{number}{unit}"


def english(length: float) -> str:
    """`1 hour`, `15 minutes`."""
    number, unit = _whole(length)
    return f"{number} {_ENGLISH[unit]}{'' if number == 1 else 's'}"


def vietnamese(length: float) -> str:
    """`1 giờ`, `15 phút`."""
    number, unit = _whole(length)
    return f"{number} {_VIETNAMESE[unit]}"


def _whole(length: float) -> tuple[int, str]:
    """Number and unit; a length of less than half a millisecond is one."""
    milliseconds = max(round(length * 1000), 1)
    unit = next(unit for unit, one in _MILLISECONDS.items() if milliseconds % one == 0)
    return milliseconds // _MILLISECONDS[unit], unit
