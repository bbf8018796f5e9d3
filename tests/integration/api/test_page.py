"""The pages as the server sends them: everything can be read without a script."""

import html
import re
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import msgspec
import pytest

from schemas.units import UnitTree
from services.api.page.figures import Figures
from services.api.page.texts import texts_of
from tests.integration.api.pages import page, rows, visible
from tests.integration.api.running import TREE, Api, Scorer, publish_tree

VI, EN = Figures("vi"), Figures("en")
ODD = "một cửa/7 & 8%"


def test_of_several_roots_the_first_page_is_the_country_with_all_of_them_ranked(api: Api):
    text = page(api)
    ranking = api.get("/v1/rankings")
    assert '<html lang="vi">' in text
    assert "Cả nước" in visible(text)
    assert rows(text) == [entry["unit"]["code"] for entry in ranking["units"]]
    assert VI.points(ranking["pooled"]["total"]) in visible(text)


async def test_a_single_root_is_the_first_page(own_broker, start):
    await publish_tree(own_broker.bootstrap, UnitTree([unit for unit in TREE if unit.code != "H21.17"]))
    for partition in range(2):
        async with Scorer(own_broker.bootstrap, partition) as scorer:
            await scorer.write({("H01.187", "2026-03-31"): {"1": {"received": 1, "open": 1}}})
    api = start(own_broker.bootstrap).until_ready()
    assert "An Giang H01" in visible(page(api))
    assert sorted(rows(page(api, kind="all"))) == ["H01.06", "H01.187"]


def test_a_units_page_shows_the_numbers_of_its_score(api: Api):
    for lang, figures in (("vi", VI), ("en", EN)):
        score = api.get("/v1/units/H01.187/score", params={"lang": lang})
        text = visible(page(api, "/units/H01.187", lang=lang))
        assert figures.points(score["total"]) in text
        for group in score["groups"]:
            assert f"{group['name']} {figures.points(group['score'])} / {figures.most(group['max'])}" in text
            for one in group["indicators"]:
                numbers = (figures.count(one["numerator"]), figures.count(one["denominator"]))
                assert " ".join(numbers) in text[text.index(one["name"]) :]


def test_a_unit_with_children_shows_them_and_one_without_does_not(api: Api):
    parent, leaf = page(api, "/units/H01.187"), page(api, "/units/H01.06")
    assert rows(parent) == [ODD]
    assert rows(leaf) == []
    assert 'aria-label="Đường dẫn"' in leaf
    assert 'href="/units/H01"' in leaf


def test_children_are_shown_a_kind_at_a_time_or_all_of_them(api: Api):
    assert sorted(rows(page(api, "/units/H01", kind="department"))) == ["H01.06"]
    assert sorted(rows(page(api, "/units/H01", kind="all"))) == ["H01.06", "H01.187"]
    assert "Sở, ngành" in visible(page(api, "/units/H01"))
    page(api, "/units/H01", 422, kind="village")


def test_no_data_is_a_dash_and_never_nought_per_cent(api: Api):
    text = visible(page(api, "/units/H21.17"))
    assert "Chưa có hồ sơ trong kỳ" in text
    assert "Chưa có số liệu" in text
    indicators = [one for group in api.get("/v1/units/H21.17/score")["groups"] for one in group["indicators"]]
    empty = [one["code"] for one in indicators if one["ratio"] is None]
    assert len(empty) > 20
    for code in empty:
        assert re.search(f'data-key="indicator {code} ratio"[^>]*>–<', page(api, "/units/H21.17"))


