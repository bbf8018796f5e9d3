"""Overdue and due-soon counts, and what days far ahead cost."""

from schemas.measures import BY_NAME
from schemas.moments import parse_day
from schemas.periods import Period
from schemas.rows import Progress, day_key, encode_counters
from schemas.units import Unit, UnitTree
from services.api.cube.cube import Cube
from services.api.cube.days import GAP
from services.api.cube.lateness import lateness
from services.api.cube.order import TreeOrder
from services.api.cube.scope import Scope
from services.api.cube.store import COLUMNS

TODAY = parse_day("2026-03-05")
ORDER = TreeOrder(
    UnitTree([Unit(code="A", name="A"), *(Unit(code=f"A.{n}", name=f"{n}", parent="A") for n in (1, 2))]), TODAY
)
RECEIVED, OPEN, OVERDUE, DUE_SOON, FALLS_DUE = (
    BY_NAME[name].number for name in ("received", "open", "open_overdue", "due_soon", "falls_due")
)
ABSURD = [parse_day(text) for text in ("2066-03-05", "2199-01-01", "2206-02-03", "3026-03-05", "9999-12-31")]
NUMBER = 4
"""Bytes."""
SPARE_UNITS = 128
"""More than the cube sets aside for units to come."""


def cube(rows: dict[tuple[str, int], dict[int, int]]) -> Cube:
    """A cube of one procedure: (unit, day) -> counts."""
    filled = Cube()
    put(filled, rows)
    return filled


def put(filled: Cube, rows: dict[tuple[str, int], dict[int, int]]) -> None:
    """Replace rows, as one transaction."""
    raw = {day_key(0, unit, day): encode_counters({"1.000105": counts}) for (unit, day), counts in rows.items()}
    filled.apply(0, raw, Progress(partition=0, offsets={}, clock=1, made_by=""), 1)


def read(filled: Cube, codes: list[str], *, pooled: bool = True) -> list[tuple[int, int]]:
    """(overdue, due soon) of each unit."""
    with filled.reading() as reading:
        found = lateness(reading, Scope.of(ORDER, codes, pooled=pooled), TODAY)
    return list(zip(found.overdue.tolist(), found.due_soon.tolist(), strict=True))


ROWS = {
    ("A.1", TODAY - 9): {RECEIVED: 9, OPEN: 9},
    ("A.1", TODAY - 2): {OVERDUE: 4, DUE_SOON: 3},
    ("A.1", TODAY): {OVERDUE: -1, DUE_SOON: -1, FALLS_DUE: 1},
    ("A.1", TODAY + 2): {FALLS_DUE: 2},
    ("A.1", TODAY + 3): {FALLS_DUE: 3},
    ("A.2", TODAY - 1): {DUE_SOON: 5},
    ("A.2", TODAY + 40): {FALLS_DUE: 5},
}


def test_those_above_a_unit_count_what_is_late_and_due_soon_below() -> None:
    assert read(cube(ROWS), ["A", "A.1", "A.2"]) == [(3, 7), (3, 2), (0, 5)]


def test_a_unit_by_itself_counts_nothing_of_those_below_it() -> None:
    assert read(cube(ROWS), ["A", "A.1"], pooled=False) == [(0, 0), (3, 2)]


def test_a_cube_without_rows_has_nothing_late() -> None:
    assert read(Cube(), ["A", "A.2"]) == [(0, 0), (0, 0)]


def test_days_ahead_change_nothing_else_in_a_period_that_has_not_ended() -> None:
    plain = {cell: {n: c for n, c in counts.items() if n != FALLS_DUE} for cell, counts in ROWS.items()}
    kept = [place for name, place in COLUMNS.items() if name != "falls_due"]
    for period in (Period(TODAY - 9, TODAY + 400), Period(None, TODAY), Period(TODAY + 1, TODAY + 50)):
        with cube(ROWS).reading() as one, cube(plain).reading() as other:
            with_due, without = (reading.totals(["A.1", "A.2"], period) for reading in (one, other))
        assert (with_due[:, kept] == without[:, kept]).all()


def test_absurd_due_dates_cost_one_number_a_unit_each_and_count_where_they_lie() -> None:
    units = [f"U{n}" for n in range(500)]
    past = {(unit, day): {RECEIVED: 1, OPEN: 1} for unit in units for day in range(TODAY - 60, TODAY)}
    filled = cube(past | {(unit, TODAY + 5): {FALLS_DUE: 1} for unit in units})
    before = filled.memory["totals"]
    absurd = [day + n for n in range(0, 40 * GAP, 40) for day in ABSURD if day + n <= ABSURD[-1]]
    put(filled, {("U7", day): {FALLS_DUE: 1} for day in absurd})
    numbers = (filled.memory["totals"] - before) // NUMBER
    assert numbers <= (len(units) + SPARE_UNITS) * (len(absurd) + 1)
    with filled.reading() as reading:
        upto = [reading.totals(["U7"], Period(TODAY, ABSURD[-1] - off)) for off in (0, 1)]
    assert [int(found[0, COLUMNS["falls_due"]]) for found in upto] == [1 + len(absurd), len(absurd)]


def test_what_passed_its_due_moment_leaves_no_count_behind() -> None:
    filled = cube(ROWS)
    put(filled, {("A.1", TODAY): {OVERDUE: 0}, ("A.1", TODAY + 2): {RECEIVED: 0}})
    assert read(filled, ["A.1"]) == [(4, 3)]
    with filled.reading() as reading:
        assert reading.totals(["A.1"], Period(TODAY, TODAY + 3))[0, COLUMNS["falls_due"]] == 3
