"""From now on: dossiers that live minutes instead of days, so that somebody who watches sees the scores move.

Every second of the clock has its own seed. Now and then an office is overloaded for a while: what comes in then ends late.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Final

from deploy.demo.life import Arrival, Happening, events_of
from deploy.demo.office import Office, dice_of, offices

__all__ = ["LONGEST", "overloaded", "second"]

A_SECOND: Final = (1, 2, 2, 3)
"""Dossiers that come in in a second, drawn evenly."""
WAVE_SECONDS: Final = 90
LONGEST: Final = timedelta(minutes=10)
"""After this time nothing more happens to a dossier."""


def second(number: int, zone: tzinfo) -> Iterator[Happening]:
    """All that will ever be sent about the dossiers of one second (since 1970)."""
    dice = dice_of("live", number)
    crowded = overloaded(number)
    for place in range(dice.choice(A_SECOND)):
        office = crowded if dice.random() < 0.25 else dice.choice(offices())
        at = datetime.fromtimestamp(number, zone) + timedelta(milliseconds=dice.randrange(1000))
        late = office is crowded or dice.random() > office.punctual
        arrival = Arrival(
            subject=f"{office.unit}-{at:%y%m%d}-{at:%H%M%S}{place}",
            office=office,
            procedure=dice.choice(office.procedures),
            at=at,
            due=at + timedelta(seconds=dice.uniform(20, 90)),
            lateness=dice.uniform(1.3, 3) if late else dice.uniform(0.2, 0.9),
        )
        yield from events_of(arrival, dice)


def overloaded(number: int) -> Office:
    """The office that a wave of lateness is in at a second."""
    return dice_of("wave", number // WAVE_SECONDS).choice(offices())
