"""The dossiers that are listed are those that the independent recount counts: over random histories, units, scopes, periods."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.local.postgres import Postgres
from schemas.periods import Period
from services.api.archive.archive import Archive
from services.api.archive.dossiers import STATUSES, Page, Question, read_page
from services.api.cube.order import TreeOrder
from services.api.cube.scope import Scope
from tests.integration.api.archiving import Archived, archived_row
from tests.oracle import product
from tests.oracle.histories import TREE, UNITS, days, histories, moments
from tests.oracle.profile import many
from tests.oracle.recount import Recount
from tests.oracle.said import day_of, moment_of
from tests.oracle.story import Story

WITHIN = 2

looks = histories().flatmap(lambda history: st.tuples(st.just(history), moments(history), st.tuples(days, days)))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    server = Postgres(tmp_path_factory.mktemp("postgres"))
    server.start()
    yield Archived(server)
    server.stop()


@settings(many, max_examples=60)
@given(looks, st.sampled_from(UNITS), st.booleans(), st.integers(1, 3))
def test_a_list_holds_exactly_the_dossiers_that_are_counted(database: Archived, look, unit, pooled, limit):
    history, now, period = look
    first, last = sorted(period)
    setting = product.SETTINGS[history.zone]
    known = product.dossiers(history.said, setting)
    rows = [archived_row(code, dossier, now, setting) for code, dossier in known.items()]
    database.fill(rows, as_of=moment_of(now).isoformat().replace("+00:00", "Z"))
    recount = Recount(history.said, TREE, history.zone, now)
    units = set(TREE.subtree(unit)) if pooled else {unit}
    days_asked = Period(product.day_number(first), product.day_number(last))
    order = TreeOrder(TREE, setting.zone.day(now))
    scope = Scope.of(order, [unit], pooled=pooled)
    listed = asyncio.run(_listed(database.url, scope.codes, days_asked, limit, setting))
    for status in STATUSES:
        expected = {
            story.subject
            for story in recount.stories
            if story.counts and story.field("unit") in units and _is(status, story, recount, (first, last))
        }
        assert sorted(listed[status]) == sorted(expected), status
    counts = recount.counts(unit, "subtree" if pooled else "own", first, last)
    assert len(listed["late"]) == counts["ended_late"]
    counts = recount.counts(unit, "subtree" if pooled else "own", None, day_of(moment_of(now), recount.zone))
    assert len(listed["open"]) == counts["open"]
    assert len(listed["overdue"]) == counts["open_overdue"]
    assert len(listed["waiting"]) == counts["open_waiting"]


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
        last = story.falls_due()
        today = day_of(now, recount.zone)
        return last is not None and today <= day_of(last, recount.zone) <= today + timedelta(days=WITHIN)
    return True


async def _listed(url: str, units: list[str], period: Period, limit: int, setting) -> dict[str, list[str]]:
    """The codes of every status, page by page; each page in order, the totals of all pages the same."""
    archive = Archive(url)
    found: dict[str, list[str]] = {}
    try:
        async with archive.picture(0) as picture:
            for status in STATUSES:
                codes: list[str] = []
                page = Page([], 0, None)
                while not codes or page.next is not None:
                    asked = Question(status, units, WITHIN, period, None, None, limit, page.next)
                    page = await read_page(picture, asked, setting.zone)
                    codes += [row.code for row in page.dossiers]
                    if not page.dossiers:
                        break
                assert len(codes) == page.total
                found[status] = codes
    finally:
        await archive.stop()
    return found
