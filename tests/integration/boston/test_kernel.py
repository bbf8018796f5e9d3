"""The mapping, the door and the kernel by themselves, without a stack: what `nhip replay` sends leads to the truth."""

import csv
from collections import Counter, defaultdict

import pytest

from deploy.replay.reading import Source, read_events
from deploy.replay.run import load_mapping
from schemas.calendar import vietnam
from schemas.events import Door
from schemas.measures import BY_NUMBER
from schemas.moments import Zone, parse_day, parse_moment
from schemas.units import Unit, UnitTree
from services.scorer.domain.contributions import contributions
from services.scorer.domain.facts import Facts, add
from services.scorer.domain.reading import fact_of
from services.scorer.domain.setting import Setting
from tests.integration.boston.truth import EVENTS, MAPPING, NOW, ROOT, UNITS, ZONE, data, snapshots


@pytest.mark.shared
def test_kernel_counts_what_the_city_counted():
    data()
    zone = Zone(ZONE)
    now = parse_moment(NOW, zone)
    setting = Setting(_tree(), zone, vietnam(zone))
    door = Door(system="city", unit=ROOT, tree=setting.tree, zone=zone, now=now)
    dossiers: dict[str, Facts] = defaultdict(Facts)
    for line in read_events(Source(str(EVENTS)), load_mapping(MAPPING, ZONE)):
        assert line.fault is None
        event = door.check(line.event)
        add(dossiers[event.subject], fact_of(event))

    cube: dict[str, dict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for subject, facts in dossiers.items():
        for (unit, day, _), counters in contributions(subject, {ROOT: facts}, now, setting).items():
            for number, count in counters.items():
                cube[unit][day][BY_NUMBER[number].name] += count

    for snapshot in snapshots():
        last = parse_day(snapshot.day)
        for unit, expected in snapshot.counts.items():
            below = setting.tree.subtree(unit)
            found = sum((cube[code][day] for code in below for day in cube[code] if day <= last), _Sum())
            found["open_not_due"] = found["open"] - found["open_overdue"] - found["open_no_due"]
            assert {name: found[name] for name in expected} == expected, (unit, snapshot.day)


class _Sum(Counter[str]):
    """Adds up as it stands: `Counter` drops what is not positive, and the days of stocks are."""

    def __add__(self, other: Counter[str]) -> "_Sum":
        total = _Sum(self)
        for name, count in other.items():
            total[name] += count
        return total


def _tree() -> UnitTree:
    with UNITS.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return UnitTree(Unit(code=r["code"], name=r["name"], kind=r["kind"], parent=r["parent"] or None) for r in rows)
