"""Dossiers of ordinary working days, before and after the first start: working hours, legal time limits."""

from collections.abc import Iterator
from datetime import date, timedelta, tzinfo
from random import Random
from typing import Final

from deploy.demo.arrival import Arrival
from deploy.demo.dice import dice_of
from deploy.demo.event import Happening
from deploy.demo.life import events_of, fate_of
from deploy.demo.office import Office, offices
from deploy.demo.worktime import DAY, later, opening

__all__ = ["DAYS", "LONGEST_DAYS", "arrivals", "dossier_code", "of_day", "time_of_day"]

DAYS: Final = 61
"""How far the history reaches back from the first start."""
LONGEST_DAYS: Final = 120
"""So many days after its receipt nothing more happens to a dossier or a petition."""

WEEKDAYS: Final = (1.25, 1.1, 1.0, 0.9, 0.75, 0, 0)
"""Monday is the busiest; nobody works on Saturday and Sunday."""
MORNING: Final = 0.62
"""Share of the dossiers that come in the morning, most of them at half past eight; in the afternoon most come at three."""
LATEST_DAYS: Final = 20
"""Nobody is late by more working days."""


def of_day(day: date, zone: tzinfo) -> Iterator[Happening]:
    """Everything that will ever be sent about the dossiers that come in on a day."""
    if WEEKDAYS[day.weekday()]:
        for office in offices():
            yield from _of_office(office, day, zone)


def arrivals(office: Office, day: date) -> int:
    """How many dossiers come to an office on a day."""
    return _arrivals(office, day, dice_of(office.unit, day))


def dossier_code(office: Office, day: date, number: int) -> str:
    """The code of one of them; the first has number 1."""
    return f"{office.unit}-{day:%y%m%d}-{number:04}"


def time_of_day(dice: Random) -> timedelta:
    """When somebody comes: working time since the offices opened."""
    hours = dice.triangular(0, 4.5, 1.5) if dice.random() < MORNING else dice.triangular(4.5, 7.99, 6)
    return timedelta(hours=hours)


def _of_office(office: Office, day: date, zone: tzinfo) -> Iterator[Happening]:
    dice = dice_of(office.unit, day)
    for number in range(1, _arrivals(office, day, dice) + 1):
        procedure = office.procedures.draw(dice)
        arrival = Arrival(
            subject=dossier_code(office, day, number),
            office=office,
            procedure=procedure,
            at=later(opening(day, zone), time_of_day(dice)),
            allowed=procedure.days * DAY,
            later=later,
        )
        yield from events_of(arrival, fate_of(office, dice, LATEST_DAYS / procedure.days), dice)


def _arrivals(office: Office, day: date, dice: Random) -> int:
    expected = office.a_day * WEEKDAYS[day.weekday()] * dice.uniform(0.6, 1.4)
    return int(expected + dice.random())