def test_any_character_may_be_in_a_code(api: Api):
    text = page(api, f"/units/{quote(ODD, safe='')}")
    assert "Điểm một cửa" in visible(text)
    (stream,) = re.findall(r'data-stream="([^"]+)"', text)
    assert parse_qs(urlsplit(html.unescape(stream)).query)["unit"] == [ODD]
    assert f'href="/units/{quote(ODD, safe="")}"' in page(api, "/units/H01.187")


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/units/H99", {}, 404),
        ("/units/H01", {"ruleset": "none"}, 404),
        ("/", {"period": "2026-Q9"}, 422),
        ("/", {"from": "2026-03-01", "to": "2026-02-01"}, 422),
        ("/", {"sort": "luck"}, 422),
        ("/", {"perid": "2026"}, 422),
        ("/", {"lang": "fr"}, 422),
    ],
)
def test_what_cannot_be_shown_is_said_on_a_page(api: Api, path: str, query: dict[str, str], status: int):
    assert "Không mở được trang này" in visible(page(api, path, status, **query))


def test_the_language_is_chosen_remembered_and_not_mixed(api: Api):
    assert '<html lang="en">' in page(api, headers={"Accept-Language": "en-GB"})
    with httpx.Client(base_url=api.url, timeout=30) as reader:
        reader.get("/", params={"lang": "en"})
        assert '<html lang="en">' in reader.get("/units/H01").text
    for path in ("/", "/units/H01", "/units/H01.06"):
        text = visible(page(api, path, lang="en"))
        vietnamese, english = texts_of("vi"), texts_of("en")
        foreign = {vietnamese(name) for name in vietnamese} - {english(name) for name in english}
        assert [one for one in foreign if len(one) > 6 and f" {one} " in text] == []


def test_pickers_and_links_keep_what_else_was_chosen(api: Api):
    chosen = {"period": "last-30-days", "ruleset": "766-portal-2026", "sort": "-name", "q": "so", "kind": "all"}
    text = page(api, "/units/H01", series="TDGQ", **chosen)
    assert '<option value="last-30-days" selected>' in text
    assert '<option value="TDGQ" selected>' in text
    pickers = text[text.index('id="pickers"') : text.index("</form>", text.index('id="pickers"'))]
    for name in ("sort", "q", "kind", "series"):
        assert f'<input type="hidden" name="{name}"' in pickers
    (link,) = set(re.findall(r'href="(/units/H01\.06[^"]*)"', text))
    assert parse_qs(urlsplit(html.unescape(link)).query) == {
        "period": ["last-30-days"],
        "ruleset": ["766-portal-2026"],
        "series": ["TDGQ"],
    }


def test_periods_can_be_named_picked_or_typed(api: Api):
    for query, days in (
        ({}, "01/01/2026 – 01/04/2026"),
        ({"period": "today"}, "01/04/2026"),
        ({"period": "week"}, "30/03/2026 – 05/04/2026"),
        ({"period": "month"}, "01/04/2026 – 30/04/2026"),
        ({"period": "quarter"}, "01/04/2026 – 30/06/2026"),
        ({"period": "2026-Q1"}, "01/01/2026 – 31/03/2026"),
        ({"period": "custom", "from": "2026-03-30", "to": "2026-03-31"}, "30/03/2026 – 31/03/2026"),
        ({"period": "month", "from": "2026-01-01", "to": "2026-01-02"}, "01/04/2026 – 30/04/2026"),
        ({"period": "", "from": "", "to": ""}, "01/01/2026 – 01/04/2026"),
    ):
        assert f"Tổng điểm {days} " in visible(page(api, "/units/H01", **query))


def test_a_period_that_no_chart_can_show_has_figures_all_the_same(api: Api):
    for query, days in (
        ({"to": "2026-03-31"}, "… – 31/03/2026"),
        ({"period": "2099"}, "01/01/2099 – 31/12/2099"),
        ({"from": "1900-01-01"}, "01/01/1900 – 01/04/2026"),
    ):
        text = page(api, "/units/H01", **query)
        assert f"Tổng điểm {days} " in visible(text)
        assert 'id="trend"' not in text


