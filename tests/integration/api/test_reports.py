"""Reports as files: every cell says what the counts, the score and the rankings say."""

import csv
import re
from io import BytesIO, StringIO
from itertools import takewhile
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.integration.api.running import Api

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
QUARTER = {"period": "2026-Q1"}
HALF = {"period": "2026-H1"}
STATUS = {
    "ok": "có dữ liệu",
    "no_data": "không có dữ liệu",
    "not_applicable": "không áp dụng",
    "analysis": "chỉ để phân tích",
}
CELLS = {  # of form II.06a, columns 3 to 13, out of counts (events_and_measures.md, 3.3)
    "handled": lambda c: c["received"] + c["carried_over"],
    "online": lambda c: c["online"],
    "direct": lambda c: c["received"] - c["online"],
    "carried_over": lambda c: c["carried_over"],
    "ended": lambda c: c["ended"],
    "ended_early": lambda c: c["ended_early"],
    "ended_in_time": lambda c: c["ended_on_time"] - c["ended_early"] + c["ended_no_due"],
    "ended_late": lambda c: c["ended_late"],
    "open": lambda c: c["open"],
    "open_in_time": lambda c: c["open"] - c["open_overdue"],
    "open_overdue": lambda c: c["open_overdue"],
}


def sheets(api: Api, unit: str, **query: str) -> dict[str, list[list[Any]]]:
    """The rows of each sheet, by its name."""
    answer = api.http.get(f"/v1/reports/{unit}.xlsx", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == XLSX
    book = load_workbook(BytesIO(answer.content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def table(rows: list[list[Any]], head: str) -> list[list[Any]]:
    """The rows below a heading, up to the first that is empty at its beginning."""
    start = next(number for number, row in enumerate(rows) if row[0] == head)
    return list(takewhile(lambda row: any(cell is not None for cell in row), rows[start + 1 :]))


def dash(value: Any) -> Any:
    return "–" if value is None else value


@pytest.mark.parametrize("unit", ["H01", "H01.06", "H01.187", "H21.17"])
@pytest.mark.parametrize("query", [QUARTER, HALF, {"ruleset": "766-2022"}, {"from": "2026-03-31", "to": "2026-03-31"}])
def test_every_cell_of_the_result_agrees_with_the_score_and_the_ranking(api: Api, unit, query):
    score = api.get(f"/v1/units/{unit}/score", params=query)
    above = {"parent": "H01"} if unit.startswith("H01.") else {}
    neighbours = api.get("/v1/rankings", params=query | above)["units"]
    rank = next(row["rank"] for row in neighbours if row["unit"]["code"] == unit)
    wanted: list[list[Any]] = []
    for group in score["groups"]:
        wanted.append([group["code"], group["name"], None, None, None, group["score"], group["max"], None])
        for one in group["indicators"]:
            counted = [one["numerator"], one["denominator"], dash(one["ratio"]), dash(one["score"]), one["max"]]
            wanted.append([one["code"], one["name"], *counted, STATUS[one["status"]]])
    wanted.append([None, "TỔNG ĐIỂM", None, None, None, score["total"], score["max"], None])
    wanted.append([None, "XẾP HẠNG, trên số đơn vị cùng cấp", None, None, None, rank, len(neighbours), None])
    found = sheets(api, unit, **query)["Kết quả"]
    assert table(found, "Mã")[: len(wanted)] == wanted
    shown = [cell for row in found for cell in row if cell]
    assert "Độc lập - Tự do - Hạnh phúc" in shown
    assert f"Đơn vị: {score['unit']['name']} ({unit})" in shown
    assert f"Số liệu đến 12:00:00 01/04/2026 (bản {score['revision']})" in shown


def test_no_data_is_told_in_words_and_is_never_a_zero(api: Api):
    rows = {row[0]: row for row in table(sheets(api, "H21.17", **QUARTER)["Kết quả"], "Mã")}
    assert rows["2.1"][4] == "–"
    assert rows["2.1"][7] == "không có dữ liệu"


def test_the_units_below_are_ranked_as_the_rankings_have_them(api: Api):
    rows = table(sheets(api, "H01", **HALF)["Xếp hạng"], "Hạng")
    ranked = api.get("/v1/rankings", params=HALF | {"parent": "H01"})["units"]
    in_kind = {
        row["unit"]["code"]: row["rank"]
        for kind in ("department", "commune")
        for row in api.get("/v1/rankings", params=HALF | {"parent": "H01", "kind": kind})["units"]
    }
    assert rows == [
        [row["rank"], in_kind[row["unit"]["code"]], row["unit"]["name"], row["unit"]["code"], *row["groups"].values(),
         row["total"], row["handled"], row["late"], row["overdue"]]
        for row in ranked
    ]  # fmt: skip
    assert "Xếp hạng" not in sheets(api, "H01.06", **HALF)


@pytest.mark.parametrize("query", [QUARTER, HALF, {"to": "2026-04-01"}])
def test_every_cell_of_form_ii_06a_agrees_with_the_counts(api: Api, query):
    def cells(counts: dict) -> list[int]:
        return [made(counts) for made in CELLS.values()]

    below = api.get("/v1/counts", params=query | {"parent": "H01"})
    itself = api.get("/v1/units/H01/counts", params=query | {"scope": "own"})["counts"]
    whole = api.get("/v1/units/H01/counts", params=query)["counts"]
    names = {"H01.06": "Sở Nội vụ", "H01.187": "Xã Ba Chúc"}
    wanted = [[place, names[each["unit"]], *cells(each["counts"])] for place, each in enumerate(below, 1)]
    wanted.append([len(wanted) + 1, "An Giang (trực tiếp giải quyết)", *cells(itself)])
    wanted.append([None, "TỔNG SỐ", *cells(whole)])
    rows = sheets(api, "H01", **query)["II.06a"]
    assert rows[0][0] == "Biểu số II.06a/VPCP/KSTT"
    assert ["(1)", "(2)", *(f"({number})" for number in range(3, 14))] in rows
    assert table(rows, "(1)") == wanted
    assert cells(whole) == [sum(row[column] for row in wanted[:-1]) for column in range(2, 13)]


def test_what_waits_may_stand_in_a_column_of_its_own(api: Api):
    together = table(sheets(api, "H01", **HALF)["II.06a"], "(1)")[-1]
    apart = table(sheets(api, "H01", waiting="separate", **HALF)["II.06a"], "(1)")[-1]
    waiting = api.get("/v1/units/H01/counts", params=HALF)["counts"]["open_waiting"]
    assert waiting == apart[13] == 5
    assert apart[11] == together[11] - waiting
    assert apart[10] == apart[11] + apart[12] + apart[13]


def test_a_row_may_be_a_sector(api: Api):
    rows = table(sheets(api, "H01", rows="sector", **HALF)["II.06a"], "(1)")
    groups = api.get("/v1/units/H01/counts", params=HALF | {"group_by": "sector"})["groups"]
    assert [row[1] for row in rows] == [*(group["name"] or "Chưa rõ lĩnh vực" for group in groups), "TỔNG SỐ"]
    assert [row[2:] for row in rows[:-1]] == [[made(group["counts"]) for made in CELLS.values()] for group in groups]


def test_sources_are_those_of_the_rule_set(api: Api):
    rows = {row[0]: row for row in table(sheets(api, "H01")["Căn cứ"], "Mã") if row[0]}
    for group in api.get("/v1/rulesets/766-portal-2026")["groups"]:
        assert rows[group["code"]][1:3] == [group["name"]["vi"], group["source"]]
        for line in group["indicators"]:
            assert rows[line["code"]][1:5] == [
                line["name"]["vi"],
                line["source"],
                line["numerator"],
                line["denominator"],
            ]
    assert rows["3.1"][5] == "2 × tỷ lệ, đủ điểm từ 80\u00a0%"
    assert rows["handled"][3] == "ended + open"


def test_the_json_form_is_the_score_document_with_the_rest_beside_it(api: Api):
    report = api.get("/v1/reports/H01.json", params=HALF)
    score = api.get("/v1/units/H01/score", params=HALF)
    assert {name: report[name] for name in score} == score
    assert (report["rank"], report["ranked"], report["parent"]) == (
        next(row["rank"] for row in api.get("/v1/rankings", params=HALF)["units"] if row["unit"]["code"] == "H01"),
        2,
        None,
    )
    counts = api.get("/v1/units/H01/counts", params=HALF)["counts"]
    assert report["form"]["total"] == {name: made(counts) for name, made in CELLS.items()}
    rules = api.get("/v1/rulesets/766-portal-2026")
    assert report["rules"] == {name: rules[name] for name in rules.keys() - {"as_of", "revision"}}


def test_the_table_says_the_same_as_the_score_and_the_rankings(api: Api):
    answer = api.http.get("/v1/reports/H01.csv", params=HALF)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    score = api.get("/v1/units/H01/score", params=HALF)

    def said(value: Any) -> str:
        return "" if value is None else str(value)

    found = {row["indicator"]: row for row in rows if row["unit"] == "H01" and row["level"] == "indicator"}
    for group in score["groups"]:
        for one in group["indicators"]:
            row = found.pop(one["code"])
            assert row["group"] == group["code"]
            for name in ("name", "numerator", "denominator", "ratio", "score", "max", "status"):
                assert row[name] == said(one[name])
    assert not found
    totals = {row["unit"]: (row["score"], row["rank"]) for row in rows if row["level"] == "total"}
    ranked = api.get("/v1/rankings", params=HALF | {"parent": "H01"})["units"]
    assert totals == {"H01": (said(score["total"]), "1")} | {
        row["unit"]["code"]: (said(row["total"]), said(row["rank"])) for row in ranked
    }
    assert {(row["from"], row["to"], row["ruleset"]) for row in rows} == {
        ("2026-01-01", "2026-06-30", "766-portal-2026")
    }


def test_english_is_spoken_too(api: Api):
    rows = sheets(api, "H01.187", lang="en", **QUARTER)
    assert list(rows) == ["Result", "II.06a", "Ranking", "Sources"]
    assert "PEOPLE'S COMMITTEE" in [row[0] for row in rows["Result"]]
    assert "Period: quarter I of 2026 (1 Jan 2026 to 31 Mar 2026)" in [row[0] for row in rows["Result"]]


def test_late_dossiers_are_those_of_the_counts_by_unit_and_by_field_the_worst_first(api: Api):
    found = api.get("/v1/reports/H01/lateness.json", params=HALF)
    names = ("ended", "ended_late", "open", "open_overdue")

    def counts(of: dict) -> dict:
        return {name: of[name] for name in names}

    assert counts(found["total"]) == counts(api.get("/v1/units/H01/counts", params=HALF)["counts"])
    below = {each["unit"]: each["counts"] for each in api.get("/v1/counts", params=HALF | {"parent": "H01"})}
    below["H01"] = api.get("/v1/units/H01/counts", params=HALF | {"scope": "own"})["counts"]
    assert {row["code"]: counts(row) for row in found["units"]} == {unit: counts(each) for unit, each in below.items()}
    assert found["units"][0]["code"] == "H01.187"
    fields = api.get("/v1/units/H01/counts", params=HALF | {"group_by": "procedure"})["groups"]
    assert {row["code"]: counts(row) for row in found["fields"]} == {
        group["procedure"]: counts(group["counts"]) for group in fields
    }
    assert [row["code"] for row in found["fields"]] == ["1.000105", "2.000488"]
    text = api.http.get("/v1/reports/H01/lateness.csv", params=HALF).content.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(StringIO(text)) if row["of"] == "unit"]
    listed = [row for row in found["units"] if row["of"] == "unit"]
    assert [{name: int(row[name]) for name in names} for row in rows] == [counts(row) for row in listed]


def test_the_notice_names_counts_units_and_fields_and_no_dossier(api: Api):
    answer = api.http.get("/v1/reports/H01/lateness.txt", params=HALF)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    lines = answer.text.split("\n")
    assert "Đến 12 giờ 00 phút ngày 01/04/2026, An Giang có 3 hồ sơ trễ hạn (6 tháng đầu năm 2026):" in lines
    assert "- Đã xử lý trễ: 2 trên 3 hồ sơ đã giải quyết trong kỳ;" in lines
    assert "- Đang xử lý trễ: 1 trên 18 hồ sơ đang giải quyết." in lines
    assert "1. Xã Ba Chúc: 2 / 1" in lines
    assert "1. thủ tục 1.000105: 2 / 0" in lines
    assert "An Giang has 3 late dossiers" in api.http.get("/v1/reports/H01/lateness.txt?lang=en&period=2026-H1").text
    none = api.http.get("/v1/reports/H01.06/lateness.txt", params=HALF).text
    assert "Sở Nội vụ không có hồ sơ đã xử lý trễ hoặc đang xử lý trễ" in none


def test_files_have_names_in_letters_that_all_know_and_as_people_write_them(api: Api):
    named = api.http.get("/v1/reports/m%E1%BB%99t%20c%E1%BB%ADa%2F7%20&%208%25.json", params=QUARTER)
    said = named.headers["content-disposition"]
    assert 'filename="bao-cao-diem-mot-cua-mot-cua-7-8-2026-01-01-2026-03-31.json"' in said
    assert "filename*=UTF-8''B%C3%A1o%20c%C3%A1o" in said
    assert re.fullmatch(r"[\x20-\x7e]+", said)


def test_unchanged_reports_are_not_written_again(api: Api):
    first = api.http.get("/v1/reports/H01.xlsx", params=QUARTER)
    again = api.http.get("/v1/reports/H01.xlsx", params=QUARTER, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = api.http.get("/v1/reports/H01.xlsx", params=QUARTER | {"rows": "sector"})
    assert other.headers["etag"] != first.headers["etag"]
    assert api.http.get("/v1/reports/H01.xlsx", params=QUARTER).content == first.content


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("H01.pdf", 404, [".xlsx", ".csv", ".json"]),
        ("H01/lateness.xlsx", 404, [".json", ".csv", ".txt"]),
        ("X99.xlsx", 404, None),
        ("H01.xlsx?rows=month", 422, ["unit", "sector"]),
        ("H01.xlsx?waiting=no", 422, ["in_time", "separate"]),
        ("H01.xlsx?period=soon", 422, None),
        ("H01.xlsx?ruleset=none", 404, None),
        ("H01.xlsx?scope=own", 422, None),
    ],
)
def test_wrong_questions_are_told_what_is_allowed(api: Api, path, status, said):
    problem = api.get(f"/v1/reports/{path}", status)
    if said is not None:
        assert problem["allowed"] == said


def test_the_description_of_the_interface_names_the_media_types(api: Api):
    paths = api.get("/openapi.json")["paths"]
    report = paths["/v1/reports/{unit}.{form}"]["get"]["responses"]["200"]["content"]
    assert set(report) == {XLSX, "text/csv", "application/json"}
    assert set(paths["/v1/reports/{unit}/lateness.{form}"]["get"]["responses"]["200"]["content"]) == {
        "text/plain",
        "text/csv",
        "application/json",
    }
