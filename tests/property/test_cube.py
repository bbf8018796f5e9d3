"""Any period read from the cube equals a plain sum over its rows."""

from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.measures import BY_NAME, Kind
from schemas.periods import Period
from schemas.rows import Progress, day_key, encode_counters
from schemas.units import Unit, UnitTree
from services.api.cube.cube import Cube
from services.api.cube.order import TreeOrder
from services.api.cube.scope import Scope
from services.api.cube.store import COLUMNS

UNITS = ["A", "A.1", "A.2", "A.2.x", "B"]
PARENTS = {"A.1": "A", "A.2": "A", "A.2.x": "A.2"}
MEASURES = [
    BY_NAME[name]
    for name in ("received", "open", "stars_sum", "processing_seconds", "petition_open", "announced", "falls_due")
]
PARTITIONS = 2

days = st.one_of(st.integers(20_500, 20_540), st.sampled_from([-25_000, 0, 20_200, 20_600, 2_932_896]))
counters = st.dictionaries(
    st.sampled_from(["", "1.000105", "2.000488"]),
    st.dictionaries(
        st.sampled_from([measure.number for measure in MEASURES]), st.integers(-5, 5).filter(bool), min_size=1
    ),
    max_size=3,
)
row = st.tuples(st.integers(0, PARTITIONS - 1), st.sampled_from(UNITS), days, counters)
batches = st.lists(st.lists(row, max_size=6), max_size=12)
periods = st.tuples(st.none() | days, days).filter(lambda span: span[0] is None or span[0] <= span[1])


def tree(parents: dict[str, str]) -> UnitTree:
    return UnitTree(Unit(code=code, name=code, parent=parents.get(code)) for code in UNITS)


def filled(history) -> tuple[Cube, dict]:
    """A cube that got the rows in batches, and the last row of each key."""
    cube, last = Cube(), {}
    for batch in history:
        rows: dict[int, dict] = defaultdict(dict)
        for partition, unit, day, content in batch:
            rows[partition][day_key(partition, unit, day)] = encode_counters(content) if content else None
            last[partition, unit, day] = content
        for partition, changed in rows.items():
            cube.apply(partition, changed, Progress(partition=partition, offsets={}, clock=1, made_by=""), 1)
    return cube, last


def direct(last, units, measure, first, until) -> dict[str, int]:
    """The plain sum, by procedure."""
    found: dict[str, int] = defaultdict(int)
    for (_, unit, day), content in last.items():
        inside = day <= until and (measure.kind is Kind.STOCK or first is None or day >= first)
        if unit in units and inside:
            for item, counts in content.items():
                found[item] += counts.get(measure.number, 0)
    return {item: n for item, n in found.items() if n}


@settings(deadline=None)  # other work on the machine is no fault
@given(batches, periods)
def test_a_period_of_every_unit_is_the_sum_of_its_days(history, span):
    cube, last = filled(history)
    with cube.reading() as reading:
        totals = reading.totals(UNITS, Period(*span))
    for place, unit in enumerate(UNITS):
        for measure in MEASURES:
            expected = sum(direct(last, {unit}, measure, *span).values())
            assert totals[place, COLUMNS[measure.name]] == expected


@settings(deadline=None)
@given(batches, periods, st.sampled_from(MEASURES))
def test_a_measure_by_procedure_is_the_sum_of_its_days(history, span, measure):
    cube, last = filled(history)
    with cube.reading() as reading:
        rows, items, counts = reading.entries(UNITS, measure, Period(*span))
        names = reading.items
    found = {(UNITS[row], names[item]): n for row, item, n in zip(rows, items, counts, strict=True)}
    expected = {
        (unit, item): n for unit in UNITS for item, n in direct(last, {unit}, measure, *span).items()
    }  # fmt: skip
    assert found == expected


@settings(deadline=None)
@given(batches, st.permutations(range(12)), periods)
def test_only_the_last_row_of_a_key_counts_whatever_came_between(history, order, span):
    cube, last = filled(history)
    shuffled = [[(*key, content)] for key, content in last.items()]
    other, _ = filled([shuffled[i] for i in order if i < len(shuffled)] + shuffled)
    with cube.reading() as one, other.reading() as same:
        assert np.array_equal(one.totals(UNITS, Period(*span)), same.totals(UNITS, Period(*span)))


trees = st.sampled_from([PARENTS, {}, {"A": "B", "A.1": "A", "A.2": "A.1", "A.2.x": "A.1"}])


@settings(deadline=None)
@given(batches, trees, st.sets(st.sampled_from(UNITS), min_size=1), st.booleans(), periods)
def test_units_pool_what_lies_below_them_also_after_they_moved(history, parents, asked, pooled, span):
    cube, last = filled(history)
    order = TreeOrder(tree(parents), 20_500)
    scope = Scope.of(order, sorted(asked), pooled=pooled)
    with cube.reading() as reading:
        totals = scope.added(reading.totals(scope.codes, Period(*span)))
        entries = {m: scope.entries(reading.entries(scope.codes, m, Period(*span))) for m in MEASURES}
        names = reading.items
    for row, unit in enumerate(sorted(asked)):
        units = set(order.tree.subtree(unit)) if pooled else {unit}
        for measure in MEASURES:
            expected = direct(last, units, measure, *span)
            assert totals[row, COLUMNS[measure.name]] == sum(expected.values())
            rows, items, counts = entries[measure]
            found = {names[i]: n for r, i, n in zip(rows, items, counts, strict=True) if r == row}
            assert found == expected
            keys = list(zip(rows, items, strict=True))
            assert keys == sorted(set(keys))


def test_many_entries_of_a_measure_are_sorted_in_and_still_add_up():
    history = [
        [(0, f"U{n % 97}", 20_000 + n % 400, {"": {0: 1 + n // 9_000}}) for n in range(step, step + 3_000)]
        for step in range(0, 27_000, 3_000)
    ]
    cube, last = filled(history)
    units = [f"U{n}" for n in range(97)]
    with cube.reading() as reading:
        rows, _, counts = reading.entries(units, BY_NAME["received"], Period(20_100, 20_250))
    expected = [sum(direct(last, {unit}, BY_NAME["received"], 20_100, 20_250).values()) for unit in units]
    assert np.bincount(rows, counts, 97).astype(int).tolist() == expected