def test_search_looks_past_case_and_diacritics(api: Api):
    for wanted in ("Sở Nội vụ", "so noi", "h01.06"):
        text = page(api, "/units/H01", kind="all", q=wanted)
        assert rows(text) == ["H01.06"]
        assert rows(text, hidden=True) == ["H01.187"]
    assert "Không có đơn vị nào khớp." in visible(page(api, "/units/H01", q="không có"))


def test_a_page_that_reads_only_its_figures_anew_gets_all_but_charts_and_explanation(api: Api):
    whole, figures = (page(api, "/units/H01", headers={"Nhip-Refresh": what}) for what in ("whole", "figures"))
    assert ('id="trend"' in whole, 'id="trend"' in figures) == (True, False)
    assert set(re.findall(r'data-key="([^"]+)"', whole)) - set(re.findall(r'data-key="([^"]+)"', figures)) == {
        "explanation",
        "lost",
        "trend-table",
        "flow-table",
    }


def test_what_was_searched_for_cannot_become_a_script(api: Api):
    assert "<script>alert" not in page(api, "/units/H01", q='"><script>alert(1)</script>')


def test_rows_are_sorted_as_asked(api: Api):
    entries = api.get("/v1/rankings", params={"parent": "H01"})["units"]
    by_rank = [entry["unit"]["code"] for entry in entries]
    assert rows(page(api, "/units/H01", kind="all")) == by_rank
    assert rows(page(api, "/units/H01", kind="all", sort="-rank")) == by_rank[::-1]
    assert rows(page(api, "/units/H01", kind="all", sort="name")) == ["H01.06", "H01.187"]  # Sở before Xã
    assert rows(page(api, "/units/H01", kind="all", sort="-name")) == ["H01.187", "H01.06"]
    assert rows(page(api, "/units/H01", kind="all", sort="-overdue"))[0] == "H01.187"


def test_only_simulated_data_are_called_so_and_on_every_page(api: Api, start, filled):
    demo = start(filled, NHIP_DEMO="1").until_ready()
    for path, status in (("/", 200), ("/units/H01", 200), ("/units/H01.06", 200), ("/units/none", 404)):
        assert "Dữ liệu mô phỏng" in visible(page(demo, path, status))
        assert "Dữ liệu mô phỏng" not in visible(page(api, path, status))


def test_a_page_waits_by_itself_until_the_figures_are_complete(own_broker, start):
    api = start(own_broker.bootstrap)
    api.until(lambda: api.health() == 503)
    answer = api.http.get("/")
    assert answer.status_code == 503
    assert answer.headers["refresh"] == "2"
    assert "Đang nạp số liệu" in visible(answer.text)


def test_all_that_a_page_loads_is_there_and_the_chart_library_is_kept_for_ever(api: Api):
    text = page(api, "/units/H01")
    answers = {path: api.http.get(path) for path in re.findall(r'(?:src|<link rel="[\w ]+" href)="([^"]+)"', text)}
    assert {answer.status_code for answer in answers.values()} == {200}
    (bundle,) = (answer for path, answer in answers.items() if path.startswith("/page/vega-"))
    assert "immutable" in bundle.headers["cache-control"]
    assert bundle.headers["content-encoding"] == "gzip"
    assert b"vegaEmbed" in bundle.content


def test_a_reader_who_takes_no_gzip_gets_the_chart_library_all_the_same(api: Api):
    (path,) = re.findall(r'"(/page/vega-[^"]+)"', page(api, "/units/H01"))
    plain = api.http.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == api.http.get(path).content


def test_charts_are_made_for_a_page_without_eval(api: Api):
    answer = api.http.get("/units/H01")
    assert "unsafe" not in answer.headers["content-security-policy"]
    (trend,) = re.findall(r'id="trend-spec">(.*?)</script>', answer.text)
    spec = msgspec.json.decode(trend)
    assert spec["usermeta"]["embedOptions"]["ast"] is True
    (points,) = spec["datasets"].values()
    assert points[-1]["value"] == api.get("/v1/units/H01/score")["total"]
