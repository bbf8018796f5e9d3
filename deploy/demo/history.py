"""The weeks before the first start: working days, working hours, legal time limits."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from deploy.demo.life import Arrival, Happening, events_of
from deploy.demo.office import Office, dice_of, offices

__all__ = ["DAYS", "history"]

DAYS: Final = 28
"""How far it reaches back."""


def history(first: date, until: datetime, zone: tzinfo) -> list[Happening]:
    """All events about the dossiers that came in from `first` to `until`, in time order, those that lie ahead included."""
    days = [first + timedelta(days=number) for number in range((until.date() - first).days + 1)]
    happenings = [
        happening
        for office in offices()
        for day in days
        if day.weekday() < 5
        for happening in _of_day(office, day, until, zone)
    ]
    return sorted(happenings, key=lambda happening: happening[0])


def _of_day(office: Office, day: date, until: datetime, zone: tzinfo) -> Iterator[Happening]:
    dice = dice_of(office.unit, day)
    for number in range(1, round(office.a_day * dice.uniform(0.6, 1.4)) + 1):
        at = datetime.combine(day, time(7, 30), zone) + timedelta(seconds=dice.randrange(9 * 3600))
        procedure = dice.choice(office.procedures)
        punctual = dice.random() < office.punctual
        arrival = Arrival(
            subject=f"{office.unit}-{day:%y%m%d}-{number:04}",
            office=office,
            procedure=procedure,
            at=at,
            due=_working_days_later(at, procedure.days),
            lateness=dice.uniform(0.2, 0.95) if punctual else dice.uniform(1.05, 2.5),
        )
        fate = events_of(arrival, dice)
        if at <= until:
            yield from fate


def _working_days_later(at: datetime, days: int) -> datetime:
    """Five o'clock on the n-th working day; the demo knows no holidays."""
    day = at.date()
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return datetime.combine(day, time(17), at.tzinfo)
