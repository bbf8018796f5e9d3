"""The dossiers that are listed are those that the independent recount counts: over random histories, for all units and scopes."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from itertools import product as product_of
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.moments import Zone, parse_day, parse_moment
from schemas.periods import Period
from services.api.archive.archive import Archive
from services.api.archive.dossiers import STATUSES, Question, read_page
from services.api.cube.order import TreeOrder
from services.api.cube.scope import Scope
from services.common.instants import to_datetime
from services.scorer.domain.setting import Setting
from tests.integration.api.archiving import Archived, Row, archived_at, archived_row, dossier
from tests.oracle import product
from tests.oracle.histories import TREE, UNITS, days, histories, moments
from tests.oracle.profile import many
from tests.oracle.recount import Recount
from tests.oracle.said import day_of, moment_of
from tests.oracle.story import Story

DAYS = 2
WITHIN = f"due_soon within {DAYS} days"

looks = histories().flatmap(lambda history: st.tuples(st.just(history), moments(history), st.tuples(days, days)))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    with archived_at(tmp_path_factory.mktemp("postgres")) as made:
        yield made


@settings(many, max_examples=50)
@given(looks, st.integers(1, 3))
def test_a_list_holds_exactly_the_dossiers_that_are_counted(database: Archived, look, limit):
    history, now, period = look
    first, last = sorted(period)
    setting = product.SETTINGS[history.zone]
    known = product.dossiers(history.said, setting)
    rows = [archived_row(code, dossier, now, setting) for code, dossier in known.items()]
    database.fill(rows, as_of=moment_of(now).isoformat())
    recount = Recount(history.said, TREE, history.zone, now)
    days_asked = Period(product.day_number(first), product.day_number(last))
    listed = asyncio.run(_listed(database.url, days_asked, limit, now, setting))
    for (unit, pooled), found in listed.items():
        units = set(TREE.subtree(unit)) if pooled else {unit}
        for status in found:
            expected = {
                story.subject
                for story in recount.stories
                if story.counts and story.field("unit") in units and _is(status, story, recount, (first, last))
            }
            assert sorted(found[status]) == sorted(expected), (unit, pooled, status)
        scope: Literal["subtree", "own"] = "subtree" if pooled else "own"
        assert len(found["late"]) == recount.counts(unit, scope, first, last)["ended_late"]
        counts = recount.counts(unit, scope, None, day_of(moment_of(now), recount.zone))
        stocks = {"open": "open", "overdue": "open_overdue", "waiting": "open_waiting"}
        assert {name: len(found[name]) for name in stocks} == {name: counts[of] for name, of in stocks.items()}
        measured = recount.measures(None, day_of(moment_of(now), recount.zone))
        assert len(found["due_soon"]) == sum(cell["due_soon"] for (of, _), cell in measured.items() if of in units)


EDGES = {
    "overdue": (["now", "before"], ["after"]),
    "due_soon": (["soon", "soon until after"], ["not yet soon", "soon until now"]),
    WITHIN: (["after", "last day"], ["now", "next day"]),
    "late": (["first", "last"], ["on time", "no due", "too early", "too late"]),
}
"""Status -> dossiers of `_edges` that are listed, and those that only just are not."""


@pytest.mark.parametrize("status", EDGES)
def test_the_very_microsecond_decides(database: Archived, status: str):
    setting = product.SETTINGS["Asia/Ho_Chi_Minh"]
    listed, others = EDGES[status]
    database.fill(_edges(setting.zone).values(), as_of="2026-03-10T12:00:00+07:00")
    period = Period(parse_day("2026-03-02"), parse_day("2026-03-03"))
    now = parse_moment("2026-03-10T12:00:00", setting.zone)
    found = asyncio.run(_listed(database.url, period, 2, now, setting))["H01.11", False][status]
    assert set(listed) <= set(found)
    assert not set(others) & set(found)


def _edges(zone: Zone) -> dict[str, Row]:
    def open_until(code: str, text: str, beside: int) -> Row:
        due = to_datetime(parse_moment(text, zone) + beside)
        return dossier(code, unit="H01.11") | {"overdue_from": due, "due_at": due}

    def soon(code: str, since: int, until: int) -> Row:
        now = parse_moment("2026-03-10T12:00:00", zone)
        return open_until(code, "2026-03-10T12:00:00", until) | {"soon_from": to_datetime(now + since)}

    def ended(code: str, text: str, beside: int = 0, *, late: bool | None = True) -> Row:
        end = to_datetime(parse_moment(text, zone) + beside)
        return dossier(code, unit="H01.11", state="ended", late=late) | {"ended_at": end, "due_at": end}

    rows = [
        open_until("before", "2026-03-10T12:00:00", -1),
        open_until("now", "2026-03-10T12:00:00", 0),
        open_until("after", "2026-03-10T12:00:00", 1),
        open_until("last day", "2026-03-13T00:00:00", 0),  # in time up to the last microsecond of the 12th
        open_until("next day", "2026-03-13T00:00:00", 1),
        soon("not yet soon", 1, 2),
        soon("soon", 0, 1),
        soon("soon until after", -1, 1),
        soon("soon until now", -1, 0),
        ended("too early", "2026-03-02T00:00:00", -1),
        ended("first", "2026-03-02T00:00:00"),
        ended("last", "2026-03-04T00:00:00", -1),
        ended("too late", "2026-03-04T00:00:00"),
        ended("on time", "2026-03-03T00:00:00", late=False),
        ended("no due", "2026-03-03T00:00:00", late=None),
    ]
    return {row["code"]: row for row in rows}


def _is(status: str, story: Story, recount: Recount, period) -> bool:
    """What a status means, in the words of CONTRACT, section 2."""
    now = recount.now
    if status == "late":
        if not story.end or not story.past_due(story.end.moment) or story.booked(story.end.moment) > now:
            return False
        return period[0] <= day_of(story.booked(story.end.moment), recount.zone) <= period[1]
    if not story.is_open(now):
        return False
    if status == "overdue":
        return story.is_overdue(now)
    if status == "waiting":
        return bool(story.waits(now))
    if status == "due_soon":
        return story.is_due_soon(now)
    if status == WITHIN:
        last = story.falls_due()
        today = day_of(now, recount.zone)
        return last is not None and today <= day_of(last, recount.zone) <= today + timedelta(days=DAYS)
    return True


async def _listed(
    url: str, period: Period, limit: int, now: int, setting: Setting
) -> dict[tuple[str, bool], dict[str, list[str]]]:
    """The codes of every status page by page, by unit and whether it is pooled; each total is that of its pages."""
    archive = Archive(url)
    order = TreeOrder(TREE, setting.zone.day(now))
    found: dict[tuple[str, bool], dict[str, list[str]]] = {}
    try:
        async with archive.picture(0) as picture:
            for unit, pooled in product_of(UNITS, (False, True)):
                codes = Scope.of(order, [unit], pooled=pooled).codes
                found[unit, pooled] = {}
                for status, days in [*((one, None) for one in STATUSES), ("due_soon", DAYS)]:
                    asked = Question(status, codes, days, period, None, None, limit, None)
                    page = await read_page(picture, asked, setting.zone)
                    rows = [*page.dossiers]
                    while page.next is not None:
                        page = await read_page(picture, asked._replace(after=page.next), setting.zone)
                        rows += page.dossiers
                    assert len(rows) == page.total
                    found[unit, pooled][status if days is None else WITHIN] = [row.code for row in rows]
    finally:
        await archive.stop()
    return found
