"""What a petition adds: counts by unit, day, class and measure (`events_and_measures.md`, sections 2.2, 5.3 and 6; 766, group 5).

Deadlines are working days from the day of the start and end with their last microsecond: decline or pass on 2, first supplement request
5, answer 15; publish 2 after the answer.
"""

from typing import Final

from msgspec import Struct

from schemas.measures import BY_NAME
from services.scorer.domain.book import Book, Cells
from services.scorer.domain.contributions import Booking
from services.scorer.domain.facts import Fact, Happened
from services.scorer.domain.life import Now
from services.scorer.domain.petitions import Known, Rated, Received, heard
from services.scorer.domain.setting import Setting
from services.scorer.domain.spans import FOREVER

DECLINE_DAYS: Final = 2
REQUEST_DAYS: Final = 5
ANSWER_DAYS: Final = 15
PUBLISH_DAYS: Final = 2

_RECEIVED: Final = BY_NAME["petition_received"].number
_CLOSED: Final = BY_NAME["petition_closed"].number
_CLOSED_ON_TIME: Final = BY_NAME["petition_closed_on_time"].number
_CLOSED_SATISFIED: Final = BY_NAME["petition_closed_satisfied"].number
_OPEN: Final = BY_NAME["petition_open"].number
_OPEN_OVERDUE: Final = BY_NAME["petition_open_overdue"].number
_OPEN_SATISFIED: Final = BY_NAME["petition_open_satisfied"].number
_ACCEPTED: Final = BY_NAME["petition_accepted"].number
_ACCEPTED_UNSATISFIED: Final = BY_NAME["petition_accepted_unsatisfied"].number


class Closing(Struct):
    """How a unit's part was closed: the real moment, and whether the step that closed it was late."""

    at: int
    late: bool


class Part:
    """One unit's part of a petition as it is known at a moment.

    Args:
        petition: all that was said.
        unit: whose part.
        now: as of when; what lies ahead is noted there.
        setting: who may speak for the unit; working days.
    """

    def __init__(self, petition: Known, unit: str, now: Now, setting: Setting) -> None:
        self._petition = petition
        self._unit = unit
        self._now = now
        self._setting = setting
        self._line = setting.tree.line(unit) | {unit}

    def received(self) -> Received | None:
        """That it came, if it has come and was not entered by mistake."""
        received, voided = self._fact("received"), self._fact("voided")
        if not isinstance(received, Received) or not self._now.reached(received.start):
            return None
        return None if voided is not None and voided.time >= received.time else received

    def accepted(self) -> int | None:
        """The first acceptance."""
        return self._moment("accepted")

    def closing(self, start: int) -> Closing | None:
        """The first of: declined, answered, asked for more with nothing after it; None while it is open."""
        declined, answered = self._moment("declined"), self._moment("answered")
        ways: list[tuple[int, bool]] = []
        if declined is not None:
            ways.append((declined, declined > self.deadline(start, DECLINE_DAYS)))
        if answered is not None:
            late = answered > self.deadline(start, ANSWER_DAYS)
            ways.append((answered, late or self._unpublished(answered)))
        asked, told = self._moment("requested"), self._moment("supplemented")
        if not ways and asked is not None and (told is None or told <= asked):
            ways.append((asked, asked > self.deadline(start, REQUEST_DAYS)))
        return Closing(*min(ways)) if ways else None

    def liked(self) -> bool:
        """Whether readers like the answer as much as they dislike it, and nobody asks again."""
        rated = self._fact("rated")
        if isinstance(rated, Rated) and self._now.reached(rated.time) and rated.dislikes > rated.likes:
            return False
        later = {by for facts in self._petition.values() for by in facts.repeated or {}}
        repeats = [heard(self._petition, "repeated", by, self._line) for by in later]
        return not any(repeated is not None and self._now.reached(repeated.time) for repeated in repeats)

    def deadline(self, since: int, days: int) -> int:
        """The last microsecond of the n-th working day after the day of a moment."""
        zone, calendar = self._setting.zone, self._setting.calendar
        return zone.end_of_day(calendar.nth_working_day_after(zone.day(since), days))

    def _unpublished(self, answered: int) -> bool:
        """Whether the answer was not public when its days were over."""
        published, deadline = self._moment("published"), self.deadline(answered, PUBLISH_DAYS)
        if published is not None and published <= deadline:
            return False
        return self._now.reached(deadline + 1)

    def _fact(self, field: str) -> Fact | None:
        return heard(self._petition, field, self._unit, self._line)

    def _moment(self, field: str) -> int | None:
        fact = self._fact(field)
        return fact.at if isinstance(fact, Happened) and self._now.reached(fact.at) else None


def book(subject: str, petition: Known, now: int, setting: Setting) -> Booking:  # noqa: ARG001  a family's book
    """The contributions of a petition as of `now`, microseconds, and until when they stay so."""
    at = Now(now)
    cells: Cells = {}
    for unit in sorted({unit for facts in petition.values() for unit in facts.received or {}}):
        _book_part(Part(petition, unit, at, setting), unit, at, setting, cells)
    return Booking(cells, at.next, None)


def _book_part(part: Part, unit: str, now: Now, setting: Setting, cells: Cells) -> None:
    received = part.received()
    if received is None:
        return
    start, liked = received.start, part.liked()
    closing = part.closing(start)
    # What happened before it came counts when it came.
    end = FOREVER if closing is None else max(closing.at, start)
    overdue_from = part.deadline(start, ANSWER_DAYS) + 1
    overdue = overdue_from < end and now.reached(overdue_from)
    book = Book(setting.zone, now.moment, unit, received.petition_class, cells)
    book.add(_RECEIVED, start)
    book.stock(_OPEN, [(start, end)])
    if overdue:
        book.stock(_OPEN_OVERDUE, [(overdue_from, end)])
    if liked and start < end:
        book.stock(_OPEN_SATISFIED, [(start, overdue_from if overdue else end)])
    if closing is not None:
        book.add(_CLOSED, end)
        if not closing.late:
            book.add(_CLOSED_ON_TIME, end)
            if liked:
                book.add(_CLOSED_SATISFIED, end)
    accepted = part.accepted()
    if accepted is not None:
        book.add(_ACCEPTED, max(accepted, start))
        late = overdue if closing is None else closing.late
        if late or not liked:
            book.add(_ACCEPTED_UNSATISFIED, max(accepted, start))
