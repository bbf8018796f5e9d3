"""Statutory and working time of whole dossiers, in weeks with Tết, a swapped Saturday or a change of clocks: equal to the recount."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.oracle import product
from tests.oracle.histories import PROCEDURES, TREE, UNITS, micros
from tests.oracle.profile import many
from tests.oracle.recount import Recount
from tests.oracle.said import Said

WEEKS = [date(2026, 2, 9), date(2026, 3, 2), date(2026, 8, 17)]
TIMES = [
    time(6, 50),
    time(7),
    time(9, 20),
    time(11, 30),
    time(11, 45),
    time(13, 30),
    time(16, 40),
    time(17),
    time(20, 5, 30),
]


@st.composite
def dossiers(draw: st.DrawFn) -> tuple[str, list[Said], datetime]:
    """The zone, what was sent about one dossier of two weeks, in order, and a moment to look at it."""
    zone = draw(st.sampled_from(sorted(product.SETTINGS)))
    first = draw(st.sampled_from(WEEKS))
    stamps = st.tuples(st.integers(0, 13), st.sampled_from(TIMES))
    drawn = draw(st.lists(stamps, min_size=6, max_size=6, unique=True))
    moments = [datetime.combine(first + timedelta(days=day), at, ZoneInfo(zone)) for day, at in sorted(drawn)]
    received: dict[str, Any] = {"unit": draw(st.sampled_from(UNITS)), "procedure": draw(st.sampled_from(PROCEDURES))}
    if draw(st.booleans()):
        received["allowed"] = draw(st.sampled_from([0.25, 0.5, 1, 2, 4, 6]))
        received["allowed_unit"] = draw(st.sampled_from(["working_day", "hour", "day", "month"]))
    told: list[tuple[str, dict[str, Any]]] = [
        ("supplement_requested", {"supplement": "a"}),
        ("supplemented", {"supplement": "a"}),
        ("rescheduled", {"due_at": str(draw(st.sampled_from(moments)).isoformat())}),
        ("processed", {}),
    ]
    kept = draw(st.lists(st.booleans(), min_size=4, max_size=4))
    events = [("received", received), *(event for event, keep in zip(told, kept, strict=True) if keep)]
    said = [_said(n, kind, at, data) for n, ((kind, data), at) in enumerate(zip(events, moments, strict=False))]
    return zone, said, draw(st.sampled_from(moments)) + timedelta(days=draw(st.sampled_from([0, 1, 60])))


def _said(n: int, kind: str, at: datetime, data: dict[str, Any]) -> Said:
    event = {"specversion": "1.0", "id": str(n), "source": "/mot-cua/a", "type": f"nhip.dossier.{kind}", "subject": "H01-1",
             "time": at.isoformat(), "data": data}  # fmt: skip
    return Said(event, "H01")


@many
@given(dossiers())
def test_every_measure_equals_the_recount(dossier: tuple[str, list[Said], datetime]):
    zone, said, look = dossier
    setting, now, ever = product.SETTINGS[zone], micros(look), look.date() + timedelta(days=400)
    cube = product.cube(product.dossiers(said, setting), now, setting)
    for last in (look.date(), ever):
        assert _plain(product.measures(cube, None, last)) == _plain(Recount(said, TREE, zone, now).measures(None, last))


def _plain(table: dict[Any, Any]) -> dict[Any, int]:
    return {(place, name): n for place, counts in table.items() for name, n in counts.items() if n}
