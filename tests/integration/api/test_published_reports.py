"""The official report of a closed period: no later event changes one of its cells, and what it would have changed stands beside."""

import asyncio
import csv
from io import StringIO
from itertools import product
from typing import Any

from schemas.units import UnitTree
from tests.integration.api.closing import LATE_CORRECTION, Q1, World, close
from tests.integration.api.running import TREE, Api, publish_tree
from tests.integration.api.test_reports import sheets, table

OFFICIAL = {**Q1, "published": "true"}
FORMS = [
    dict(zip(("rows", "waiting"), each, strict=True)) for each in product(("unit", "sector"), ("in_time", "separate"))
]
OF_NOW = ("now", "difference", "as_of", "revision", "last_event_at")


def report(api: Api, unit: str, **query: str) -> Any:
    return api.get(f"/v1/reports/{unit}.json", params=query)


def rows_of(api: Api, unit: str, **query: str) -> list[dict[str, str]]:
    answer = api.http.get(f"/v1/reports/{unit}.csv", params=query)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def official(document: Any) -> Any:
    """A document without what holds now."""
    if isinstance(document, list):
        return [official(each) for each in document]
    if isinstance(document, dict):
        return {name: official(value) for name, value in document.items() if name not in OF_NOW}
    return document


def official_cells(found: dict[str, list[list[Any]]]) -> dict[str, list[list[Any]]]:
    """The sheets without the columns, rows and the line of what holds now."""
    kept = {}
    for name, rows in found.items():
        head = next(row for row in rows if row[0] in ("Mã", "STT", "Hạng"))
        columns = [place for place, text in enumerate(head) if not is_of_now(text)]
        kept[name] = [[row[place] for place in columns] for row in rows if not any(is_of_now(cell) for cell in row[:2])]
    return kept


def is_of_now(text: Any) -> bool:
    return isinstance(text, str) and ("hiện nay" in text.lower() or text.startswith("Chênh lệch"))


def test_an_official_report_is_the_same_before_and_after_a_late_correction(world: World):
    api = world.serve()
    waiting = {"received": 10, "ended": 8, "ended_on_time": 7, "ended_late": 1, "open": 2, "open_waiting": 1}
    world.correct(api, {("H01.187", "2026-03-30"): {"1.000105": waiting}})
    live = {unit: [report(api, unit, **Q1, **form) for form in FORMS] for unit in ("H01", "H01.187")}
    live_cells, live_rows = sheets(api, "H01", **Q1), rows_of(api, "H01.187", **Q1)
    assert "published" in api.get("/v1/reports/H01.json", 404, params=OFFICIAL)["detail"]
    close(api, world.key(), decision="12/QĐ-UBND")

    # it is the live report of the moment when the period was closed
    first = {unit: [report(api, unit, **OFFICIAL, **form) for form in FORMS] for unit in live}
    for unit, forms in live.items():
        for before, found in zip(forms, first[unit], strict=True):
            ranks = (
                ("rank", "ranked") if unit == "H01" else ()
            )  # its neighbours are not closed: it has no official rank
            assert {name: value for name, value in official(found).items() if name not in ("published", *ranks)} == {
                name: value for name, value in official(before).items() if name not in ranks
            }
            assert found["published"]["decision"] == "12/QĐ-UBND"
    assert (first["H01"][0]["rank"], first["H01"][0]["ranked"]) == (None, 0)
    first_cells, first_rows = sheets(api, "H01", **OFFICIAL), rows_of(api, "H01.187", **OFFICIAL)
    ranking = [row[:5] for row in table(live_cells["Xếp hạng"], "Hạng")]
    assert [row[:5] for row in table(first_cells["Xếp hạng"], "Hạng")] == ranking
    for before, found in zip(live_rows, first_rows, strict=True):
        assert {name: found[name] for name in before} == before

    world.correct(api, LATE_CORRECTION)
    for unit, forms in first.items():
        for form, before in zip(FORMS, forms, strict=True):
            found, now = report(api, unit, **OFFICIAL, **form), report(api, unit, **Q1, **form)
            assert official(found) == official(before)
            stands_beside(found, now)
    cells, rows = sheets(api, "H01", **OFFICIAL), rows_of(api, "H01.187", **OFFICIAL)
    assert official_cells(cells) == official_cells(first_cells)
    assert cells != first_cells
    same = [name for name in live_rows[0] if name not in OF_NOW]
    assert [[row[name] for name in same] for row in rows] == [[row[name] for name in same] for row in first_rows]
    the_file_says_what_changed(api, cells, rows)
    other_questions_are_answered(api)

    # a unit that has left the tree keeps its official report
    asyncio.run(
        publish_tree(
            world.bootstrap, UnitTree([unit for unit in TREE if unit.code != "H01.187" and unit.parent != "H01.187"])
        )
    )
    api.until(lambda: api.http.get("/v1/units/H01.187").status_code == 404)
    left = report(api, "H01.187", **OFFICIAL)
    assert official(left) == official(first["H01.187"][0])
    assert (left["now"], left["form"]["now"]) == (None, None)
    result = table(sheets(api, "H01.187", **OFFICIAL)["Kết quả"], "Mã")
    assert next(row for row in result if row[1] == "TỔNG ĐIỂM")[-2:] == ["–", "–"]


