"""One listener: it holds the latest event that it has not been sent yet, never more."""

import asyncio
from typing import NamedTuple

__all__ = ["Event", "Listener"]


class Event(NamedTuple):
    """What is told: ``tag`` names the shown numbers, ``frame`` is the event as it goes over the wire."""

    tag: str
    frame: bytes


class Listener:
    """Somebody who is told of one topic.

    Args:
        known: the tag of what it has seen already.
    """

    def __init__(self, known: str = "") -> None:
        self._known = known
        self._latest: Event | None = None
        self._wake = asyncio.Event()
        self.ended = False
        """Whether nothing more will come."""

    def offer(self, event: Event) -> None:
        """Tell it, unless it knows; what it has not taken yet is replaced."""
        self._latest = event
        self._wake.set()

    def end(self) -> None:
        """Nothing more will come."""
        self.ended = True
        self._wake.set()

    async def take(self, seconds: float) -> Event | None:
        """The latest event that it does not know; None when none came for so long, or it has ended."""
        try:
            async with asyncio.timeout(seconds):
                while not self.ended:
                    await self._wake.wait()
                    self._wake.clear()
                    event, self._latest = self._latest, None
                    if event is not None and event.tag != self._known:
                        self._known = event.tag
                        return event
        except TimeoutError:
            pass
        return None
