"""What procedures add: counts by unit, day, procedure and measure (`events_and_measures.md`, sections 2.1, 5.3 and 6; 766, group 1).

Working days, days compared, not hours: announced 20 before the legal basis comes into force (a ministry and units below it), else 5;
published 10 (a ministry's) or 5 after the decision.
"""

from typing import Final

from schemas.calendar import Allowed
from schemas.measures import BY_NAME
from schemas.moments import parse_day
from schemas.rows import PROCEDURE, ProcedureRow, encode_procedure
from schemas.units import UnitTree
from services.scorer.domain.book import Book, Cells
from services.scorer.domain.contributions import Booking
from services.scorer.domain.facts import Fact, Version
from services.scorer.domain.life import Now
from services.scorer.domain.procedures import PARTS, Announced, Described, Kind, Known, Offered, Published
from services.scorer.domain.setting import Setting
from services.scorer.domain.spans import FOREVER

_MINISTRY: Final = "ministry"
_EVER: Final = parse_day("0001-01-01")
"""The day on which stocks begin that hold for all days."""

_ANNOUNCED: Final = BY_NAME["announced"].number
_ANNOUNCED_LATE: Final = BY_NAME["announced_late"].number
_PUBLICATION: Final = BY_NAME["publication"].number
_PUBLICATION_LATE: Final = BY_NAME["publication_late"].number
_PUBLIC: Final = BY_NAME["procedure_public"].number
_COMPLETE: Final = BY_NAME["procedure_complete"].number
_OFFERED: Final = BY_NAME["procedure_offered"].number
_ONLINE: Final = BY_NAME["procedure_online"].number
_ONLINE_FULL: Final = BY_NAME["procedure_online_full"].number
_ON_SITE: Final = BY_NAME["procedure_on_site"].number
_ON_SITE_FULL: Final = BY_NAME["procedure_on_site_full"].number
_ON_SITE_EXEMPT: Final = BY_NAME["procedure_on_site_exempt"].number


def book(subject: str, known: Known, now: int, setting: Setting) -> Booking:
    """The contributions of one subject as of `now`, microseconds, and until when they stay so."""
    at = Now(now)
    cells: Cells = {}
    tree = setting.tree
    notes: dict[tuple[str, str], bytes] = {}
    described = _heard(known, "described", Described, tree)
    if described is not None:
        owner, fact = described
        _book_catalogue(cells, owner, subject, fact)
        notes[PROCEDURE, subject] = encode_procedure(row_of(fact))
    announced, published = _heard(known, "announced", Announced, tree), _heard(known, "published", Published, tree)
    if announced is not None and at.reached(announced[1].at):
        _book_announced(cells, announced[1], at, setting)
    else:
        announced = None
    _book_publication(cells, announced and announced[1], published and published[1], at, setting)
    offered = _heard(known, "offered", Offered, tree)
    if offered is not None:
        _book_offer(cells, offered[1], at, setting)
    return Booking(cells, at.next, None, notes)


def row_of(fact: Described) -> ProcedureRow:
    """What is told of a procedure beside its counts."""
    return ProcedureRow(attributes_of(fact), fact.name, fact.sector, fact.sector_name)


def attributes_of(fact: Described) -> dict[str, int]:
    """What rule sets ask of a procedure (`schemas.rulesets.vocabulary`)."""
    return {
        "special": int(fact.special),
        "fee": int(fact.fee),
        "paper_result": int(fact.paper_result),
        "for_citizens": int(fact.for_citizens),
        "full_online_eligible": int(fact.full_online_eligible),
        "services": fact.services,
    }


def statutory_of(known: Known, tree: UnitTree) -> Allowed | None:
    """The statutory time ("thời hạn giải quyết") of a procedure; None where its description that holds gives none."""
    described = _heard(known, "described", Described, tree)
    return None if described is None else described[1].allowed


