"""The life of a dossier as it is known at a moment: receipt, end, due moment, waiting (CONTRACT, section 2).

A fact whose own moment lies after now has not happened yet; every moment that is still ahead is noted, for that is when the
picture changes next.
"""

from typing import Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from services.scorer.domain.facts import Declined, Facts, Happened, Processed, Rated, Received, Returned, Version
from services.scorer.domain.log import LogSays, read_log
from services.scorer.domain.petitioned import concerning
from services.scorer.domain.setting import Setting
from services.scorer.domain.soon import soon_spans
from services.scorer.domain.spans import FOREVER, Span, clock, first_after, overlap, united, without
from services.scorer.domain.statutory import statutory_due


class Now:
    """The moment that is asked about, and the least moment ahead of it that was met on the way."""

    __slots__ = ("moment", "next")

    def __init__(self, moment: int) -> None:
        self.moment = moment
        self.next = FOREVER

    def reached(self, moment: int) -> bool:
        """Whether `moment` is not ahead of now; if it is ahead, remember it."""
        if moment <= self.moment:
            return True
        self.next = min(self.next, moment)
        return False


class Wait(Struct):
    """One wait for a supplement, not yet cut to the dossier's life.

    ``late`` in the sense of Decision 766, indicator 2.1. ``counted``: a request of its own; a wait of the log that overlaps a typed
    one is not.
    """

    asked: int
    until: int
    stops_clock: bool
    by_fault_of_agency: bool = True
    late: bool = False
    counted: bool = True


class End(Struct):
    """How a dossier ended: the real moment, by what, and with which outcome."""

    at: int
    by: str
    outcome: str = ""


class Life(Struct, kw_only=True):
    """A dossier that counts. Moments in microseconds.

    ``end`` is booked not before the receipt (`FOREVER`: open); ``ended.at`` is the real moment. ``waiting`` and ``stops`` are united
    and lie within the life. ``clock_at_end``: the real end less the time that the clock stood still; ``late``: that is past the due moment.
    ``overdue_from``: since when the clock is past the due moment (`FOREVER`: it is not). ``in_time_until``: the last moment at which an
    end is still in time if nothing else happens, of a dossier that is open, does not wait and is not overdue (`FOREVER`: of others).
    ``soon``: when it was, is or will be due soon, if nothing else happens; ``soon_from``: since when, of one that is so now.
    """

    received: Received
    start: int
    due: int | None
    ended: End | None
    end: int
    waits: list[Wait]
    returned: int | None
    result_file: bool
    result_coded: bool
    result_stored: bool
    waiting: list[Span] = []
    stops: list[Span] = []
    clock_at_end: int = FOREVER
    late: bool = False
    overdue_from: int = FOREVER
    in_time_until: int = FOREVER
    soon: list[Span] = []
    soon_from: int = FOREVER
    requests_of_agency: int = 0

    def cut(self, wait: Wait) -> Span:
        """A wait, as far as it lies within the dossier's life."""
        return max(wait.asked, self.start), min(wait.until, self.end)


_NO_LOG: Final = LogSays([])

Taken = TypeVar("Taken", Processed, Returned, Declined, Happened)
"""Facts that a reopening can take back."""


def log_of(facts: Facts, now: Now) -> LogSays:
    """What those lines of the log say that have happened."""
    if not facts.log:
        return _NO_LOG
    return read_log([line for line in facts.log.values() if now.reached(line.at)])


def come_true(facts: Facts, now: Now) -> Facts:
    """The facts without a submission, receipt or refusal that lies ahead or was taken back: it is as if it were not there.

    So a receipt that lies ahead does not yet stand against a refusal or lend it its procedure, and a refusal that was taken back hides
    none of the log.
    """
    submitted, received = facts.submitted, facts.received
    if submitted is not None and not now.reached(submitted.at):
        submitted = None
    if received is not None and not now.reached(received.at):
        received = None
    declined = _standing(facts.declined, facts, now)
    if submitted is facts.submitted and received is facts.received and declined is facts.declined:
        return facts
    return replace(facts, submitted=submitted, received=received, declined=declined)


