"""The page at `/` and the rows that it reads."""

import html
import re

from tests.integration.api.running import Api


def test_the_page_shows_units_with_their_totals_without_any_script(api: Api):
    page = api.http.get("/")
    assert page.headers["content-type"].startswith("text/html")
    text = html.unescape(page.text)
    scored = api.get("/v1/units/H01/score")
    assert "An Giang" in text
    assert f"{scored['total']:.2f}".replace(".", ",") in text
    assert "Đơn vị" in text
    assert "Unit" in text
    assert "2026-01-01 – 2026-04-01" in text
    for path in re.findall(r'(?:src|href)="(static/[^"]+)"', text):
        assert api.http.get(f"/{path}").status_code == 200


def test_only_simulated_data_are_called_so(api: Api, start, filled):
    assert "Dữ liệu mô phỏng" not in api.http.get("/").text
    demo = start(filled, NHIP_DEMO="1").until_ready()
    assert "Dữ liệu mô phỏng" in demo.http.get("/").text


def test_totals_of_the_rows_are_those_of_the_scores(api: Api):
    rows = api.get("/page/units")["rows"]
    assert [row[0] for row in rows] == ["H01", "H01.06", "H01.187", "một cửa/7 & 8%", "H21.17"]
    for code, _, _, total, received, opened, overdue, late in rows[:3]:
        assert total == api.get(f"/v1/units/{code}/score")["total"]
        counts = api.get(f"/v1/units/{code}/counts", params={"period": "2026"})["counts"]
        assert [received, opened, overdue, late] == [
            counts[n] for n in ("received", "open", "open_overdue", "ended_late")
        ]


def test_a_unit_without_dossiers_has_no_total(api: Api):
    (row,) = api.get("/page/units", params={"q": "H21"})["rows"]
    assert row == ["H21.17", "Xã Ia Grai", "commune", None, 0, 0, 0, 0]


def test_the_worst_come_first_when_asked_and_units_without_dossiers_last(api: Api):
    totals = [row[3] for row in api.get("/page/units", params={"sort": "worst"})["rows"]]
    assert totals[-1] is None
    assert totals[:-1] == sorted(totals[:-1])
    best = [row[3] for row in api.get("/page/units", params={"sort": "best"})["rows"]]
    assert best[:-1] == sorted(best[:-1], reverse=True)


def test_search_looks_past_case_and_accents(api: Api):
    for asked in ("Ba Chúc", "ba chuc", "h01.187"):
        assert [row[0] for row in api.get("/page/units", params={"q": asked})["rows"]] == ["H01.187"]
    assert api.get("/page/units", params={"q": "không có"})["count"] == 0
    assert "<script>alert" not in api.http.get("/", params={"q": '"><script>alert(1)</script>'}).text


def test_rows_come_in_pages(api: Api):
    page = api.get("/page/units", params={"offset": 4})
    assert (page["count"], page["offset"], [row[0] for row in page["rows"]]) == (5, 4, ["H21.17"])
    assert api.get("/page/units", params={"offset": 99})["rows"] == []
