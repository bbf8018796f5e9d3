"""The same history through the product: the check at the door, facts, contributions, sums of days."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

import msgspec

from schemas.calendar import Allowed, WorkingHours, vietnam
from schemas.events import Door
from schemas.measures import BY_NUMBER, Kind
from schemas.moments import Zone
from services.scorer.domain.contributions import contributions
from services.scorer.domain.facts import Dossier, Facts, add
from services.scorer.domain.facts import Said as Stated
from services.scorer.domain.reading import fact_of
from services.scorer.domain.setting import Setting
from tests.oracle.histories import DOOR_NOW, DUE_SOON_HOURS, OWN_HOURS, STATUTORY, TREE
from tests.oracle.recount import Place
from tests.oracle.said import EPOCH, Said


def setting_of(name: str) -> Setting:
    """What the counts depend on, in a zone."""
    zone = Zone(name)
    statutory = {procedure: Allowed(*allowed) for procedure, allowed in STATUTORY.items()}
    own = {unit: vietnam(zone, WorkingHours(hours)) for unit, hours in OWN_HOURS.items()}
    return Setting(TREE, zone, vietnam(zone), statutory, own, DUE_SOON_HOURS * 3600)


SETTINGS = {name: setting_of(name) for name in ("Asia/Ho_Chi_Minh", "America/New_York")}

Cube = Counter[tuple[str, str, int, int]]
"""Unit, procedure, day, number of the measure -> count."""


def stated(said: Said, setting: Setting) -> Stated:
    """What an accepted event states, read as the scorer reads it.

    Raises:
        Rejected: the door does not take it.
    """
    door = Door(system=said.system, unit=said.unit, tree=setting.tree, zone=setting.zone, now=DOOR_NOW)
    return fact_of(door.check(msgspec.json.encode(said.event)))


def dossiers(said: Iterable[Said], setting: Setting) -> dict[str, Dossier]:
    """All dossiers by their code, after all events in the order given."""
    known: dict[str, Dossier] = defaultdict(dict)
    for one in said:
        add(known[one.event["subject"]].setdefault(one.unit, Facts()), stated(one, setting))
    return known


def cube(known: dict[str, Dossier], now: int, setting: Setting) -> Cube:
    """What all dossiers add as of `now`; nothing where it adds up to nothing."""
    total: Cube = Counter()
    for subject, dossier in known.items():
        for (unit, day, procedure), cell in contributions(subject, dossier, now, setting).items():
            for number, n in cell.items():
                total[unit, procedure, day, number] += n
    return Counter({key: n for key, n in total.items() if n})


def measures(days: Cube, first: date | None, last: date) -> dict[Place, Counter[str]]:
    """Each measure of a period by unit and procedure: flows added up inside it, stocks up to its end."""
    begin, end = (None if first is None else day_number(first)), day_number(last)
    found: dict[Place, Counter[str]] = defaultdict(Counter)
    for (unit, procedure, day, number), n in days.items():
        measure = BY_NUMBER[number]
        if day <= end and (begin is None or begin <= day or measure.kind is Kind.STOCK):
            found[unit, procedure][measure.name] += n
    return found


def day_number(day: date) -> int:
    """The day as the product counts days."""
    return day.toordinal() - EPOCH.date().toordinal()
