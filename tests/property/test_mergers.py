"""Units begin, end and are taken over; no count is lost, and each is where it belongs on the day."""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.measures import BY_NAME
from schemas.moments import format_day
from schemas.periods import Period
from schemas.rows import Progress, day_key, encode_counters
from schemas.units import Unit, UnitTree
from services.api.cube.cube import Cube
from services.api.cube.order import COUNTRY, Orders, TreeOrder
from services.api.cube.scope import Scope
from services.api.cube.store import COLUMNS

RECEIVED = BY_NAME["received"]
FIRST, DAYS, ITEMS = 20_270, 6, ("", "1.000105", "2.000488")


@dataclass(frozen=True)
class Drawn:
    """A unit as it was drawn: days instead of texts; links lead to units drawn before it, so that there is no circle."""

    code: str
    parent: str | None
    successor: str | None = None
    first: int | None = None
    last: int | None = None

    def unit(self) -> Unit:
        first, last = (None if day is None else format_day(day) for day in (self.first, self.last))
        return Unit(
            code=self.code,
            name=self.code,
            kind="commune" if int(self.code[1:]) % 2 else "province",
            parent=self.parent,
            successor=self.successor,
            valid_from=first,
            valid_to=last,
        )


days = st.integers(FIRST, FIRST + DAYS)
rows = st.lists(
    st.tuples(st.integers(0, 9), days, st.sampled_from(ITEMS), st.integers(1, 9)), max_size=25
)  # (number of the unit, day, procedure, received)

periods = st.tuples(st.none() | days, days).filter(lambda span: span[0] is None or span[0] <= span[1])


@st.composite
def units(draw: st.DrawFn) -> list[Drawn]:
    """Up to ten units; each may have a successor and a validity."""
    found: list[Drawn] = []
    for number in range(draw(st.integers(1, 10))):
        before = st.sampled_from([None, *(one.code for one in found)])
        span = sorted(draw(st.tuples(days, days)))
        found.append(
            Drawn(
                code=f"U{number}",
                parent=draw(before),
                successor=draw(before),
                first=draw(st.sampled_from([None, span[0]])),
                last=draw(st.sampled_from([None, span[1]])),
            )
        )
    return draw(st.permutations(found))


def tree_of(drawn: list[Drawn]) -> UnitTree:
    return UnitTree(one.unit() for one in drawn)


def filled(said: list) -> tuple[Cube, Counter]:
    """A cube with these rows, and what it holds by (unit, day, procedure)."""
    held: Counter = Counter()
    for number, day, item, count in said:
        held[f"U{number}", day, item] += count
    content: dict = {}
    for (unit, day, item), count in held.items():
        content.setdefault(day_key(0, unit, day), {})[item] = {RECEIVED.number: count}
    cube = Cube()
    encoded = {key: encode_counters(counters) for key, counters in content.items()}
    cube.apply(0, encoded, Progress(partition=0, offsets={}, clock=1, made_by=""), 1)
    return cube, held


# The recount: by walking from each unit to whom its rows count for, not by laying anything out.


def heir(by_code: dict[str, Drawn], code: str, day: int) -> str:
    unit = by_code[code]
    if unit.successor is None or (unit.last is not None and day <= unit.last):
        return code
    return heir(by_code, unit.successor, day)


def counts_for(by_code: dict[str, Drawn], code: str, day: int) -> tuple[set[str], set[str]]:
    """The units for which a unit's rows count as own, and those for which they count with all below."""
    own = {code, at := heir(by_code, code, day)}
    pooled = set(own)
    while (parent := by_code[at].parent) is not None:
        pooled.add(at := heir(by_code, parent, day))
    return own, pooled | {COUNTRY}


def recount(drawn: list[Drawn], held: Counter, period: Period, day: int) -> tuple[Counter, Counter]:
    """Own and pooled counts by (unit, procedure) in a period, by the tree of a day."""
    by_code = {one.code: one for one in drawn}
    own: Counter = Counter()
    pooled: Counter = Counter()
    for (unit, at, item), count in held.items():
        if unit in by_code and (period.first is None or period.first <= at) and at <= period.last:
            alone, above = counts_for(by_code, unit, day)
            own.update({(one, item): count for one in alone})
            pooled.update({(one, item): count for one in above})
    return own, pooled


def figures(cube: Cube, order: TreeOrder, codes: list[str], period: Period, *, pooled: bool) -> Counter:
    """What the cube answers, by (unit, procedure); both ways of asking say the same."""
    scope = Scope.of(order, codes, pooled=pooled)
    with cube.reading() as reading:
        totals = scope.added(reading.totals(scope.codes, period))[:, COLUMNS["received"]]
        entries = scope.entries(reading.entries(scope.codes, RECEIVED, period))
        names = reading.items
    found: Counter = Counter()
    for row, item, count in zip(*entries, strict=True):
        found[codes[row], names[item]] = int(count)
    assert np.bincount(entries.units, entries.counts, len(codes)).astype(int).tolist() == totals.tolist()
    return found


@settings(deadline=None, max_examples=300)  # other work on the machine is no fault
@given(units(), rows, days, periods, st.data())
def test_every_count_is_where_a_plain_walk_through_the_tree_puts_it(drawn, said, day, span, data):
    cube, held = filled(said)
    order = Orders(tree_of(drawn)).on(day)
    period = Period(*span)
    own, pooled = recount(drawn, held, period, day)
    asked = data.draw(st.lists(st.sampled_from(order.codes), min_size=1, unique=True))
    for expected, is_pooled in ((own, False), (pooled, True)):
        found = figures(cube, order, asked, period, pooled=is_pooled)
        assert found == Counter({key: count for key, count in expected.items() if key[0] in asked})


@settings(deadline=None, max_examples=300)
@given(units(), rows, days, st.data())
def test_merging_units_keeps_every_count_above_them(drawn, said, day, data):
    cube, held = filled(said)
    merged = {}
    for unit in drawn:
        others = [one.code for one in drawn if int(one.code[1:]) < int(unit.code[1:])]
        if others and unit.successor is None and data.draw(st.booleans()):
            merged[unit.code] = replace(unit, successor=data.draw(st.sampled_from(others)), first=None, last=day - 1)
    before = Orders(tree_of(drawn)).on(day)
    after = Orders(tree_of([merged.get(one.code, one) for one in drawn])).on(day)
    kept = [code for code in before.codes if code not in merged and is_above_both(before, after, code, merged)]
    assert COUNTRY in kept
    period = Period(None, FIRST + DAYS)
    assert figures(cube, after, kept, period, pooled=True) == figures(cube, before, kept, period, pooled=True)
    everything = Counter()
    for (unit, _, item), count in held.items():
        if unit in after.tree:
            everything[COUNTRY, item] += count
    assert figures(cube, after, [COUNTRY], period, pooled=True) == everything
    counting = [code for place, code in enumerate(after.codes) if not after.is_absorbed[place]]
    alone = figures(cube, after, counting, period, pooled=False)
    assert sum(alone.values()) == sum(everything.values())


def is_above_both(before: TreeOrder, after: TreeOrder, code: str, merged: dict[str, Drawn]) -> bool:
    """Whether all merged units and their heirs lay below a unit, or neither of a pair did."""
    place = before.places[code]
    inside = set(before.codes[place : before.ends[place]])
    return all((one in inside) == (after.tree.heir(one, after.day) in inside) for one in merged)
