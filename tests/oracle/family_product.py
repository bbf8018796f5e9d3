"""Histories of petitions, procedures and figures through the product: the check at the door, facts, contributions."""

from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec

from schemas.events import FAMILY_OF, Door
from services.scorer.agents.families import FAMILIES, Family, Known
from services.scorer.domain.contributions import Booking
from services.scorer.domain.setting import Setting
from tests.oracle import product
from tests.oracle.family_histories import TREE
from tests.oracle.histories import DOOR_NOW
from tests.oracle.product import Cube
from tests.oracle.said import Said

SETTINGS = {name: setting._replace(tree=TREE) for name, setting in product.SETTINGS.items()}
BY_TOPIC = {family.topic: family for family in FAMILIES}

Subjects = dict[tuple[str, str], tuple[Family, Known]]
"""(topic, subject) -> family and what is known."""


def subjects(said: Iterable[Said], setting: Setting) -> Subjects:
    """All subjects after all events in the order given."""
    known: dict[tuple[str, str], tuple[Family, Known]] = {}
    for one in said:
        door = Door(system=one.system, unit=one.unit, tree=setting.tree, zone=setting.zone, now=DOOR_NOW)
        event = door.check(msgspec.json.encode(one.event))
        family = BY_TOPIC[FAMILY_OF[type(event)].topic]
        _, senders = known.setdefault((family.topic, event.subject), (family, {}))
        family.add(senders.setdefault(one.unit, family.empty()), family.fact_of(event))
    return known


def book(known: Subjects, place: tuple[str, str], now: int, setting: Setting) -> Booking:
    family, senders = known[place]
    return family.book(place[1], senders, now, setting)


def cube(known: Subjects, now: int, setting: Setting) -> Cube:
    """What all subjects add as of `now`; nothing where it adds up to nothing."""
    total: Cube = Counter()
    for place in known:
        for (unit, day, item), cell in book(known, place, now, setting).cells.items():
            for number, n in cell.items():
                total[unit, item, day, number] += n
    return Counter({key: n for key, n in total.items() if n})


def notes(known: Subjects, now: int, setting: Setting) -> dict[str, dict[str, bytes]]:
    """What is told beside the counts: kind -> name -> note."""
    found: dict[str, dict[str, bytes]] = defaultdict(dict)
    for place in known:
        for (kind, name), note in book(known, place, now, setting).notes.items():
            found[kind][name] = note
    return found