def refused_at_intake(facts: Facts, log: LogSays) -> int | None:
    """The moment at which the dossier was declined, if that stands against its receipt; None if it does not.

    `facts` are those that came true.
    """
    declined, received = facts.declined, facts.received
    if declined is not None:
        at, time = declined.at, declined.time
    elif log.declined is not None:
        at, time = log.declined
    else:
        return None
    return at if received is None or time >= received.time else None


def is_voided(facts: Facts) -> bool:
    """Whether the dossier was entered by mistake and no later receipt has revived it."""
    voided, received = facts.voided, facts.received
    return voided is not None and (received is None or voided.time >= received.time)


def withdrawal(facts: Facts, log: LogSays, now: Now) -> int | None:
    """The moment at which the citizen took the dossier back."""
    fact = _standing(facts.withdrawn, facts, now)
    return log.withdrawn if fact is None else fact.at


def life_of(facts: Facts, log: LogSays, now: Now, setting: Setting) -> Life | None:
    """The life of an accepted dossier; None if it is not received by now.

    The caller has seen to it that it is neither declined nor voided; `facts` are those that came true.
    """
    received = facts.received
    if received is None:
        return None
    processed, handed = _standing(facts.processed, facts, now), _standing(facts.returned, facts, now)
    returned = handed.at if handed is not None else log.returned
    ended = _end(facts, log, processed, returned, now)
    life = Life(
        received=received,
        start=received.at,
        due=_due(facts, setting),
        ended=ended,
        end=FOREVER if ended is None else max(ended.at, received.at),
        waits=_waits(facts, log, now),
        returned=returned,
        result_file=(processed is not None and processed.result_file) or (handed is not None and handed.result_file),
        result_coded=(processed is not None and processed.result_coded) or (handed is not None and handed.result_coded),
        result_stored=processed is not None and processed.result_stored,
    )
    if life.waits:
        life.waiting = united([life.cut(wait) for wait in life.waits])
        life.stops = united([life.cut(wait) for wait in life.waits if wait.stops_clock])
        life.requests_of_agency = _requests_of_agency(life.waits)
    if ended is not None:
        life.clock_at_end = clock(ended.at, life.stops)
        life.late = life.due is not None and life.clock_at_end > life.due
    if life.due is not None:
        _watch_due(life, life.due, now)
        _watch_soon(life, life.due, now, setting)
        for wait in life.waits:
            wait.late = wait.late or clock(wait.asked, life.stops) > life.due
    return life


def _standing(fact: Taken | None, facts: Facts, now: Now) -> Taken | None:
    """A fact that has happened and that no reopening, younger by (`time`, `id`), took back; else None."""
    if fact is None:
        return None
    reopened = facts.reopened
    if reopened is not None and (fact.time, fact.id) < (reopened.time, reopened.id) and now.reached(reopened.at):
        return None
    return fact if now.reached(fact.at) else None


def _end(facts: Facts, log: LogSays, processed: Processed | None, returned: int | None, now: Now) -> End | None:
    """The moment of `processed`; without one, of `returned`; without either, of `withdrawn`."""
    if processed is not None:
        return End(processed.at, "processed", processed.outcome)
    if log.processed is not None:
        return End(log.processed[0], "processed", log.processed[1])
    if returned is not None:
        return End(returned, "returned")
    withdrawn = withdrawal(facts, log, now)
    return None if withdrawn is None else End(withdrawn, "withdrawn")


def _due(facts: Facts, setting: Setting, *, rescheduled: bool = True) -> int | None:
    """The due moment of the event that has one and the greatest version; where none has one, what the law gives."""
    received = facts.received
    best: Version | None = None
    due: int | None = None
    if received is not None and received.due is not None:
        best, due = received.version, received.due
    for fact in (facts.supplemented or {}).values():
        if fact.due is not None and (best is None or fact.version > best):
            best, due = fact.version, fact.due
    moved = facts.rescheduled
    if rescheduled and moved is not None and (best is None or moved.version > best):
        due = moved.due
    if due is None and received is not None:
        return statutory_due(received, setting)
    return due


