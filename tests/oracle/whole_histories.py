"""Histories of all families at once: dossiers, and what is said of their procedures, of petitions about them, and by their units."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from schemas.periods import Period, parse_period
from schemas.units import UnitTree
from tests.oracle import family_histories, histories
from tests.oracle.families import neighbours
from tests.oracle.histories import FIRST_DAY, History
from tests.oracle.product import day_number
from tests.oracle.said import last_of
from tests.oracle.workdays import after

TREE = UnitTree([*histories.TREE, *(unit for unit in family_histories.TREE if unit.code not in histories.TREE)])
"""The province with two departments and two communes, one of them below a department; a ministry with a department."""

UNITS = [unit.code for unit in TREE]
NAMED = ["2026-03", "2026-Q1", "2026", "2026-H1", "2026-04", "2026-02", "2025"]


def whole(text: str) -> tuple[date, date]:
    """The days of a named period."""
    period: Period = parse_period(text, 0)
    first = period.first
    assert first is not None
    return date.fromordinal(first + _EPOCH), date.fromordinal(period.last + _EPOCH)


_EPOCH = date(1970, 1, 1).toordinal()

days: SearchStrategy[date] = st.integers(-2, 35).map(lambda n: FIRST_DAY + timedelta(days=n))
periods: SearchStrategy[tuple[date | None, date]] = st.one_of(
    st.sampled_from(NAMED).map(whole),
    st.tuples(days, days).map(lambda pair: (min(pair), max(pair))),
    days.map(lambda last: (None, last)),
)
"""The first day (None: since ever) and the last."""


@st.composite
def all_families(draw: DrawFn) -> History:
    """What was sent about a few dossiers and all that bears on their indicators, in any order."""
    told = draw(histories.histories(dossiers=4, events=8))
    palette = (*told.palette, *draw(edges(ZoneInfo(told.zone))))
    codes = sorted({one.event["subject"] for one in told.said}) or ["H01.11-1"]
    writer = family_histories.Writer(draw, palette, codes)
    for _ in range(draw(st.integers(0, 14))):
        writer.other() if draw(st.integers(0, 2)) else writer.petition()
    return History(told.zone, palette, tuple(draw(st.permutations([*told.said, *writer.said]))))


@st.composite
def edges(draw: DrawFn, zone: ZoneInfo) -> list[datetime]:
    """Where deadlines in working days end that begin on the first days."""
    day = FIRST_DAY + timedelta(days=draw(st.integers(0, 2)))
    ends = [last_of(after(day, n), zone) for n in (2, 5, 10, 15, 17, 20)]
    return draw(st.lists(st.sampled_from([near for end in ends for near in neighbours(end)]), max_size=5))


def product_period(first: date | None, last: date) -> Period:
    """The period as the product writes it."""
    return Period(None if first is None else day_number(first), day_number(last))
