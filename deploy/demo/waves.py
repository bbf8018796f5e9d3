"""Waves of lateness: every few minutes one commune is overwhelmed, its scores fall for a minute or two, then it catches up."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from random import Random
from typing import Final

from deploy.demo.dice import dice_of
from deploy.demo.life import Fate
from deploy.demo.office import Office, offices, worst

__all__ = ["EVERY", "Wave", "wave_at"]

EVERY: Final = 300
"""Seconds from the beginning of one wave to that of the next; none ends later."""
RUSH: Final = 80
"""For so many seconds far too much comes in."""
ALLOWED: Final = (35.0, 80.0)
"""Seconds allowed for it; all of it is late."""
CATCHING_UP: Final = (165.0, 250.0)
"""Seconds after the beginning between which the office gets round to it: it says sorry, sets a new day and keeps that."""
SORRY: Final = 0.8
"""Share of the dossiers for which it does; the others stay late."""


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave; ``begins`` in seconds since 1970."""

    office: Office
    begins: int

    def rushes(self, number: int) -> bool:
        """Whether too much comes in at a second."""
        return number < self.begins + RUSH

    def is_over(self, moment: float) -> bool:
        """Whether the office has caught up by a moment (seconds since 1970)."""
        return moment >= self.begins + CATCHING_UP[1]

    def allowed(self, dice: Random) -> timedelta:
        """The time that the office has for a dossier of the rush, and will not keep to."""
        return timedelta(seconds=dice.uniform(*ALLOWED))

    def fate(self, at: float, allowed: timedelta, dice: Random) -> Fate:
        """What becomes of a dossier of the rush that came in `at` (seconds since 1970)."""
        found = self.begins + dice.uniform(*CATCHING_UP)
        done = found + dice.uniform(4, 20)
        sorry = (found - at) / allowed.total_seconds() if dice.random() < SORRY else None
        return Fate(ends=(done - at) / allowed.total_seconds(), sorry=sorry)

    def announced(self, zone: tzinfo) -> str:
        """What the console says of it."""
        worse, over = (datetime.fromtimestamp(self.begins + seconds, zone) for seconds in CATCHING_UP)
        return (
            f"wave of lateness: {self.office.name} ({self.office.unit}) is overwhelmed; "
            f"its overdue dossiers grow until {worse:%H:%M:%S}, it has caught up by {over:%H:%M:%S}"
        )


def wave_at(number: int) -> Wave:
    """The wave of a second since 1970. It never comes over the worst communes, where it would not be seen."""
    count = number // EVERY
    calm = [office for office in offices() if office.kind == "commune" and office not in worst()]
    return Wave(dice_of("wave", count).choice(calm), count * EVERY)
