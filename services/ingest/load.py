"""Back-pressure: how many events this process works on at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.common.metrics import INGEST_IN_FLIGHT_EVENTS

__all__ = ["Load", "TooMuch"]


class TooMuch(Exception):
    """As many events are in flight as this process should hold; try again shortly."""


class Load:
    """Counts the events in flight. A request that comes when there are none is always taken."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.events = 0

    @contextmanager
    def hold(self, events: int) -> Iterator[None]:
        """Count a request's events for as long as it lasts.

        Raises:
            TooMuch: they do not fit beside those in flight.
        """
        if self.events and self.events + events > self._limit:
            raise TooMuch
        self._add(events)
        try:
            yield
        finally:
            self._add(-events)

    def _add(self, events: int) -> None:
        self.events += events
        INGEST_IN_FLIGHT_EVENTS.set(self.events)