def stands_beside(found: Any, now: Any) -> None:
    """What holds now is what a live report says."""
    assert found["now"]["total"] == now["total"]
    assert found["difference"]["total"] == round(now["total"] - found["total"], 2)
    indicators = {one["code"]: one for group in now["groups"] for one in group["indicators"]}
    for group in found["groups"]:
        for one in group["indicators"]:
            assert one["now"] == {name: indicators[one["code"]][name] for name in one["now"]}
    children = {child["unit"]["code"]: child for child in now["children"]}
    for child in found["children"]:
        assert child["now"] == {name: children[child["unit"]["code"]][name] for name in ("rank", "total", "groups")}
    total = found["form"]["total"]
    assert found["form"]["now"] == now["form"]["total"]
    assert found["form"]["difference"] == {name: now["form"]["total"][name] - count for name, count in total.items()}


def the_file_says_what_changed(api: Api, cells: dict[str, list[list[Any]]], rows: list[dict[str, str]]) -> None:
    """Three of the late correction's figures, in every form; and that a report is official, or live of a closed period."""
    found = report(api, "H01", **OFFICIAL)
    result = {row[0] or row[1]: row for row in table(cells["Kết quả"], "Mã")}
    on_time = next(one for group in found["groups"] for one in group["indicators"] if one["code"] == "2.1")
    now, difference = on_time["now"], on_time["difference"]
    assert result["2.1"][-4:] == [now["numerator"], now["denominator"], now["score"], difference["score"]]
    assert difference["score"] < 0
    assert result["TỔNG ĐIỂM"][-2:] == [found["now"]["total"], found["difference"]["total"]]
    sums = {row[1]: row[2:] for row in table(cells["II.06a"], "(1)")}
    assert sums["Chênh lệch"] == list(found["form"]["difference"].values())
    assert sums["Chênh lệch"][0] == 1
    shown = {sheet: [cell for row in lines for cell in row if cell] for sheet, lines in cells.items()}
    for sheet in ("Kết quả", "II.06a", "Xếp hạng"):
        (said,) = [text for text in shown[sheet] if str(text).startswith("KẾT QUẢ CHÍNH THỨC")]
        assert said.endswith("lần chốt số 1, lúc 12:00:00 01/04/2026 bởi vpubnd (H01), Quyết định số 12/QĐ-UBND")
    total = rows[0]
    commune = report(api, "H01.187", **OFFICIAL)
    assert float(total["difference_score"]) == commune["difference"]["total"] < 0
    assert (total["now_rank"], total["closing"], total["decision"]) == (str(commune["now"]["rank"]), "1", "12/QĐ-UBND")

    # the live report of the same period says that it is not the official one
    live = report(api, "H01", **Q1)
    (said,) = [row[0] for row in sheets(api, "H01", **Q1)["Kết quả"] if str(row[0]).startswith("Kỳ này đã chốt")]
    assert f"{len(live['closed']['differs'])} số liệu khác kết quả chính thức" in said
    assert {row["closed"] for row in rows_of(api, "H01", **Q1)} == {"1"}
    assert "closing 1 of" in str(sheets(api, "H01", **Q1, lang="en")["Result"])
    assert "closed" not in report(api, "H01", period="2026-02")


def other_questions_are_answered(api: Api) -> None:
    """Names of files, unchanged files, periods that are not closed, notices."""
    first = api.http.get("/v1/reports/H01.xlsx", params=OFFICIAL)
    assert (
        'filename="bao-cao-chinh-thuc-an-giang-h01-2026-01-01-2026-03-31.xlsx"' in first.headers["content-disposition"]
    )
    again = api.http.get("/v1/reports/H01.xlsx", params=OFFICIAL, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    (closed,) = api.get("/v1/reports/H01.csv", 404, params=OFFICIAL | {"period": "2026-02"})["closed"]
    assert (closed["closing"], closed["from"], closed["to"]) == (1, "2026-01-01", "2026-03-31")
    notice = api.get("/v1/reports/H01/lateness.txt", 422, params=OFFICIAL)
    assert (notice["parameter"], "late now" in notice["detail"]) == ("published", True)
    assert api.http.get("/v1/reports/H01/lateness.txt", params={**Q1, "published": "false"}).status_code == 200
