"""`nhip up --demo` as a stranger sees it: the whole history, the worst commune, scores that move, nothing lost by kills."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from deploy.demo.days import DAYS, of_day
from deploy.demo.office import offices, worst
from tests.e2e.door import get, run
from tests.stack import Stack
from tests.waiting import until

pytestmark = pytest.mark.timeout(600)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with the demo that was killed while its history loaded, and ingest with it."""
    stack = Stack(tmp_path_factory.mktemp("demo") / "home").launch("--demo").await_ready()
    until(lambda: "history up to" in stack.said(1000), stack.said)
    formers = [(name, stack.kill_service(name)) for name in ("demo", "ingest")]
    for name, former in formers:
        stack.await_restart(name, former)
    until(lambda: "up to date after" in stack.said(1000), stack.said)
    run(stack, "wait")
    yield stack
    assert stack.stop() == 0


def test_every_commune_and_department_has_the_history_of_its_working_days(demo: Stack):
    today = datetime.now(ZONE).date()
    begin, end = today - timedelta(days=DAYS - 12), today - timedelta(days=7)  # nothing is on its way across these
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for number in range(2, DAYS - 1):
        for _, event in of_day(today - timedelta(days=number), ZONE):
            told[event["subject"]][event["type"].rpartition(".")[2]] = event["time"][:10]
    expected = Counter(
        subject.partition("-")[0]
        for subject, days in told.items()
        if begin.isoformat() <= days.get("received", "") <= end.isoformat() and not days.keys() & {"declined", "voided"}
    )
    period = {"from": begin.isoformat(), "to": end.isoformat()}
    counted = get(demo, "/v1/counts", parent="H01", **period)
    assert {one["unit"]: one["counts"]["received"] for one in counted} == expected
    assert set(expected) == {office.unit for office in offices()}
    assert run(demo, "rejected", "list").startswith("0 of 0")


def test_a_stranger_sees_which_commune_is_worst(demo: Stack):
    communes = get(demo, "/v1/rankings", parent="H01", kind="commune")["units"]
    assert communes[-1]["unit"]["code"] == worst()[0].unit
    assert "Dữ liệu mô phỏng" in httpx.get(demo.api_url, timeout=60).text


def test_the_console_says_how_to_see_the_dossiers(demo: Stack):
    address, key = re.findall(r"sign in at (\S+) with the key (\S+)", demo.said(1000))[-1]
    with httpx.Client(timeout=60) as browser:
        entered = browser.post(address, data={"key": key, "next": "/units/H01/dossiers"})
        assert entered.headers["location"] == "/units/H01/dossiers"
        until(lambda: "/dossiers/H01." in browser.get(demo.api_url + "/units/H01/dossiers").text, demo.said)


def test_scores_move_while_somebody_looks(demo: Stack):
    before = totals(demo)
    until(lambda: totals(demo) != before, demo.said)


def test_a_second_start_goes_on(demo: Stack):
    before = get(demo, "/v1/units/H01/counts")["counts"]
    assert demo.stop() == 0
    demo.start("--demo")
    until(lambda: demo.said(1000).count("up to date after") == 2, demo.said)
    run(demo, "wait")
    after = get(demo, "/v1/units/H01/counts")["counts"]
    assert before["received"] <= after["received"] < before["received"] + 1000  # nothing doubled
    until(lambda: get(demo, "/v1/units/H01/counts")["counts"]["received"] > after["received"], demo.said)


def totals(demo: Stack) -> dict[str, float]:
    """The total of each commune, as the page ranks them."""
    return {
        one["unit"]["code"]: one["total"] for one in get(demo, "/v1/rankings", parent="H01", kind="commune")["units"]
    }
