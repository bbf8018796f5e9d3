"""Petitions ("phản ánh, kiến nghị"): what becomes of one, drawn when it comes; those of ordinary days, and live ones."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any, Final

from deploy.demo.arrival import Later
from deploy.demo.days import arrivals, dossier_code, time_of_day
from deploy.demo.dice import dice_of
from deploy.demo.event import PROVINCE, Happening, happening, text
from deploy.demo.office import Office, offices
from deploy.demo.worktime import DAY, later, opening

__all__ = ["Petition", "events_of", "of_day"]

A_DAY: Final = (2, 6)
"""Petitions of the province on a working day, at least and at most."""
FRIDAY: Final = 4
NAMES_A_DOSSIER: Final = 0.4
ANSWERED: Final = (3.0, 13.0)
"""Working days to an answer in time; 15 are allowed (Decision 766, 5.2)."""
ANSWERED_LATE: Final = (16.5, 24.0)
PUBLISHED: Final = (0.1, 1.5)
"""Working days from the answer to its publication in time; 2 are allowed."""
PUBLISHED_LATE: Final = (3.5, 6.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Petition:
    """A petition that comes to an office.

    ``start``: when the clock of its deadlines began, where that was long before. ``day``: a working day, as `later` counts time.
    """

    code: str
    office: Office
    at: datetime
    day: timedelta
    later: Later
    start: datetime | None = None
    dossier: str | None = None
    repeats: str | None = None

    def after(self, days: float) -> datetime:
        """The moment so many working days after it came."""
        return self.later(self.at, self.day * days)

    def tells(self, kind: str, days: float, *, mark: str = "", **data: Any) -> Happening:
        """What happens to it after so many working days, at this office; ``mark`` as in `happening`."""
        about = {"unit": self.office.unit} | {name: value for name, value in data.items() if value is not None}
        mark = f"{mark}/{self.office.unit}"
        return happening(self.after(days), f"petition.{kind}", self.code, about, mark=mark)


def of_day(day: date, zone: tzinfo) -> Iterator[Happening]:
    """Everything that will ever be sent about the petitions that come on a day."""
    if day.weekday() > FRIDAY:
        return
    dice = dice_of("petitions", day)
    for number in range(1, dice.randint(*A_DAY) + 1):
        office = dice.choices(offices(), cum_weights=_grievances())[0]
        petition = Petition(
            code=f"PAKN-{PROVINCE}-{day:%y%m%d}-{number:02}",
            office=office,
            at=later(opening(day, zone), time_of_day(dice)),
            day=DAY,
            later=later,
            dossier=_dossier(office, day, dice) if dice.random() < NAMES_A_DOSSIER else None,
        )
        yield from events_of(petition, dice)


def events_of(petition: Petition, dice: Random) -> Iterator[Happening]:
    """Everything that will be sent about a petition, those that repeat it included."""
    about = "staff" if dice.random() < 0.15 else "rules" if dice.random() < 0.5 else "other"
    yield _received(petition, about)
    if dice.random() < 0.02:
        yield petition.tells("voided", 0.1, dossier=petition.dossier)
    elif dice.random() < 0.12:
        yield from _declined(petition, about, dice)
    else:
        yield from _taken_on(petition, about, dice)


def _received(petition: Petition, about: str) -> Happening:
    start = {"forwarded_at" if petition.start else "sent_at": text(petition.start or petition.at)}
    told: dict[str, Any] = {"class": about, "dossier": petition.dossier, "repeats": petition.repeats}
    return petition.tells("received", 0, **start, **told)


def _declined(petition: Petition, about: str, dice: Random) -> Iterator[Happening]:
    """Refused, sent back, or passed on to another office, which has two working days for it."""
    days = dice.uniform(0.2, 1.8) if dice.random() < petition.office.heeding else dice.uniform(3, 5)
    outcome = dice.choice(["refused", "sent_back", "forwarded", "forwarded"])
    if outcome != "forwarded":
        yield petition.tells("declined", days, outcome=outcome)
        return
    other = dice.choice([office for office in offices() if office.unit != petition.office.unit])
    yield petition.tells("declined", days, outcome=outcome, to=other.unit)
    at = petition.after(days)
    passed_on = replace(petition, office=other, at=at, start=at)
    yield _received(passed_on, about)
    yield from _taken_on(passed_on, about, dice)


def _taken_on(petition: Petition, about: str, dice: Random) -> Iterator[Happening]:
    office = petition.office
    yield petition.tells("accepted", dice.uniform(0.1, 1.2))
    heeded = dice.random() < office.heeding
    days = dice.uniform(*(ANSWERED if heeded else ANSWERED_LATE))
    if dice.random() < 0.1:
        asked = dice.uniform(1.5, 2.5)
        yield petition.tells("supplement_requested", asked)
        if dice.random() < 0.2:
            return  # the sender tells no more
        told = asked + dice.uniform(0.5, 4)
        yield petition.tells("supplemented", told)
        days = max(days, told + 0.5)
    upheld = None if petition.dossier is None else dice.random() < 0.5
    yield petition.tells("answered", days, dossier=petition.dossier, upheld=upheld)
    published = days + dice.uniform(*(PUBLISHED if dice.random() < office.heeding else PUBLISHED_LATE))
    yield petition.tells("published", published)
    pleased = dice.random() < office.liked * (0.97 if heeded else 0.6)
    for times, wait in enumerate((dice.uniform(0.3, 2), dice.uniform(2, 5)), 1):
        more, fewer = times * dice.randint(2, 6), times * dice.randint(0, 1)
        likes, dislikes = (more, fewer) if pleased else (fewer, more)
        yield petition.tells("rated", published + wait, mark=str(times), likes=likes, dislikes=dislikes)
    if not pleased and petition.repeats is None and dice.random() < 0.3:
        again = replace(
            petition, code=f"{petition.code}-2", at=petition.after(published + 3), start=None, repeats=petition.code
        )
        yield _received(again, about)
        yield from _taken_on(again, about, dice)


def _dossier(office: Office, day: date, dice: Random) -> str | None:
    """One of the dossiers that came to an office some days before, if any did."""
    before = day - timedelta(days=dice.randint(7, 20))
    came = arrivals(office, before)
    return dossier_code(office, before, dice.randint(1, came)) if came else None


@cache
def _grievances() -> tuple[float, ...]:
    """How many petitions each office is given reason for, each with those before it: more where more is late."""
    return tuple(accumulate(office.a_day * (0.02 + (1 - office.punctual) ** 2) for office in offices()))
