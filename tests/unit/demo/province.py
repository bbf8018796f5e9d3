"""The demo's events, and what the product makes of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

from deploy.demo.agenda import of_day
from deploy.demo.days import DAYS
from deploy.demo.event import Happening
from deploy.demo.live import second
from deploy.demo.office import UNITS
from deploy.units.reading import merged, read_units
from schemas.events import Door, Event
from services.ingest.derived import derived
from tests.oracle.product import SETTINGS, cube, dossiers, measures
from tests.oracle.said import Said

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 26, 10, 30, tzinfo=ZONE)
TREE = merged("demo", read_units(str(UNITS)))
SETTING = SETTINGS[ZONE.key]._replace(tree=TREE)


FIRST = NOW.date() - timedelta(days=DAYS)


def first_days(days: int) -> list[Happening]:
    """Everything about what begins on the first days of a history of two months."""
    return [happening for number in range(days) for happening in of_day(FIRST + timedelta(days=number), FIRST, ZONE)]


@cache
def two_months() -> list[Happening]:
    return first_days(DAYS + 1)


def live(start: datetime, seconds: int) -> list[Happening]:
    """Everything about the dossiers that come in so many seconds from a moment on."""
    begin = int(start.timestamp())
    return [happening for number in range(begin, begin + seconds) for happening in second(number, ZONE)]


def at_the_door(at: datetime, event: object) -> list[Event]:
    """What ingest stores of an event that is sent at its moment, and what it derives; raises `Rejected` where it would reject it."""
    now = round(at.timestamp() * 1e6)
    door = Door(system="demo", unit="H01", tree=TREE, zone=SETTING.zone, now=now)
    stored = door.check(msgspec.json.encode(event))
    return [stored, *derived(stored)]


def counted(happenings: Iterable[Happening], until: datetime) -> dict[str, Counter[str]]:
    """The measures of each unit since ever, of what is sent up to a moment, as of that moment."""
    said = (Said(event, "H01") for at, event in happenings if at <= until and event["type"].startswith("nhip.dossier."))
    known = dossiers(said, SETTING)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for (unit, _), numbers in measures(
        cube(known, round(until.timestamp() * 1e6), SETTING), None, until.date()
    ).items():
        found[unit].update(numbers)
    return found
