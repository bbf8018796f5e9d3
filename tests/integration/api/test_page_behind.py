"""The pages behind the numbers: explanation, dossiers, findings, what-if; they say what the api says, and only to whom it would."""

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest

from schemas.rulesets.library import text_of
from services.api.page.figures import Figures
from tests.integration.api.archiving import Archived, archived_at, at
from tests.integration.api.pages import page, visible
from tests.integration.api.running import NOW, Api
from tests.integration.api.test_dossiers import CODE, DOSSIERS, EVENTS, FINDINGS, WEIRD, WHOLE, overdue

VI, EN = Figures("vi"), Figures("en")
MANY = [overdue(f"many-{number:02}", f"2026-03-31T09:{number:02}:00", unit="H01.06") for number in range(58)]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    events = [{**event, "code": CODE, "system": "s", "arrived_at": at(NOW)} for event in EVENTS]
    with archived_at(tmp_path_factory.mktemp("postgres")) as made:
        made.fill([*DOSSIERS, *MANY, WHOLE], events, FINDINGS)
        yield made


@pytest.fixture(scope="module")
def api(filled: str, database: Archived, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    service = Api(tmp_path_factory.mktemp("api"), filled, NHIP_DATABASE_URL=database.url).until_ready()
    yield service
    assert service.stop() == 0


@pytest.fixture(scope="module")
def key(database: Archived) -> str:
    return database.key("H01")


@pytest.fixture
def reader(api: Api, key: str) -> Iterator[httpx.Client]:
    """Somebody who signed in with a read key of the province."""
    with httpx.Client(base_url=api.url, timeout=30, follow_redirects=True) as client:
        assert client.post("/login", data={"key": key, "next": "/"}).status_code == 200
        yield client


def listed(text: str) -> list[str]:
    """The codes of a list's rows, in order."""
    return [html.unescape(code) for code in re.findall(r'<th scope="row"><a href="/dossiers/[^"]*">([^<]*)</a>', text)]


def links(text: str, words: str) -> list[str]:
    """Where links with some words lead."""
    return [html.unescape(one) for one in re.findall(rf'<a [^>]*href="([^"]*)"[^>]*>{re.escape(words)}', text)]


@pytest.mark.parametrize(
    "path",
    [
        "/units/H01/dossiers?status=open&period=2026-Q1",
        f"/units/{quote(WEIRD, safe='')}/dossiers",
        f"/dossiers/{quote(CODE, safe='')}",
        "/units/H01/findings",
    ],
)
def test_who_has_not_signed_in_is_asked_to_and_comes_back(api: Api, key: str, path: str):
    with httpx.Client(base_url=api.url, timeout=30) as stranger:
        asked = stranger.get(path)
        assert asked.status_code == 303
        login = asked.headers["location"]
        assert parse_qs(urlsplit(login).query)["next"] == [path]
        form = stranger.get(login).text
        assert 'class="brand" href="/"' in form
        (onward,) = re.findall(r'name="next" value="([^"]*)"', form)
        entered = stranger.post("/login", data={"key": key, "next": html.unescape(onward)})
        assert entered.headers["location"] == path
        shown = stranger.get(path)
        assert shown.status_code == 200
        assert shown.headers["cache-control"] == "private, no-cache"


def test_each_tab_lists_what_the_api_lists_and_says_how_many(reader: httpx.Client):
    text = reader.get("/units/H01/dossiers").text
    names = {"overdue": "Quá hạn", "due_soon": "Sắp đến hạn", "open": "Đang giải quyết"}
    names |= {"waiting": "Chờ bổ sung", "late": "Đã xử lý trễ"}
    for status, name in names.items():
        told = reader.get("/v1/units/H01/dossiers", params={"status": status}).json()
        (tab,) = links(text, name)
        assert f"{name} {told['total']} " in visible(text)
        assert listed(reader.get(f"/units/H01/dossiers{tab}").text) == [one["code"] for one in told["dossiers"]]


def test_a_long_list_has_pages(reader: httpx.Client):
    first = reader.get("/units/H01/dossiers").text
    (onward,) = links(first, "Trang sau")
    second = reader.get(f"/units/H01/dossiers{onward}").text
    assert len(listed(first)) == 50
    told = reader.get("/v1/units/H01/dossiers", params={"limit": "200"}).json()["dossiers"]
    assert listed(first) + listed(second) == [one["code"] for one in told]
    assert links(second, "Trang sau") == []
    (back,) = links(second, "Về trang đầu danh sách")
    assert listed(reader.get(f"/units/H01/dossiers{back}").text) == listed(first)


def test_a_list_is_of_one_procedure_where_one_is_chosen(reader: httpx.Client):
    text = reader.get("/units/H01/dossiers", params={"procedure": "2.000488"}).text
    assert listed(text) == ["b"]
    assert "Thủ tục: 2.000488" in visible(text)
    assert "Quá hạn 1 " in visible(text)
    assert "quá 1,56" in visible(text)


def test_late_dossiers_are_those_of_the_period(reader: httpx.Client):
    assert listed(reader.get("/units/H01/dossiers?status=late&period=2026-Q1").text) == ["done"]
    assert reader.get("/units/H01/dossiers?status=nonsense").status_code == 422
    assert reader.get("/units/H01/dossiers?after=nonsense").status_code == 422


def test_a_dossiers_page_tells_its_life_in_words(reader: httpx.Client):
    (row,) = links(reader.get("/units/H01/dossiers").text, CODE)
    text = reader.get(row).text
    seen = visible(text)
    assert row == f"/dossiers/{quote(CODE, safe='')}"
    assert "<s>Tiếp nhận</s>" in text
    assert "được thay bằng: Tiếp nhận, ghi lúc 08:01:00 20/03/2026" in seen
    assert "không được tính: Xã Ia Grai không có quyền nói về hồ sơ này" in seen
    assert "20/03/2026: hồ sơ tiếp nhận trong kỳ +1" in seen
    assert "Đơn vị Xã Ba Chúc (H01.187)" in seen
    assert "Hạn trả 17:00:00 30/03/2026" in seen
    assert "chuyên viên A" not in seen  # a position is never shown
    english = visible(reader.get(row, params={"lang": "en"}).text)
    assert "superseded by: Received, recorded 08:01:00 20 Mar 2026" in english


def test_findings_are_counted_and_listed_in_words(reader: httpx.Client):
    text = reader.get("/units/H01/findings").text
    assert "Tất cả 3 Người gửi không có quyền 1 Thiếu hạn trả 2 " in visible(text)
    assert listed(text) == ["x", CODE, "y"]
    (only,) = links(text, "Thiếu hạn trả")
    assert set(listed(reader.get(f"/units/H01/findings{only}").text)) == {"x", "y"}
    english = visible(reader.get("/units/H01/findings", params={"lang": "en", "code": "no_due"}).text)
    assert "Accepted without a due moment" in english


def test_a_key_sees_no_more_on_pages_than_over_the_api(api: Api, database: Archived):
    with httpx.Client(base_url=api.url, timeout=30) as other:
        other.post("/login", data={"key": database.key("H21.17"), "next": "/"})
        for path in ("/units/H01/dossiers", "/units/H01/findings", f"/dossiers/{quote(CODE, safe='')}"):
            refused = other.get(path)
            assert refused.status_code == 403
            assert "Khóa đã đăng nhập không xem được phần này." in visible(refused.text)
            (again,) = links(refused.text, "Đăng nhập bằng khóa khác")
            assert parse_qs(urlsplit(again).query)["next"] == [path]
            assert CODE not in visible(refused.text).replace(path, "")
        assert other.get("/dossiers/nowhere").status_code == 404


def test_without_the_archive_pages_say_so_and_scores_go_on(start, filled: str):
    away = start(filled, NHIP_DATABASE_URL="postgresql+asyncpg://nobody@127.0.0.1:1/none").until_ready()
    answer = away.http.get("/units/H01/dossiers", headers={"Authorization": "Bearer nhip_x"})
    assert answer.status_code == 503
    assert "Kho hồ sơ hiện chưa trả lời" in visible(answer.text)
    assert answer.headers["refresh"]
    assert "Tổng điểm" in visible(page(away, "/units/H01"))


@pytest.mark.parametrize(("lang", "figures"), [("vi", VI), ("en", EN)])
def test_a_units_page_explains_what_the_api_explains(api: Api, lang: str, figures: Figures):
    told = api.get("/v1/units/H01/explain", params={"lang": lang})
    text = page(api, "/units/H01", lang=lang)
    seen = visible(text)
    actions = [one for one in told["actions"] if one["gain"] > 0]
    assert actions
    for action in actions:
        assert f"+{figures.points(action['gain'])} {action['text']}" in seen
    places = [seen.index(f"+{figures.points(one['gain'])} {one['text']}") for one in actions]
    assert places == sorted(places), "the greatest first"
    lost = [one for group in told["groups"] for one in group["indicators"] if one["lost"] > 0]
    for one in lost:
        assert f"{one['code']} {one['name']}" in seen
        for term in one["terms"]:
            if term["count"] > 0:
                assert f"{figures.count(term['count'])} {term['text']}" in seen
    assert figures.points(told["lost"]) in seen


def test_what_can_be_done_leads_to_the_dossiers_and_past_periods_to_their_own(api: Api):
    assert '/units/H01/dossiers?status=overdue"' in page(api, "/units/H01")
    past = page(api, "/units/H01.187", period="2026-Q1")
    explanation = past[past.index('id="explanation"') : past.index("</section>", past.index('id="explanation"'))]
    assert "status=overdue" not in explanation  # the list is of now
    year = page(api, "/units/H01.187", period="2026")
    assert '/units/H01.187/dossiers?period=2026&amp;status=late"' in year


def test_downloads_are_of_what_is_shown(api: Api):
    text = page(api, "/units/H01", period="2026-Q1", ruleset="766-portal-2025", lang="en")
    found = {html.unescape(one) for one in re.findall(r'href="(/v1/reports/[^"]+)" download', text)}
    assert {urlsplit(one).path for one in found} == {
        "/v1/reports/H01.xlsx",
        "/v1/reports/H01.csv",
        "/v1/reports/H01/lateness.txt",
        "/v1/reports/H01/lateness.csv",
    }
    for one in found:
        answer = api.http.get(one)
        assert answer.status_code == 200
        assert "attachment" in answer.headers["content-disposition"]
    assert "2026-03-31" in api.http.get(next(one for one in found if one.startswith("/v1/reports/H01.csv"))).text


def whatif(api: Api, path: str, status: int = 200, **form: str) -> str:
    answer = api.http.post(path, data=form, headers={"Accept-Language": "vi"})
    assert answer.status_code == status, answer.text
    return answer.text


def test_what_would_be_with_another_count_stands_beside_today_for_every_unit(api: Api):
    form = page(api, "/units/H01.187/whatif", period="2026")
    assert "hồ sơ đã xử lý đúng hạn 0 " in visible(form)
    seen = visible(
        whatif(api, "/units/H01.187/whatif?period=2026", **{"set.ended_late": "0", "set.ended_on_time": "2"})
    )
    changes = [
        {"unit": "H01.187", "measure": "ended_late", "set": 0},
        {"unit": "H01.187", "measure": "ended_on_time", "set": 2},
    ]
    asked: dict[str, Any] = {"parent": "H01", "kind": "commune", "period": "2026", "changes": changes}
    told = api.http.post("/v1/whatif", json=asked).json()
    assert told["units"][0]["difference"] != 0
    for row in told["units"]:
        numbers = (VI.points(row["total"]), VI.points(row["total_then"]), VI.change(row["difference"]))
        assert f"{row['unit']['name']} {' '.join(numbers)}" in seen
    assert "hồ sơ đã xử lý đúng hạn 0 → 2" in seen


def test_what_other_rules_would_give_stands_beside_today_for_every_unit_below(api: Api):
    rules = text_of("766-portal-2025")
    seen = visible(whatif(api, "/units/H01/whatif?period=2026", rules=rules, scored="below"))
    told = api.http.post("/v1/whatif", json={"parent": "H01", "period": "2026", "rules": rules}).json()
    for row in told["units"]:
        assert f"{row['unit']['name']} {VI.points(row['total'])} {VI.points(row['total_then'])}" in seen
    assert "bộ chỉ số 766-portal-2025" in seen


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"rules": "", "set.ended": ""}, "Chưa đổi gì"),
        ({"set.ended": "-1"}, "whole number"),
        ({"set.ended": "1e3"}, "whole number"),
        ({"rules": "id: x\nnonsense"}, "rules:"),
        ({"set.ended": "5", "scored": "below"}, "none of the units that are scored here"),
    ],
)
def test_what_cannot_be_supposed_is_said_beside_the_form_as_it_was_sent(api: Api, form: dict[str, str], says: str):
    text = whatif(api, "/units/H01/whatif", 422, **form)
    assert says in visible(text)
    for name, value in form.items():
        if value and name.startswith("set."):
            assert f'name="{name}" value="{value}"' in text


def test_a_pasted_rule_file_cannot_become_a_script(api: Api):
    assert "<script>alert" not in whatif(api, "/units/H01/whatif", 422, rules="</textarea><script>alert(1)</script>")
