"""From now on: dossiers and petitions that live minutes instead of days, at any hour, so that somebody who watches sees the scores move.

Every second of the clock has its own seed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from functools import cache
from itertools import accumulate
from random import Random
from typing import Final

from deploy.demo.arrival import Arrival
from deploy.demo.dice import dice_of
from deploy.demo.event import PROVINCE, Happening
from deploy.demo.life import events_of, fate_of
from deploy.demo.office import Office, offices, worst
from deploy.demo.petitions import Petition
from deploy.demo.petitions import events_of as events_of_petition
from deploy.demo.waves import wave_at

__all__ = ["LONGEST_SECONDS", "second"]

ARRIVES: Final = 0.3
"""Chance of a dossier in a second; about five things happen to each."""
RUSHES: Final = 0.4
"""Chance of one more at the office that a wave comes over."""
WATCHED: Final = 0.4
"""Share of the dossiers that come to the worst communes: who looks for the worst sees it move."""
WATCHED_WEIGHTS: Final = (3, 1, 1)
"""The very worst gets most of them."""
ALLOWED: Final = (25.0, 100.0)
"""Seconds allowed for a dossier."""
LATEST: Final = 1.5
"""Nobody is late by more times the time allowed."""
LONGEST_SECONDS: Final = 600
"""So long after its receipt nothing more happens to a dossier or a petition."""
PETITIONED: Final = 1 / 200
"""Chance of a petition in a second."""
PETITION_DAY: Final = timedelta(seconds=8)
"""What passes here for a working day of those who answer petitions."""
OLD: Final = timedelta(days=40)
"""So long a petition has lain about that is entered, and answered, only now: too late."""


def second(number: int, zone: tzinfo) -> Iterator[Happening]:
    """Everything that will ever be sent about the dossiers and petitions that come in in one second (since 1970)."""
    dice = dice_of("live", number)
    if dice.random() < ARRIVES:
        office = _office(dice)
        arrival = _arrival(number, office, timedelta(seconds=dice.uniform(*ALLOWED)), dice, zone=zone)
        yield from events_of(arrival, fate_of(office, dice, LATEST), dice)
    wave = wave_at(number)
    if wave.rushes(number) and dice.random() < RUSHES:
        arrival = _arrival(number, wave.office, wave.allowed(dice), dice, zone=zone, mark="R")
        yield from events_of(arrival, wave.fate(arrival.at.timestamp(), arrival.allowed, dice), dice)
    yield from _petition(number, zone)


def _petition(number: int, zone: tzinfo) -> Iterator[Happening]:
    dice = dice_of("petition", number)
    if dice.random() >= PETITIONED:
        return
    office, at = _office(dice), _moment(number, dice, zone)
    old = dice.random() > office.heeding
    code = f"PAKN-{PROVINCE}-{at:%y%m%d-%H%M%S}"
    start = at - OLD if old else None
    petition = Petition(code=code, office=office, at=at, day=PETITION_DAY, later=_at_once, start=start)
    yield from events_of_petition(petition, dice)


def _arrival(number: int, office: Office, allowed: timedelta, dice: Random, *, zone: tzinfo, mark: str = "") -> Arrival:
    at = _moment(number, dice, zone)
    return Arrival(
        subject=f"{office.unit}-{at:%y%m%d-%H%M%S}{mark}",
        office=office,
        procedure=office.procedures.draw(dice),
        at=at,
        allowed=allowed,
        later=_at_once,
    )


def _moment(number: int, dice: Random, zone: tzinfo) -> datetime:
    """Some moment in a second."""
    return datetime.fromtimestamp(number, zone) + timedelta(milliseconds=dice.randrange(1000))


def _at_once(at: datetime, allowed: timedelta) -> datetime:
    """The demo never sleeps."""
    return at + allowed


def _office(dice: Random) -> Office:
    if dice.random() < WATCHED:
        return dice.choices(worst(), weights=WATCHED_WEIGHTS)[0]
    return dice.choices(offices(), cum_weights=_sizes())[0]


@cache
def _sizes() -> tuple[float, ...]:
    """How much comes to each office, each with those before it."""
    return tuple(accumulate(office.a_day for office in offices()))
