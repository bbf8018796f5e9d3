"""From now on: dossiers that live minutes instead of days, at any hour, so that somebody who watches sees the scores move.

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
from deploy.demo.event import Happening
from deploy.demo.life import events_of, fate_of
from deploy.demo.office import Office, offices, worst
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
"""So long after its receipt nothing more happens to a dossier."""


def second(number: int, zone: tzinfo) -> Iterator[Happening]:
    """Everything that will ever be sent about the dossiers that come in in one second (since 1970)."""
    dice = dice_of("live", number)
    if dice.random() < ARRIVES:
        office = _office(dice)
        arrival = _arrival(number, office, timedelta(seconds=dice.uniform(*ALLOWED)), dice, zone=zone)
        yield from events_of(arrival, fate_of(office, dice, LATEST), dice)
    wave = wave_at(number)
    if wave.rushes(number) and dice.random() < RUSHES:
        arrival = _arrival(number, wave.office, wave.allowed(dice), dice, zone=zone, mark="R")
        yield from events_of(arrival, wave.fate(arrival.at.timestamp(), arrival.allowed, dice), dice)


def _arrival(number: int, office: Office, allowed: timedelta, dice: Random, *, zone: tzinfo, mark: str = "") -> Arrival:
    at = datetime.fromtimestamp(number, zone) + timedelta(milliseconds=dice.randrange(1000))
    return Arrival(
        subject=f"{office.unit}-{at:%y%m%d-%H%M%S}{mark}",
        office=office,
        procedure=office.procedures.draw(dice),
        at=at,
        allowed=allowed,
        later=_at_once,
    )


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
