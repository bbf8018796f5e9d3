"""What a dossier adds: counts by unit, day, procedure and measure (`events_and_measures.md`, section 5.2).

A pure function of the facts and of now, constant until `Booking.next_change`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from schemas.calendar import WorkingCalendar
from schemas.moments import SECOND
from services.scorer.domain import numbers as n
from services.scorer.domain.book import Book, Cells
from services.scorer.domain.facts import Dossier, Facts
from services.scorer.domain.life import (
    End,
    Life,
    Now,
    come_true,
    due_without_rescheduling,
    is_voided,
    life_of,
    log_of,
    rating,
    refused_at_intake,
    unhappy_from,
    withdrawal,
)
from services.scorer.domain.log import LogSays
from services.scorer.domain.owner import heard
from services.scorer.domain.setting import Setting
from services.scorer.domain.spans import FOREVER, Span, clock, length, united, without
from services.scorer.domain.standing import Standing, standing_of
from services.scorer.domain.tt01 import EARLIER, book_points, book_slips, book_steps, day_points

_ONLINE_PAYMENT: Final = frozenset({"national_portal", "local_gateway"})
_OUTCOMES: Final = {"refused": n.REFUSED, "stopped": n.STOPPED}


_NO_NOTES: Final[Mapping[tuple[str, str], bytes]] = MappingProxyType({})


class Booking(NamedTuple):
    """The contributions of a dossier, or another subject, as of a moment.

    ``next_change``: the first later moment at which they can change without an event (`FOREVER`: never).
    ``unit``: where the dossier lies (None: nowhere yet; of other subjects always). ``notes``: what is told beside the counts, by kind
    and name (`schemas.rows`); no other subject tells the same. ``standing``: how a dossier stands to its due moment.
    """

    cells: Cells
    next_change: int
    unit: str | None
    notes: Mapping[tuple[str, str], bytes] = _NO_NOTES
    standing: Standing | None = None


def contributions(subject: str, dossier: Dossier, now: int, setting: Setting) -> Cells:
    """What a dossier adds as of `now` (microseconds): (unit, day, procedure) -> number of the measure -> count."""
    return book(subject, dossier, now, setting).cells


def next_change(subject: str, dossier: Dossier, now: int, setting: Setting) -> int | None:
    """The first moment after `now` at which the contributions can change without an event; None: never."""
    moment = book(subject, dossier, now, setting).next_change
    return None if moment == FOREVER else moment


def book(subject: str, dossier: Dossier, now: int, setting: Setting) -> Booking:
    """The contributions of a dossier as of `now`, and until when they stay so."""
    at = Now(now)
    facts = come_true(heard(subject, dossier, setting.tree), at)
    log = log_of(facts, at)
    declined = refused_at_intake(facts, log)
    if is_voided(facts) or declined is not None:
        return _book_unaccepted(facts, log, declined, at, setting)
    life = life_of(facts, log, at, setting)
    if life is None:
        return _book_unaccepted(facts, log, None, at, setting)
    return _book_accepted(facts, log, life, at, setting)


def _book_unaccepted(facts: Facts, log: LogSays, declined: int | None, now: Now, setting: Setting) -> Booking:
    """A dossier that is only submitted, declined or voided: it adds to `declined` and `submitted_waiting` alone."""
    cells: Cells = {}
    where = facts.received or facts.submitted
    unit = where.unit if where is not None else facts.declined.unit if facts.declined is not None else None
    voided = facts.voided.time if facts.voided is not None and is_voided(facts) else None
    if declined is not None and voided is None and unit is not None:
        item = where.procedure if where is not None else ""
        Book(setting.zone, now.moment, unit, item, cells).add(n.DECLINED, declined)
    received = facts.received.at if facts.received is not None else None
    _book_queue(cells, facts, [received, declined, voided, withdrawal(facts, log, now)], now, setting)
    return Booking(cells, now.next, unit)


def _book_queue(cells: Cells, facts: Facts, ends: list[int | None], now: Now, setting: Setting) -> None:
    """The online queue: from the submission until somebody accepts or declines it, or it is withdrawn or voided."""
    submitted = facts.submitted
    if submitted is None or not now.reached(submitted.at):
        return
    end = min((moment for moment in ends if moment is not None and now.reached(moment)), default=FOREVER)
    if end > submitted.at:
        queue = Book(setting.zone, now.moment, submitted.unit, submitted.procedure, cells)
        queue.stock(n.SUBMITTED_WAITING, [(submitted.at, end)])


def _book_accepted(facts: Facts, log: LogSays, life: Life, now: Now, setting: Setting) -> Booking:
    """A dossier that counts."""
    cells: Cells = {}
    received = life.received
    accounts = Book(setting.zone, now.moment, received.unit, received.procedure, cells)
    unhappy = unhappy_from(facts, now)
    _book_receipt(accounts, facts, life, now, setting)
    if life.ended is not None:
        speed = (
            None if life.due is None else day_points(setting.zone.day(life.clock_at_end), setting.zone.day(life.due))
        )
        _book_end(accounts, life, life.ended, early=speed == EARLIER, unhappy=unhappy is not None)
        book_points(accounts, facts, life, now, speed)
    _book_stocks(accounts, life, unhappy)
    _book_overdue(accounts, facts, life, now, setting)
    if life.in_time_until != FOREVER:
        # "Never" is written as the last day that there is; waiting must not push it beyond.
        accounts.add(n.FALLS_DUE, min(life.in_time_until, setting.zone.last))
    _book_rating(accounts, facts, life, now)
    book_steps(accounts, facts, now, setting.zone)
    if facts.submitted is not None:
        _book_queue(cells, facts, [life.start, withdrawal(facts, log, now)], now, setting)
    return Booking(cells, now.next, received.unit, standing=standing_of(life))


def _book_receipt(accounts: Book, facts: Facts, life: Life, now: Now, setting: Setting) -> None:
    """What is booked on the day of the receipt, whenever it became known."""
    received, ended = life.received, life.ended
    cell = accounts.on(life.start)
    cell[n.RECEIVED] = 1
    online = received.channel == "online"
    if online:
        cell[n.RECEIVED_ONLINE] = 1
        if life.result_file and life.result_coded:
            cell[n.ONLINE_WITH_RESULT] = 1
    elif received.channel == "postal":
        cell[n.RECEIVED_POSTAL] = 1
    synced = facts.synced is not None and now.reached(facts.synced.at)
    if synced:
        cell[n.RECEIVED_SYNCED] = 1
    if received.reused_data:
        cell[n.RECEIVED_REUSED] = 1
    if received.from_personal_storage or life.result_stored:
        cell[n.RECEIVED_STORAGE] = 1
    if received.population_data:
        cell[n.RECEIVED_POPULATION] = 1
    if received.intake_unit is not None and received.intake_unit != received.unit:
        cell[n.RECEIVED_ELSEWHERE] = 1
    if received.fee == 0:
        cell[n.FEE_ZERO] = 1
    elif received.fee is not None and synced:
        cell[n.FEE_SYNCED] = 1
    if facts.paid and any(p.method in _ONLINE_PAYMENT and now.reached(p.at) for p in facts.paid.values()):
        cell[n.PAID_ONLINE] = 1
    if ended is not None and (ended.outcome == "completed" or ended.by == "returned"):
        cell[n.FINISHED] = 1
        cell[n.PROCESSING_SECONDS] = (life.end - life.start - length(life.waiting, life.end)) // SECOND
        cell[n.PROCESSING_WORK_SECONDS] = _worked(life, setting.calendar_of(received.unit)) // SECOND


def _worked(life: Life, calendar: WorkingCalendar) -> int:
    """Working time from the receipt to the end, without that in which it waited, microseconds."""
    total = calendar.worked(life.end) - calendar.worked(life.start)
    for start, end in life.waiting:
        total -= calendar.worked(end) - calendar.worked(start)
    return total


def _book_end(accounts: Book, life: Life, ended: End, *, early: bool, unhappy: bool) -> None:
    """What is booked on the day of the end; `early`: by the clock, that day lies before the due day."""
    received = life.received
    cell = accounts.on(life.end)
    cell[n.ENDED] = 1
    late = life.late
    if life.due is None:
        cell[n.ENDED_NO_DUE] = 1
    elif late:
        cell[n.ENDED_LATE] = 1
        if received.channel == "online":
            cell[n.ENDED_ONLINE_LATE] = 1
    else:
        cell[n.ENDED_ON_TIME] = 1
        if early:
            cell[n.ENDED_EARLY] = 1
    if life.result_file:
        cell[n.ENDED_WITH_RESULT] = 1
    if received.components_digitized:
        cell[n.ENDED_COMPONENTS] = 1
        if life.result_file:
            cell[n.ENDED_DIGITIZED] = 1
    if unhappy and not late:
        cell[n.ENDED_IN_TIME_UNHAPPY] = 1
    if ended.by == "withdrawn":
        cell[n.WITHDRAWN] = 1
    elif ended.outcome in _OUTCOMES:
        cell[_OUTCOMES[ended.outcome]] = 1


def _book_stocks(accounts: Book, life: Life, unhappy: int | None) -> None:
    """What is there at the end of a day."""
    whole = life.start, life.end
    accounts.stock(n.OPEN, [whole])
    if life.due is None:
        accounts.stock(n.OPEN_NO_DUE, [whole])
    waiting_late: list[Span] = []
    if life.waiting:
        accounts.stock(n.OPEN_WAITING, life.waiting)
        waiting_late = united([life.cut(wait) for wait in life.waits if wait.late])
        accounts.stock(n.OPEN_WAITING_LATE, waiting_late)
    overdue: list[Span] = []
    if life.overdue_from < life.end:
        overdue = without((life.overdue_from, life.end), life.waiting)
        accounts.stock(n.OPEN_OVERDUE, overdue)
        if life.received.channel == "online":
            accounts.stock(n.OPEN_ONLINE_OVERDUE, overdue)
    if life.soon:
        accounts.stock(n.DUE_SOON, life.soon)
    if unhappy is not None:
        bad = united(overdue + waiting_late)
        accounts.stock(n.OPEN_IN_TIME_UNHAPPY, without((max(unhappy, life.start), life.end), bad))
    ended = life.ended
    if ended is not None and ended.outcome == "completed":
        handed_over = FOREVER if life.returned is None else life.returned
        if handed_over > life.end:
            accounts.stock(n.TO_RETURN, [(life.end, handed_over)])
    if life.returned is not None:
        accounts.add(n.RETURNED, max(life.returned, life.start))


def _book_overdue(accounts: Book, facts: Facts, life: Life, now: Now, setting: Setting) -> None:
    """What happens once: the clock passes the due moment; a new one is set."""
    moved = facts.rescheduled
    if life.overdue_from != FOREVER:
        accounts.add(n.BECAME_OVERDUE, life.overdue_from)
        apologised = facts.late is not None and facts.late.apology and now.reached(facts.late.at)
        notified = facts.notified is not None and now.reached(facts.notified.at)
        if apologised or notified or (moved is not None and moved.apology):
            accounts.add(n.LATE_NOTIFIED, life.overdue_from)
    if moved is not None and now.reached(moved.time):
        at = max(moved.time, life.start)
        accounts.add(n.RESCHEDULED, at)
        replaced = due_without_rescheduling(facts, setting)
        if replaced is not None and clock(moved.time, life.stops) > replaced:
            accounts.add(n.RESCHEDULED_LATE, at)


def _book_rating(accounts: Book, facts: Facts, life: Life, now: Now) -> None:
    """The applicant's stars, on the day of the rating; slips."""
    rated = rating(facts, now)
    if rated is not None and rated.stars is not None:
        cell = accounts.on(max(rated.at, life.start))
        cell[n.RATED] = cell[n.STARS_N] = 1
        cell[n.STARS_SUM] = rated.stars
        if rated.stars >= 4:
            cell[n.SATISFIED] = 1
        elif rated.stars <= 2:
            cell[n.DISSATISFIED] = 1
    book_slips(accounts, facts, life, now)
