"""Histories of all families at once: dossiers, and what is said of their procedures, of petitions about them, and by their units."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from schemas.periods import Period
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
STARTS = ["H01.11", "H01.11", "H01.12", "H01.01", "H01", "X"]
"""Left parts of dossier codes; the last one names no unit."""
THEMES = [*[histories.INDICATORS] * len(histories.THEMES), *histories.THEMES]
STEPS = ["received", "accepted", "accepted", "answered", "published", "rated"]
WHOLE = [
    (date(2026, 3, 1), date(2026, 3, 31)),
    (date(2026, 1, 1), date(2026, 3, 31)),
    (date(2026, 1, 1), date(2026, 12, 31)),
    (date(2026, 1, 1), date(2026, 6, 30)),
    (date(2026, 4, 1), date(2026, 4, 30)),
    (date(2026, 2, 1), date(2026, 2, 28)),
    (date(2025, 1, 1), date(2025, 12, 31)),
]
"""Months, a quarter, a half and years, for which units declare figures."""

days: SearchStrategy[date] = st.integers(-2, 35).map(lambda n: FIRST_DAY + timedelta(days=n))
periods: SearchStrategy[tuple[date | None, date]] = st.one_of(
    st.sampled_from(WHOLE),
    st.tuples(days, days).map(lambda pair: (min(pair), max(pair))),
    days.map(lambda last: (None, last)),
)
"""The first day (None: since ever) and the last."""


@st.composite
def all_families(draw: DrawFn) -> History:
    """What was sent about a few dossiers and all that bears on their indicators, in any order."""
    name = draw(st.sampled_from(["Asia/Ho_Chi_Minh", "Asia/Ho_Chi_Minh", "America/New_York"]))
    zone = ZoneInfo(name)
    palette = draw(histories.palettes(zone))
    dossiers = histories.Writer(draw, zone, palette)
    codes = [f"{draw(st.sampled_from(STARTS))}-{n}" for n in range(draw(st.sampled_from([6, 5, 4, 3, 2, 1])))]
    for code in codes:
        dossiers.dossier(code, 8, THEMES)
    palette = (*palette, *draw(edges(zone)))
    others = family_histories.Writer(draw, palette, codes)
    told = [others.described, others.described, others.offered, others.offered, others.offered]
    told += [others.announced, others.published, others.declared, others.petition]
    more = draw(st.lists(st.sampled_from([*told, others.voided]), max_size=8))
    for tell in (*told, others.offered, others.declared, *more):
        tell()
    for kind in ("received", "received", *draw(st.lists(st.sampled_from(STEPS), max_size=5))):
        others.petition(kind)
    said = [*dossiers.said, *others.said]
    again = draw(st.lists(st.sampled_from(said), max_size=3))
    return History(name, palette, tuple(draw(st.permutations([*said, *again]))))


@st.composite
def edges(draw: DrawFn, zone: ZoneInfo) -> list[datetime]:
    """Where deadlines in working days end that begin on the first days."""
    day = FIRST_DAY + timedelta(days=draw(st.integers(0, 2)))
    ends = [last_of(after(day, n), zone) for n in (2, 5, 10, 15, 17, 20)]
    return draw(st.lists(st.sampled_from([near for end in ends for near in neighbours(end)]), max_size=5))


def product_period(first: date | None, last: date) -> Period:
    """The period as the product writes it."""
    return Period(None if first is None else day_number(first), day_number(last))