def _heard(known: Known, field: str, kind: type[Kind], tree: UnitTree) -> tuple[str, Kind] | None:
    """The fact of a kind that holds, with its unit: of those whose senders may speak for the unit that they name.

    One that names none speaks for the unit of its key. A voiding by who may speak for that unit takes back what is not later.
    """
    best: tuple[Version, str, str, Kind] | None = None
    for sender, facts in known.items():
        fact = getattr(facts, field)
        if not isinstance(fact, kind):
            continue
        unit = fact.unit or sender
        if unit == sender or tree.may_speak(sender, unit):
            # The same identity from two keys is a sender's error: any choice will do that ignores the order of arrival.
            candidate = fact.version, sender, unit, fact
            if best is None or candidate[:2] > best[:2]:
                best = candidate
    if best is None:
        return None
    _, _, unit, held = best
    line = tree.line(unit) | {unit}
    voidings: list[Fact] = [
        facts.voided for sender, facts in known.items() if sender in line and facts.voided is not None
    ]
    return None if any(voided.time >= held.time for voided in voidings) else (unit, held)


def _book_catalogue(cells: Cells, owner: str, procedure: str, fact: Described) -> None:
    """Public procedures of their owner, and which of them are complete."""
    if fact.status not in {"public", "amending"}:
        return
    cell = cells.setdefault((owner, _EVER, procedure), {})
    cell[_PUBLIC] = 1
    if fact.parts == PARTS:
        cell[_COMPLETE] = 1


def _book_announced(cells: Cells, fact: Announced, now: Now, setting: Setting) -> None:
    """One announcement, on the day of the decision."""
    book = Book(setting.zone, now.moment, fact.unit, fact.procedure, cells)
    book.add(_ANNOUNCED, fact.at)
    if fact.effective is None:
        return
    days = 20 if of_ministry(setting.tree, fact.unit) else 5
    latest = setting.calendar.nth_working_day_before(setting.zone.day(fact.effective), days)
    if setting.zone.day(fact.at) > latest:
        book.add(_ANNOUNCED_LATE, fact.at)


def _book_publication(
    cells: Cells, announced: Announced | None, published: Published | None, now: Now, setting: Setting
) -> None:
    """What was published, on that day; what was not when its deadline day was over, on that one."""
    zone = setting.zone
    deadline = FOREVER
    if announced is not None:
        days = 10 if of_ministry(setting.tree, announced.unit) else 5
        deadline = zone.end_of_day(setting.calendar.nth_working_day_after(zone.day(announced.at), days))
        if (published is None or published.at > deadline) and now.reached(deadline + 1):
            owed = Book(zone, now.moment, announced.unit, announced.procedure, cells)
            owed.add(_PUBLICATION, deadline)
            owed.add(_PUBLICATION_LATE, deadline)
    if published is not None and now.reached(published.at):
        done = Book(zone, now.moment, published.unit, published.procedure, cells)
        done.add(_PUBLICATION, published.at)
        if published.at > deadline:
            done.add(_PUBLICATION_LATE, published.at)


def _book_offer(cells: Cells, fact: Offered, now: Now, setting: Setting) -> None:
    """From its first moment to its last one, both included."""
    end = FOREVER if fact.until is None else fact.until + 1
    if fact.since >= end or not now.reached(fact.since):
        return
    now.reached(end)
    book = Book(setting.zone, now.moment, fact.unit, fact.procedure, cells)
    stocks = {
        _OFFERED: True,
        _ONLINE: fact.online in {"partial", "full"},
        _ONLINE_FULL: fact.online == "full",
        _ON_SITE: fact.on_site in {"reception", "full"},
        _ON_SITE_FULL: fact.on_site == "full",
        _ON_SITE_EXEMPT: fact.on_site_exempt,
    }
    for measure, holds in stocks.items():
        if holds:
            book.stock(measure, [(fact.since, end)])


def of_ministry(tree: UnitTree, code: str) -> bool:
    """Whether a unit is a ministry or lies below one (section 6, reading 4)."""
    unit = tree.get(code)
    while unit is not None:
        if unit.kind == _MINISTRY:
            return True
        unit = None if unit.parent is None else tree.get(unit.parent)
    return False
