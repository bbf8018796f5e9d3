"""Points of TT 01/2018/TT-VPCP, article 13, that a dossier earns (`events_and_measures.md`, section 3.2).

Indicators 1, 3, 4, 7 and slip answers to 6 are booked on the day of the end; 2 on the day a step is finished, on its agency.
"""

from typing import Final

from schemas.moments import Zone
from services.scorer.domain import numbers as n
from services.scorer.domain.book import Book
from services.scorer.domain.facts import Facts
from services.scorer.domain.life import Life, Now, slip
from services.scorer.domain.petitioned import concerning

_NUMBERS: Final = {
    "1": (n.TT01_POINTS_1, n.TT01_N_1),
    "3": (n.TT01_POINTS_3, n.TT01_N_3),
    "4": (n.TT01_POINTS_4, n.TT01_N_4),
    "6": (n.TT01_POINTS_6, n.TT01_N_6),
    "7": (n.TT01_POINTS_7, n.TT01_N_7),
}
EARLIER: Final = 2
"""The points of an earlier day than the due day ("ngắn hơn")."""

_SLIPS: Final = {"paper": n.SLIPS_PAPER, "kiosk": n.SLIPS_KIOSK, "online": n.SLIPS_ONLINE}


def book_points(book: Book, facts: Facts, life: Life, now: Now, speed: int | None) -> None:
    """Book the points of an ended dossier; an answer on a slip replaces the computed point.

    `speed`: the points of its end against its due moment (see `day_points`); None without one.
    """
    cell = book.on(life.end)
    cell[n.TT01_POINTS_3], cell[n.TT01_N_3] = max(0, 2 - life.requests_of_agency), 1
    if speed is not None:
        cell[n.TT01_POINTS_1] = cell[n.TT01_POINTS_7] = speed
        cell[n.TT01_N_1] = cell[n.TT01_N_7] = 1
    if (facts.petitions or facts.findings) and any(p.upheld is not False for p in concerning(facts, now.reached)):
        cell[n.TT01_POINTS_7], cell[n.TT01_N_7] = 0, 1
    answered = slip(facts, now)
    if answered is not None and answered.slip:
        for number, point in answered.slip.items():
            if number in _NUMBERS:
                measure, count = _NUMBERS[number]
                cell[measure], cell[count] = point, 1


def book_steps(book: Book, facts: Facts, now: Now, zone: Zone) -> None:
    """Book the points of each finished step with a due moment."""
    for step in (facts.steps or {}).values():
        if step.due is None or step.finished_at is None or not now.reached(step.finished_at):
            continue
        cell = book.on(step.finished_at) if step.agency is None else book.of(step.agency, step.finished_at)
        points = day_points(zone.day(step.finished_at), zone.day(step.due))
        cell[n.TT01_POINTS_2] = cell.get(n.TT01_POINTS_2, 0) + points
        cell[n.TT01_N_2] = cell.get(n.TT01_N_2, 0) + 1


def book_slips(book: Book, facts: Facts, life: Life, now: Now) -> None:
    """Count the slips handed in, on the day of their rating."""
    for fact in (facts.rated, facts.slip):
        if fact is not None and fact.slip and now.reached(fact.at):
            book.add(_SLIPS[fact.kind], max(fact.at, life.start))


def day_points(done: int, due: int) -> int:
    """2 for an earlier day than the due day ("ngắn hơn"), 1 for the same ("bằng"), 0 for a later one ("dài hơn")."""
    return EARLIER if done < due else int(done == due)