def due_without_rescheduling(facts: Facts, setting: Setting) -> int | None:
    """The due moment that the dossier would have if it had not been rescheduled."""
    return _due(facts, setting, rescheduled=False)


def _waits(facts: Facts, log: LogSays, now: Now) -> list[Wait]:
    """All waits that have begun, in the order in which they were asked for; from the second request on they are late (766, 2.1)."""
    if not facts.requested and not log.waits:
        return []
    waits = _typed_waits(facts, now)
    typed = [(wait.asked, wait.until) for wait in waits]
    for span in log.waits:
        counted = not any(overlap(span, other) for other in typed)
        waits.append(Wait(*span, stops_clock=True, counted=counted))
    waits.sort(key=lambda wait: wait.asked)
    for wait in [wait for wait in waits if wait.counted][1:]:
        wait.late = True
    return waits


def _typed_waits(facts: Facts, now: Now) -> list[Wait]:
    """One wait a request; one that was answered at once takes no time, but was asked for."""
    found = []
    for item, request in sorted((facts.requested or {}).items()):
        if not now.reached(request.at):
            continue
        answer = (facts.supplemented or {}).get(item)
        until = FOREVER if answer is None else max(answer.at, request.at)
        if answer is not None:
            now.reached(answer.at)
        stops = answer is None or answer.due is None
        found.append(Wait(request.at, until, stops, by_fault_of_agency=request.by_fault_of_agency))
    return found


def _requests_of_agency(waits: list[Wait]) -> int:
    """How often the applicant had to come back through the agency's fault (TT 01/2018, indicator 3)."""
    return sum(wait.counted and wait.by_fault_of_agency for wait in waits)


def _watch_due(life: Life, due: int, now: Now) -> None:
    """Set since when the clock is past the due moment, or until when it will not be. Neither holds where it ended in time.

    `overdue_from` is the first microsecond, not before the receipt, at which the clock is past it.
    """
    if life.ended is not None and not life.late:
        return
    first = max(first_after(due, life.stops), life.start)
    if first == FOREVER:
        return
    if now.reached(first):
        life.overdue_from = first
    elif not life.waiting or life.waiting[-1][1] <= now.moment:  # all waits have begun, so only the last can go on
        life.in_time_until = first - 1  # it is open: what ended late was past its due moment by then


def _watch_soon(life: Life, due: int, now: Now, setting: Setting) -> None:
    """Set when it is due soon. Ahead of now that matters only where it does not wait: a wait that ends moves it, by a change of its own."""
    calendar = setting.calendar_of(life.received.unit)
    for span in soon_spans(due, (life.start, life.end), life.stops, calendar, setting.soon_seconds):
        parts = without(span, life.waiting)
        life.soon += parts
        for start, end in parts:
            if now.reached(start) and now.moment < end:
                life.soon_from = parts[0][0]


def rating(facts: Facts, now: Now) -> Rated | None:
    """The rating that has happened, with stars."""
    return facts.rated if facts.rated is not None and now.reached(facts.rated.at) else None


def slip(facts: Facts, now: Now) -> Rated | None:
    """The rating or lone slip whose answers hold: of those with a slip the one with the greater version."""
    if facts.slip is None and (facts.rated is None or not facts.rated.slip):
        return None
    slips = [f for f in (facts.rated, facts.slip) if f is not None and f.slip and now.reached(f.at)]
    return max(slips, key=lambda fact: fact.version, default=None)


def unhappy_from(facts: Facts, now: Now) -> int | None:
    """Since when the applicant is dissatisfied, or a petition concerns the dossier (766, indicator 5.4)."""
    rated = rating(facts, now)
    since = rated.at if rated is not None and (rated.stars or 5) <= 2 else None
    if facts.petitions or facts.findings:
        moments = [petition.at for petition in concerning(facts, now.reached)]
        since = min(moments if since is None else [since, *moments], default=None)
    return since
