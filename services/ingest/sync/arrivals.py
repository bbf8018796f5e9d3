"""Numbers that rise with arrival: of two payloads about a dossier the later one shall hold, though `time` may stand still (`NHIP_NOW`)."""

import secrets
import time
from collections.abc import Callable

__all__ = ["Arrivals"]


class Arrivals:
    """Gives ids that rise, within a process and across its restarts; with several processes as well as their machines' clocks agree.

    An id is the wall clock in nanoseconds, also where `NHIP_NOW` fixes the service clock: it orders what has arrived and is no moment of
    anything. Within a process it rises even if the wall clock is set back. A part of the process' own keeps two processes apart.
    """

    def __init__(self, clock: Callable[[], int] = time.time_ns) -> None:
        """`clock`: nanoseconds since 1970."""
        self._clock = clock
        self._last = 0
        self._process = secrets.token_hex(4)

    def take(self, records: int) -> list[str]:
        """The ids of so many records of one payload, rising with their place in it."""
        first = max(self._clock(), self._last + 1)
        self._last = first + records - 1
        return [f"{number:020}-{self._process}" for number in range(first, self._last + 1)]
