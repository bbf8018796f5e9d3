"""What Decision 766 makes of the demo: its events through the door and the scorer's domain, the counts through the evaluator."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from deploy.demo.event import Happening
from deploy.demo.procedures import catalogue
from schemas.events import FAMILY_OF, Event
from schemas.events.unit import UnitDeclared
from schemas.measures import BY_NUMBER, Family
from schemas.rulesets import ScoreDocument, document, evaluate, load
from services.scorer.agents.families import FAMILIES
from tests.oracle.product import Cube, measures
from tests.unit.demo.province import SETTING, TREE, at_the_door
from tests.unit.rulesets.province import Province

BY_TOPIC = {family.topic: family for family in FAMILIES}


def scores(happenings: Iterable[Happening], first: date, until: datetime) -> dict[str, ScoreDocument]:
    """The score of each unit for the days from the first one on, of what is sent up to a moment, as of that moment."""
    sent = [stored for at, event in happenings if at <= until for stored in at_the_door(at, event)]
    counts = Province(
        tree=[(unit.code, unit.kind, unit.parent) for unit in TREE],
        catalogue=[procedure.code for procedure in catalogue()],
        attributes={
            "special": {each.code for each in catalogue() if each.special},
            "fee": {each.code for each in catalogue() if each.fee},
            "paper_result": {each.code for each in catalogue() if each.paper},
            "for_citizens": {each.code for each in catalogue() if each.citizens},
        },
        services={each.code: each.services for each in catalogue()},
        figures=standing_figures(sent),
    )
    families = {measure.name: measure.family for measure in BY_NUMBER.values()}
    for (unit, item), numbers in measures(cube(sent, until), first, until.date()).items():
        for name, n in numbers.items():
            place = counts.petitions if families[name] is Family.PETITION else counts.split
            place[name, unit, item] += n
    scored = evaluate(load("766-portal-2026"), counts)
    return {unit.code: document(scored, row) for row, unit in enumerate(TREE)}


def standing_figures(sent: Iterable[Event]) -> dict[tuple[str, str], int]:
    """Those that hold until further notice, by name and unit."""
    return {
        (event.data.figure, event.data.unit): int(event.data.value)
        for event in sent
        if isinstance(event, UnitDeclared) and event.data.to_day is None
    }


def cube(sent: Iterable[Event], now: datetime) -> Cube:
    """What all subjects add as of a moment."""
    known: dict[tuple[str, str], dict[str, object]] = defaultdict(dict)
    for event in sent:
        family = BY_TOPIC[FAMILY_OF[type(event)].topic]
        facts = known[family.topic, event.subject].setdefault(event.keyunit, family.empty())
        family.add(facts, family.fact_of(event))
    total: Cube = Counter()
    for (topic, subject), senders in known.items():
        booking = BY_TOPIC[topic].book(subject, senders, round(now.timestamp() * 1e6), SETTING)
        for (unit, day, item), cell in booking.cells.items():
            for number, n in cell.items():
                total[unit, item, day, number] += n
    return total
