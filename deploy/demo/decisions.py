"""Decisions of the province that announce procedures ("quyết định công bố"), signed on Tuesdays, and their publication."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from random import Random
from typing import Final

from deploy.demo.dice import dice_of
from deploy.demo.event import PROVINCE, Happening, happening
from deploy.demo.office import offices
from deploy.demo.procedures import Procedure, catalogue
from deploy.demo.worktime import DAY, later, opening

__all__ = ["of_day"]

TUESDAY: Final = 1
AHEAD: Final = (12, 30)
"""Working days from a decision in time to the day on which its legal basis takes effect: a good deal more than the five that Decision 766
asks of a province (1.1), for public holidays are not known here."""
BEHIND: Final = (-10, 3)
"""The same of a late one."""
PUBLISHED: Final = (0.3, 4.5)
"""Working days from the decision to its publication in time; five are allowed (1.2)."""
PUBLISHED_LATE: Final = (8.0, 15.0)


def of_day(day: date, zone: tzinfo) -> Iterator[Happening]:
    """The decision of a Tuesday: one procedure of the province's own, as a rule, and some others of the same department."""
    if day.weekday() != TUESDAY:
        return
    dice = dice_of("decision", day)
    decision = f"{1000 + 9 * day.timetuple().tm_yday + dice.randrange(9)}/QĐ-UBND-{day.year}"
    at = later(opening(day, zone), timedelta(hours=dice.uniform(1, 7)))
    special = dice.choice([procedure for procedure in catalogue() if procedure.special])
    alike = [each for each in catalogue() if each.sector.department == special.sector.department and not each.special]
    for procedure in [special, *dice.sample(alike, min(len(alike), dice.randrange(3)))]:
        yield from _announced(procedure, decision, at, dice)
    if dice.random() < 0.1:
        # typed with the wrong number, and taken back
        mistaken = {"decision": f"{decision}-x", "procedure": special.code, "unit": PROVINCE}
        subject = f"{decision}-x/{special.code}"
        yield happening(at, "procedure.announced", subject, mistaken | {"kind": "amended"})
        yield happening(later(at, timedelta(minutes=20)), "procedure.voided", subject, {})


def _announced(procedure: Procedure, decision: str, at: datetime, dice: Random) -> Iterator[Happening]:
    """A department that is late with dossiers drafts decisions late, too, and publishes them late."""
    slow = 0.04 + 1.2 * (1 - _punctual(procedure.sector.department))
    subject = f"{decision}/{procedure.code}"
    about = {"decision": decision, "procedure": procedure.code, "unit": PROVINCE}
    days = dice.randint(*(BEHIND if dice.random() < slow else AHEAD))
    effective = later(at, days * DAY).date().isoformat()
    announced = {"decided_at": at.date().isoformat(), "kind": "amended", "effective_at": effective}
    yield happening(at, "procedure.announced", subject, about | announced)
    waits = dice.uniform(*(PUBLISHED_LATE if dice.random() < slow else PUBLISHED))
    yield happening(later(at, waits * DAY), "procedure.published", subject, about)


def _punctual(department: str) -> float:
    """The share of its dossiers that a department does in time."""
    return next(office.punctual for office in offices() if office.unit == f"{PROVINCE}.{department}")
