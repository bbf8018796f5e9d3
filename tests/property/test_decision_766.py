"""Every numerator and denominator of Decision 766, over random histories of all families: from events to the cube to the rule set.

The same rule set reads the counts that were recounted by force; that it reads them as the law says is held by `tests/unit/rulesets`.
"""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from schemas.calendar import vietnam
from schemas.measures import BY_NAME, Family
from schemas.moments import Zone
from schemas.periods import Period
from schemas.rows import Progress
from schemas.rulesets.evaluate import Scores, evaluate
from schemas.rulesets.library import load
from schemas.units import Unit, UnitTree
from services.api.cube.cube import Cube
from services.api.cube.order import TreeOrder
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.scorer.agents.deltas import Deltas
from services.scorer.domain.contributions import Booking
from services.scorer.domain.setting import Setting
from services.scorer.domain.spans import FOREVER
from tests.oracle import families, family_histories, family_product, histories, product
from tests.oracle.profile import many
from tests.oracle.recount import Recount
from tests.unit.rulesets.province import Province

RULES = load("766-portal-2026")
PARENTS = {
    "H01": None,
    "H01.01": "H01",
    "H01.02": "H01",
    "H01.11": "H01.01",
    "H01.12": "H01",
    "G09": None,
    "G09.1": "G09",
}
KINDS = {unit.code: unit.kind for tree in (histories.TREE, family_histories.TREE) for unit in tree}
CODES = list(PARENTS)
TREE = UnitTree([Unit(code=code, name=code, kind=KINDS[code], parent=parent) for code, parent in PARENTS.items()])
SETTINGS = {
    name: Setting(TREE, zone, vietnam(zone))
    for name, zone in ((name, Zone(name)) for name in ("Asia/Ho_Chi_Minh", "America/New_York"))
}
PROCEDURES = ["", *histories.PROCEDURES]
FLAGS = ("special", "fee", "paper_result", "for_citizens", "full_online_eligible")
NOTHING = Booking({}, FOREVER, None)

both = st.tuples(histories.histories(dossiers=4), family_histories.histories(least=12, events=30)).filter(
    lambda pair: pair[0].zone == pair[1].zone
)
days = st.one_of(family_histories.days, family_histories.days, histories.days)
looks = both.flatmap(lambda pair: st.tuples(st.just(pair), histories.moments(pair[1]), st.tuples(days, days)))
"""A history of dossiers and one of all else, an instant to look at them, and two days."""


class Recounted(Province):
    """Plain counts of a deeper tree."""

    def scope(self, code):
        below = [each for each, parent in PARENTS.items() if parent == code] if self.subtree else []
        return [code, *(unit for each in below for unit in self.scope(each))]

    def declared(self, name, code):
        own = self.figures.get((name, code))
        below = [each for each, parent in PARENTS.items() if parent == code] if self.subtree else []
        return sum(self.declared(name, each) for each in below) if own is None else own

    def kind_count(self, kind, code, figure=None, value=0):
        units = [unit for unit in self.scope(code) if KINDS[unit] == kind]
        return sum(figure is None or self.figures.get((figure, unit)) == value for unit in units)

    def provinces(self):
        whole = Recounted(**(self.__dict__ | {"subtree": True}))
        return whole, np.array([0 if code.startswith("H01") else -1 for code in CODES], np.intp)


@many
@given(looks, st.booleans())
def test_every_numerator_and_denominator_equals_the_recount(look, pooled):
    (dossiers, others), now, drawn = look
    first, last = sorted(drawn)
    setting, zone = SETTINGS[dossiers.zone], dossiers.zone
    cube = filled(dossiers, others, now, setting)
    everything = families.FamiliesRecount(others.said, TREE, zone, now)
    told = Recount(dossiers.said, TREE, zone, now)
    for begin in (None, first):
        period = Period(None if begin is None else product.day_number(begin), product.day_number(last))
        with cube.reading() as reading:
            counts = PeriodCounts(reading, Scope.of(TreeOrder(TREE, period.last), CODES, pooled=pooled), period)
            served = evaluate(RULES, counts)
        recounted = plain(
            told.measures(begin, last), everything.measures(begin, last), everything, period, pooled=pooled
        )
        assert pairs(served) == pairs(evaluate(RULES, recounted))


def filled(dossiers, others, now, setting) -> Cube:
    """The cube of the api after one transaction of the scorer."""
    deltas = Deltas()
    for subject, dossier in product.dossiers(dossiers.said, setting).items():
        deltas.move(NOTHING, family_product.BY_TOPIC["dossier-events"].book(subject, dossier, now, setting))
    known = family_product.subjects(others.said, setting)
    for place in known:
        deltas.move(NOTHING, family_product.book(known, place, now, setting))
    cube = Cube()
    cube.apply(0, deltas.rows(0, {}), Progress(partition=0, offsets={}, clock=now, made_by=""), 1)
    return cube


def plain(dossiers, others, recount, period, *, pooled) -> Recounted:
    """What was recounted, by measure, unit and item."""
    split, petitions = Counter(), Counter()
    for table in (dossiers, others):
        for (unit, item), counts in table.items():
            for name, n in counts.items():
                of_petitions = BY_NAME[name].family is Family.PETITION
                (petitions if of_petitions else split)[name, unit, item] += n
    described = recount.described()
    return Recounted(
        split=split,
        petitions=petitions,
        attributes={flag: {name for name, line in described.items() if line.says(flag)} for flag in FLAGS},
        services={name: line.data.get("services", 1) for name, line in described.items()},
        figures={(figure, unit): value for unit, figure, value in recount.figures().values()},
        subtree=pooled,
        tree=[(code, KINDS[code], parent) for code, parent in PARENTS.items()],
        period=period,
        catalogue=PROCEDURES,
    )


def pairs(scores: Scores) -> dict[str, list]:
    """Numerators and denominators by indicator, one of each a unit."""
    return {
        each.indicator.code: [(each.counted.numerator[row], each.counted.denominator[row]) for row in range(len(CODES))]
        for group in scores.groups
        for each in group.indicators
    }
