"""The clock, as an argument: services take one and hand its reading to `domain`, which never reads a clock itself."""

import time
from dataclasses import dataclass
from typing import Protocol

from services.common.settings import CommonSettings

__all__ = ["Clock", "FixedClock", "SystemClock", "clock_of"]


class Clock(Protocol):
    """Something that knows what time it is."""

    def now_us(self) -> int:
        """Now, in microseconds since 1970-01-01T00:00:00Z."""
        ...


@dataclass(frozen=True)
class SystemClock:
    """The wall clock of the machine."""

    def now_us(self) -> int:
        """Now, in microseconds since 1970-01-01T00:00:00Z."""
        return time.time_ns() // 1000


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still (NHIP_NOW), for backtests, replays and tests."""

    moment: int

    def now_us(self) -> int:
        """The fixed moment, in microseconds since 1970-01-01T00:00:00Z."""
        return self.moment


def clock_of(settings: CommonSettings) -> Clock:
    """The clock that the settings ask for."""
    fixed = settings.now_us
    return SystemClock() if fixed is None else FixedClock(fixed)
