"""A subject's way through time: booked at every moment at which something changes, so that nothing that passes goes unnoticed.

So what is told of it depends neither on how often the clock is looked at nor on what is folded together, but on when it was heard.
"""

from collections.abc import Callable
from typing import Final

from schemas.moments import MINUTE
from schemas.notices import LATE
from services.scorer.agents.families import Known
from services.scorer.domain.contributions import Booking
from services.scorer.domain.setting import Setting
from services.scorer.domain.standing import Standing

__all__ = ["DELIVERY", "Walk"]

DELIVERY: Final = 15 * MINUTE
"""How long a system may take to send what has happened, microseconds: of what is older by then when it comes to Kafka, a lateness is
history and no news. Systems push at once or every few minutes; a replay, or a system that sends by night, must ring no alarm."""


class Walk:
    """One subject, from what it has put into the cube up to now.

    Args:
        subject: its code.
        book: of its family.
        setting: by what it is booked.
        start: what it has put in.
    """

    __slots__ = ("_at", "_book", "_passed", "_setting", "_subject", "booking", "start")

    def __init__(
        self, subject: str, book: Callable[[str, Known, int, Setting], Booking], setting: Setting, start: Booking
    ) -> None:
        self.start = start
        self.booking = start
        """As of the last moment of the way."""
        self._subject = subject
        self._book = book
        self._setting = setting
        self._passed: list[Standing] = []
        # When it was booked is not remembered. It was not before what it stands at: it must not pass that a second time.
        self._at = 0 if start.standing is None else start.standing.since

    def pass_to(self, known: Known, now: int) -> None:
        """Let time pass by what is known of it."""
        while self.booking.next_change <= now:
            self._go(known, self.booking.next_change)

    def learn(self, known: Known, at: int) -> None:
        """Go on with what is known since it was heard of `at` a moment; time has passed up to then."""
        self._go(known, max(at, self._at))

    def news(self) -> list[Standing]:
        """What is to be told: each lateness that passed, and that it is due soon, as long as it is."""
        if not self._passed:
            return []
        now = self.booking.standing
        return [each for each in self._passed if each.kind == LATE or (now is not None and each[:3] == now[:3])]

    def _go(self, known: Known, moment: int) -> None:
        before = self.booking.standing
        self.booking = self._book(self._subject, known, moment, self._setting)
        self._at = moment
        standing = self.booking.standing
        if standing is None or standing.since < moment - DELIVERY:
            return
        if before is None or before.kind != standing.kind:
            self._passed.append(standing)
