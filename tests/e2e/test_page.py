"""The pages in a browser, over a whole stack of its own: what one sees, that it moves, and what happens when the api dies."""

import re
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from services.api.page.figures import Figures
from services.api.page.words import order_key
from tests.e2e.door import counts, get, push, run
from tests.e2e.dossiers import processed, received
from tests.stack import Stack
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PHONE, LAPTOP, WALL = (390, 844), (1366, 768), (1920, 1080)
BEST, WORST, OTHER = "H01.30307", "H01.30577", "H01.30292"
VIEWS = (
    "/",
    "/units/H01",
    "/units/H01?kind=department&period=week&q=xa&sort=-name",
    f"/units/{BEST}",
    "/units/H99",  # nobody ever handed anything in there
    "/units/H01?period=2099",
)
BEHIND = (
    "/units/H01/dossiers?status=open",
    "/units/H01/dossiers?status=late",
    f"/dossiers/{WORST}-26-p0",
    "/units/H01/findings",
    "/units/H01/published",
    "/units/H01/whatif",
    "/login",
)
"""Pages behind the numbers."""
UNITS = """\
code,name,kind,parent
H01,An Giang,province,
H01.STP,Sở Tư pháp,department,H01
H01.SXD,Sở Xây dựng,department,H01
H01.30307,Phường Long Xuyên,commune,H01
H01.30292,Phường Bình Đức,commune,H01
H01.30577,Xã Ô Lâm,commune,H01
H01.30580,Xã Cô Tô,commune,H01
H01.30688,Xã Óc Eo,commune,H01
H01.31078,Đặc khu Phú Quốc,commune,H01
H99,Tỉnh Đối Chứng,province,
"""
UNREAD = re.compile(r"^Failed to load resource: (net::ERR_|the server responded with a status of 503)")
"""What a console says of anything that a dead api, or one that is loading, could not give."""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def nhip(start_stack: Callable[..., Stack], tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """Two provinces with a few dossiers; its api is killed on the way."""
    stack = start_stack(NHIP_DEMO="true")
    units: Path = tmp_path_factory.mktemp("units") / "units.csv"
    units.write_text(UNITS, "utf-8")
    run(stack, "units", "load", str(units))
    events = [received(unit, number, late=unit == WORST) for unit in (BEST, WORST, OTHER) for number in range(20)]
    events += [processed(unit, number) for unit in (BEST, OTHER) for number in range(10)]
    assert push(stack, stack.key("page", "H01"), *events).status_code == 202
    run(stack, "wait")
    return stack


@pytest.fixture(scope="module")
def key(nhip: Stack) -> str:
    return nhip.key("more", "H01")


@pytest.fixture(scope="module")
def read_key(nhip: Stack) -> str:
    """A read key of the province; the archive has caught up with what the counts count."""
    key = nhip.key("people", "H01", read=True)
    overdue = counts(nhip, "H01")["open_overdue"]
    headers = {"Authorization": f"Bearer {key}"}
    address = f"{nhip.api_url}/v1/units/H01/dossiers"
    until(lambda: httpx.get(address, headers=headers, timeout=60).json().get("total", -1) >= overdue, nhip.said)
    return key


@pytest.fixture
def numbers() -> Iterator[int]:
    return iter(range(int(time.time() * 1000) % 1_000_000_000, 1 << 62))


@pytest.mark.parametrize("size", [PHONE, LAPTOP, WALL], ids=["phone", "laptop", "wall"])
@pytest.mark.parametrize("locale", ["vi-VN", "en-GB"])
@pytest.mark.parametrize("path", VIEWS)
def test_every_view_is_whole_in_both_languages_at_every_size(
    nhip: Stack, open_page: Open, path: str, locale: str, size: tuple[int, int]
):
    page = open_page(nhip.api_url + path, size=size, locale=locale)
    expect(page.locator("html")).to_have_attribute("lang", locale[:2])
    expect(page.get_by_role("note")).to_contain_text("Dữ liệu mô phỏng" if locale == "vi-VN" else "Simulated data")
    expect(page.locator("#age")).not_to_be_empty()
    expect(page.get_by_role("alert")).to_be_hidden()
    for chart in page.locator(".chart").all():
        expect(chart.locator("svg.marks, .none")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it overflows to the right"


def test_a_stranger_sees_the_worst_at_once(nhip: Stack, open_page: Open):
    page = open_page(nhip.api_url + "/units/H01")
    first = page.locator("#lowest li").first
    expect(first).to_contain_text("Xã Ô Lâm")
    expect(first).to_be_in_viewport()


def test_a_pushed_event_is_on_the_screen_within_a_second(
    nhip: Stack, key: str, open_page: Open, numbers: Iterator[int]
):
    page = open_page(f"{nhip.api_url}/units/{BEST}")
    page.wait_for_function("document.querySelector('.chart svg')")
    took = []
    for _ in range(3):
        watch(page, "#total")
        began = time.time()
        assert push(nhip, key, received(BEST, next(numbers), late=True)).status_code == 202
        took.append(page.evaluate("window.changed") / 1000 - began)
    assert statistics.median(took) < 1, took
    total = get(nhip, f"/v1/units/{BEST}/score")["total"]
    expect(page.locator("#total")).to_have_text(Figures("vi").points(total))


def test_what_moves_is_marked_in_the_ranking_and_listed(nhip: Stack, key: str, open_page: Open, numbers: Iterator[int]):
    page = open_page(nhip.api_url + "/units/H01")
    row = page.locator(f'#ranking tr[data-code="{OTHER}"]')
    page.wait_for_function("document.querySelector('.chart svg')")
    overdue = int(row.locator('[data-cell="overdue"]').inner_text())
    push(nhip, key, received(OTHER, next(numbers), late=True))
    expect(row.locator('[data-cell="overdue"]')).to_have_text(str(overdue + 1))
    expect(row).to_have_class(re.compile("moved"))
    changed = page.locator("#changed li").first
    expect(changed).to_contain_text("Phường Bình Đức")
    expect(changed.locator(".down")).to_contain_text("−")


def test_counts_and_charts_follow_too(nhip: Stack, key: str, open_page: Open, numbers: Iterator[int]):
    page = open_page(nhip.api_url + "/units/H01")
    page.wait_for_function("document.querySelector('.chart svg')")
    charts = page.locator("#flow-spec").text_content()
    explained = page.locator('[data-key="explanation"]').inner_text()
    overdue = page.locator('[data-key="overdue"]').inner_text()
    push(nhip, key, received(WORST, next(numbers), late=True))
    expect(page.locator('[data-key="overdue"]')).to_have_text(str(int(overdue) + 1))
    changed = "charts => document.getElementById('flow-spec').textContent !== charts"
    page.wait_for_function(changed, arg=charts)
    expect(page.locator('[data-key="explanation"]')).not_to_have_text(explained)


def test_a_dead_api_is_said_and_its_return_brings_the_new_numbers(
    nhip: Stack, key: str, open_page: Open, numbers: Iterator[int], complaints: list[str]
):
    page = open_page(f"{nhip.api_url}/units/{BEST}")
    page.wait_for_function("document.querySelector('.chart svg')")
    before = page.locator("#total").inner_text()
    former = nhip.kill_service("api")
    expect(page.get_by_role("alert")).to_be_visible()
    push(nhip, key, *(received(BEST, next(numbers), late=True) for _ in range(5)))
    nhip.await_restart("api", former)
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.locator("#total")).not_to_have_text(before)
    run(nhip, "wait")
    total = get(nhip, f"/v1/units/{BEST}/score")["total"]
    expect(page.locator("#total")).to_have_text(Figures("vi").points(total))
    complaints[:] = [one for one in complaints if not UNREAD.search(one)]


def test_figures_that_are_cut_off_on_their_way_come_again(
    nhip: Stack, key: str, open_page: Open, numbers: Iterator[int], complaints: list[str]
):
    page = open_page(nhip.api_url + "/units/H01")
    page.wait_for_function("document.querySelector('.chart svg')")
    overdue = page.locator('[data-key="overdue"]')
    before = int(overdue.inner_text())
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as threads:
        cut = threads.submit(cut_off, server)
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        with page.expect_event("requestfailed"):
            page.route("**", lambda route: route.continue_(url=address))
            push(nhip, key, received(WORST, next(numbers), late=True))
        cut.result(60)
    page.unroute("**")
    push(nhip, key, received(WORST, next(numbers), late=True))
    expect(overdue).to_have_text(str(before + 2))
    complaints[:] = [one for one in complaints if not UNREAD.search(one)]


def test_search_finds_without_diacritics_and_the_address_keeps_it(nhip: Stack, open_page: Open):
    page = open_page(nhip.api_url + "/units/H01")
    page.get_by_role("searchbox").fill("o lam")
    expect(page.locator("#ranking tbody tr:visible")).to_have_count(1)
    expect(page.locator("#ranking tbody tr:visible")).to_contain_text("Xã Ô Lâm")
    page.reload()
    expect(page.locator("#ranking tbody tr:visible")).to_have_count(1)


def test_columns_sort_both_ways_by_keyboard_too(nhip: Stack, open_page: Open):
    page = open_page(nhip.api_url + "/units/H01?kind=all")
    by_name = page.locator("#ranking thead").get_by_role("link", name="Đơn vị")
    by_name.focus()
    page.keyboard.press("Enter")
    names = page.locator("#ranking tbody th a").all_inner_texts()
    assert names == [
        "Đặc khu Phú Quốc",
        "Phường Bình Đức",
        "Phường Long Xuyên",
        "Sở Tư pháp",
        "Sở Xây dựng",
        "Xã Cô Tô",
        "Xã Óc Eo",
        "Xã Ô Lâm",
    ]
    expect(page.locator("#ranking thead th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    page.keyboard.press("Enter")
    assert page.locator("#ranking tbody th a").all_inner_texts() == names[::-1]
    assert "sort=-name" in page.url


def test_pickers_keep_what_else_was_chosen(nhip: Stack, open_page: Open):
    page = open_page(nhip.api_url + "/units/H01?kind=all")
    page.get_by_role("searchbox").fill("xa")
    page.locator("#pickers select[name=period]").select_option("month")
    expect(page).to_have_url(re.compile("period=month"))
    assert {"kind=all", "q=xa"} <= set(page.url.partition("?")[2].split("&"))
    page.locator("#pickers select[name=period]").select_option("custom")
    page.get_by_label("Từ ngày").fill("2026-01-02")
    page.get_by_label("Đến ngày").fill("2026-01-03")
    page.locator("#pickers").get_by_role("button", name="Xem").click()
    expect(page.locator("#total-heading")).to_contain_text("02/01/2026 – 03/01/2026")
    page.locator("#language").click()
    expect(page.locator("#total-heading")).to_contain_text("2 Jan 2026 – 3 Jan 2026")


def test_without_scripts_everything_can_be_read_and_chosen(nhip: Stack, open_page: Open):
    page = open_page(nhip.api_url + "/units/H01", java_script_enabled=False)
    expect(page.locator("#ranking tbody tr:visible")).to_have_count(6)
    page.get_by_role("searchbox").fill("long xuyen")
    page.locator("#search button").click()
    expect(page.locator("#ranking tbody tr:visible")).to_have_count(1)
    page.get_by_role("link", name="Phường Long Xuyên").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Phường Long Xuyên")
    page.locator("#trend + script + details summary").click()
    expect(page.locator('[data-key="trend-table"]')).to_be_visible()


def test_browser_and_server_write_figures_and_sort_names_alike(nhip: Stack, open_page: Open):
    page = open_page(nhip.api_url + "/units/H01")
    figures = Figures("vi")
    values = [0, 7, 1234.5, 98765.43, 0.1]
    written = page.evaluate(
        "async (values) => { const f = await import('/static/figures.js');"
        " return values.map((one) => [f.count(one), f.points(one), f.percent(one)]); }",
        values,
    )
    assert written == [[figures.count(one), figures.points(one), figures.percent(one)] for one in values]
    names = [line.split(",")[1] for line in Path("deploy/units/vietnam.csv").read_text("utf-8").splitlines()[1:]]
    sorted_there = page.evaluate(
        "async (names) => { const f = await import('/static/figures.js'); return names.sort(f.byName); }", names
    )
    assert [order_key(name)[:2] for name in sorted_there] == sorted(order_key(name)[:2] for name in names)


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize("locale", ["vi-VN", "en-GB"])
def test_every_page_behind_the_numbers_is_whole_in_both_languages(
    nhip: Stack, read_key: str, open_page: Open, locale: str, size: tuple[int, int]
):
    page = open_page(nhip.api_url + "/login", size=size, locale=locale)
    sign_in(page, read_key)
    for path in BEHIND:
        answer = page.goto(nhip.api_url + path)
        assert answer is not None
        assert answer.status == 200, path
        expect(page.locator("html")).to_have_attribute("lang", locale[:2])
        expect(page.get_by_role("note")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} overflows to the right"


def test_three_clicks_lead_from_a_provinces_total_to_the_dossier_that_costs_most(
    nhip: Stack, read_key: str, open_page: Open
):
    page = open_page(nhip.api_url + "/units/H01/dossiers")
    expect(page).to_have_url(re.compile("/login"))
    sign_in(page, read_key)
    expect(page).to_have_url(re.compile("/units/H01/dossiers$"))
    ways = (
        (WORST, "#lowest a", '[data-key="overdue"]', "#dossiers tbody th a"),
        ("H01", "#explanation a[href*='status=overdue']", "#dossiers tbody th a"),
        ("H01", '[data-key="overdue"]', "#dossiers tbody th a"),
    )
    for unit, *clicks in ways:
        headers = {"Authorization": f"Bearer {read_key}"}
        told = httpx.get(f"{nhip.api_url}/v1/units/{unit}/dossiers", headers=headers, timeout=60).json()
        page.goto(nhip.api_url + "/units/H01")
        expect(page.locator("#total")).to_be_visible()
        assert len(clicks) <= 3
        for selector in clicks:
            page.locator(selector).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(told["dossiers"][0]["code"])
        expect(page.locator(".life")).to_contain_text("hồ sơ đang xử lý đã quá hạn +1")
    page.get_by_role("button", name="Đăng xuất").click()
    page.goto(nhip.api_url + "/units/H01/dossiers")
    expect(page).to_have_url(re.compile("/login"))


def test_what_if_works_without_scripts(nhip: Stack, open_page: Open):
    page = open_page(f"{nhip.api_url}/units/{BEST}", java_script_enabled=False)
    page.get_by_role("link", name="Thử thay đổi").click()
    page.get_by_label("hồ sơ đã đồng bộ").fill("10")
    page.get_by_role("button", name="Tính thử").click()
    own = page.locator("#supposed tr.own")
    expect(own).to_contain_text("Phường Long Xuyên")
    expect(own.locator("td").last).to_contain_text("+")
    expect(page.locator("#supposed tbody tr")).to_have_count(6)
    expect(page.get_by_label("hồ sơ đã đồng bộ")).to_have_value("10")


def sign_in(page: Page, key: str) -> None:
    page.locator("input[name=key]").fill(key)
    page.locator("form[action$=login] button").click()


def cut_off(server: socket.socket) -> None:
    """Answer one request with the beginning of a page."""
    connection, _ = server.accept()
    with connection:
        connection.recv(1 << 16)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<!doctype html>")


def watch(page: Page, selector: str) -> None:
    """Let `window.changed` become the moment (ms) at which the text of an element changes."""
    page.evaluate(
        """selector => { window.changed = new Promise((done) => new MutationObserver(() => done(Date.now()))
            .observe(document.querySelector(selector), {childList: true, characterData: true, subtree: true})); }""",
        selector,
    )
