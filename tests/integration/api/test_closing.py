"""Closing a period: what was published stays, and what later events would have changed stands beside it."""

import asyncio
import csv
import io
import random
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.postgres import Postgres
from schemas.rulesets.library import fingerprint, text_of
from services.api.page.figures import Figures
from tests.integration.api.closing import LATE_CORRECTION, Q1, World, close
from tests.integration.api.pages import visible
from tests.integration.api.running import Api


def score(api: Api, unit: str = "H01.187", **query: str) -> Any:
    return api.get(f"/v1/units/{unit}/score", params={**Q1, **query})


def published(api: Api, unit: str = "H01.187", **query: str) -> Any:
    return score(api, unit, published="true", **query)


def frozen_part(document: dict[str, Any]) -> dict[str, Any]:
    """A published score without what stands beside it and as of when that is."""
    groups = []
    for group in document["groups"]:
        indicators = [{k: v for k, v in each.items() if k not in ("now", "difference")} for each in group["indicators"]]
        groups.append({k: v for k, v in group.items() if k not in ("now", "difference")} | {"indicators": indicators})
    left_out = ("now", "difference", "as_of", "revision")
    return {k: v for k, v in document.items() if k not in left_out} | {"groups": groups}


def test_a_late_correction_leaves_what_is_published_and_stands_beside_it(world: World):
    api = world.serve()
    before = score(api)
    assert "closed" not in before
    closed = close(api, world.key(), decision="12/QĐ-UBND", note="Quý I")
    assert (closed["id"], closed["units"], closed["from"], closed["to"]) == (1, 4, "2026-01-01", "2026-03-31")
    assert closed["closed_by"] == {"system": "vpubnd", "unit": "H01"}
    first = published(api)
    assert first["total"] == before["total"]
    assert first["difference"] == {"total": 0}
    assert first["rank"] == 2

    world.correct(api, LATE_CORRECTION)
    live, later = score(api), published(api)
    assert live["total"] < before["total"]
    assert frozen_part(later) == frozen_part(first)
    assert later["now"] == {"total": live["total"]}
    assert later["difference"] == {"total": round(live["total"] - before["total"], 2)}
    assert later["published"] == first["published"]
    assert later["published"]["decision"] == "12/QĐ-UBND"
    assert later["published"]["ruleset"] == {
        "id": "766-portal-2026",
        "fingerprint": fingerprint(text_of("766-portal-2026")),
        "changed": False,
    }
    (on_time,) = [each for group in later["groups"] for each in group["indicators"] if each["code"] == "2.1"]
    assert (on_time["numerator"], on_time["denominator"]) == (9, 10)
    assert (on_time["now"]["numerator"], on_time["now"]["denominator"]) == (8, 11)
    assert (on_time["difference"]["numerator"], on_time["difference"]["denominator"]) == (-1, 1)
    assert on_time["difference"]["score"] == round(on_time["now"]["score"] - on_time["score"], 2)

    # the live answer says that its period is closed, and where it differs
    assert live["closed"]["closing"] == 1
    told = {(each["of"], each["member"]): each["difference"] for each in live["closed"]["differs"]}
    assert told["total", "total"] == later["difference"]["total"]
    assert told["2.1", "numerator"] == -1
    assert "closed" not in api.get("/v1/units/H01.187/score", params={"period": "2026-02"})

    counts = api.get("/v1/units/H01.187/counts", params={**Q1, "published": "true"})
    assert (counts["counts"]["ended_late"], counts["now"]["ended_late"], counts["difference"]["ended_late"]) == (
        1,
        3,
        2,
    )
    shown = api.get("/v1/units/H01.187/counts", params=Q1)
    assert shown["counts"] == counts["now"]
    assert {each["of"]: each["difference"] for each in shown["closed"]["differs"]} == {
        name: difference for name, difference in counts["difference"].items() if difference
    }
    below = api.get("/v1/counts", params={"parent": "H01", **Q1, "published": "true"})
    assert [each["unit"] for each in below] == ["H01.06", "H01.187"]
    assert below[1] == counts

    query = {"parent": "H01", "kind": "commune", **Q1}
    official, present = (api.get("/v1/rankings", params=query | more) for more in ({"published": "true"}, {}))
    assert [(row["unit"]["code"], row["rank"], row["total"]) for row in official["units"]] == [
        ("H01.187", 1, before["total"])
    ]
    assert official["units"][0]["now"] == {"rank": 1, "total": live["total"], "groups": present["units"][0]["groups"]}
    assert official["units"][0]["difference"]["total"] == later["difference"]["total"]
    assert official["pooled"]["now"] == {"total": present["pooled"]["total"]}
    assert ("H01.187", "total") in {(each["of"], each["member"]) for each in present["closed"]["differs"]}

    series = api.get("/v1/units/H01.187/series", params={"period": "2026", "published": "true"})
    (point,) = series["points"]
    assert (point["from"], point["value"], point["now"]) == ("2026-01-01", before["total"], live["total"])
    assert point["difference"] == later["difference"]["total"]
    english = published(api, lang="en")
    assert english["groups"][0]["name"] == score(api, lang="en")["groups"][0]["name"] != later["groups"][0]["name"]


@pytest.mark.parametrize("seed", range(3))
def test_no_later_event_changes_a_published_figure(world: World, seed: int):
    api, choose = world.serve(), random.Random(seed)
    close(api, world.key())
    units = ["H01", "H01.06", "H01.187"]
    first = {unit: frozen_part(published(api, unit)) for unit in units}
    for _ in range(8):
        on_time, late, still = (choose.randrange(9) for _ in range(3))
        ended = on_time + late
        counts = {
            "received": ended + still,
            "ended": ended,
            "ended_on_time": on_time,
            "ended_late": late,
            "open": still,
        }
        day = choose.choice(["2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01"])
        procedure = choose.choice(["1.000105", "2.000488"])
        world.correct(api, {(choose.choice(units), day): {procedure: {k: v for k, v in counts.items() if v}}})
        for unit in units:
            found, live = published(api, unit), score(api, unit)
            assert frozen_part(found) == first[unit]
            assert found["now"]["total"] == live["total"]
            assert found["difference"]["total"] == pytest.approx(live["total"] - found["total"])
            assert [group["now"]["score"] for group in found["groups"]] == [group["score"] for group in live["groups"]]


def test_who_may_close_and_what(world: World):
    api, key = world.serve(), world.key()
    url = f"{api.url}/v1/periods/close"
    assert httpx.post(url, json={"parent": "H01", **Q1}).status_code == 401
    close(api, "unknown", 401)
    assert "--close" in close(api, world.key(close=False), 403)["detail"]
    assert "neither H01 nor above" in close(api, world.key("H01.187"), 403)["detail"]
    assert close(api, world.key("H01.187"), parent="H01.187")["units"] == 2
    for body, status, said in [
        ({"parent": "H99"}, 404, "GET /v1/units"),
        ({"ruleset": "none"}, 404, "766-portal-2026"),
        ({"period": "2026-Q2"}, 422, "has not ended"),
        ({"period": "2026-04-01"}, 422, "has not ended"),
        ({"period": "last-30-days"}, 422, "has not ended"),
        ({"period": "soon"}, 422, "is no period"),
        ({"period": None}, 422, "say which"),
        ({"period": None, "to": "2026-03-31"}, 422, "first day"),
        ({"from": "2026-01-01"}, 422, "not both"),
        ({"forse": True}, 422, "forse"),
        ({"replace": True}, 422, "reason"),
        ({"reason": "x"}, 422, "replace=true"),
        ({"note": ""}, 422, "note"),
        ({"note": "a\0b"}, 422, "note"),
    ]:
        assert said in close(api, key, status, **body)["detail"], body
    answer = httpx.post(url, content=b"{", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 400
    ended = close(api, key, period=None, **{"from": "2026-01-01", "to": "2026-03-15"})
    assert (ended["from"], ended["to"]) == ("2026-01-01", "2026-03-15")


def test_a_period_is_closed_once_and_replaced_with_a_reason(world: World):
    api, key = world.serve(), world.key()
    close(api, key, decision="12/QĐ-UBND")
    again = close(api, key, 409)
    assert again["closing"] == 1
    assert "replace" in again["detail"]
    world.correct(api, LATE_CORRECTION)
    second = close(api, key, replace=True, reason="Đính chính 2 hồ sơ", decision="15/QĐ-UBND")
    assert (second["id"], second["replaces"], second["reason"]) == (2, 1, "Đính chính 2 hồ sơ")
    now = published(api)
    assert (now["published"]["closing"], now["difference"]) == (2, {"total": 0})
    assert [each["id"] for each in api.get("/v1/periods")["periods"]] == [2]
    history = api.get("/v1/periods", params={"parent": "H01", "replaced": "true"})["periods"]
    assert [(each["id"], each["replaced_at"] is None) for each in history] == [(2, True), (1, False)]
    former = api.get("/v1/periods/1")
    totals = {each["unit"]["code"]: each["total"] for each in former["results"]}
    assert totals["H01.187"] > now["total"]
    assert httpx.get(f"{api.url}/v1/periods/1/ruleset").text == text_of("766-portal-2026")
    for number in ("3", "0", "x", "99999999999", "²"):
        assert "no closing" in api.get(f"/v1/periods/{number}", 404)["detail"]
    # a lower unit may have closed before: what the higher one closed holds
    close(api, world.key("H01.187"), parent="H01.187")
    assert published(api)["published"]["closing"] == 2


@pytest.mark.parametrize("replace", [False, True])
def test_of_two_who_close_at_once_one_does(world: World, replace: bool):
    first, second = world.serve(), world.serve()
    key = world.key()
    body: dict[str, Any] = {"parent": "H01", **Q1}
    if replace:
        close(first, key)
        body |= {"replace": True, "reason": "x"}

    def ask(api: Api) -> int:
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.post(f"{api.url}/v1/periods/close", json=body, headers=headers, timeout=60).status_code

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(ask, [first, second] * 4))
    in_force = world.storage.sql("select id from closing where replaced_at is null")
    assert len(in_force) == 1
    kept = world.storage.sql("select distinct closing from published_result order by 1")
    assert len(kept) == found.count(201) + replace
    assert set(found) <= {201, 409}
    assert found.count(201) >= 1
    if not replace:
        assert found.count(201) == 1
    first.until(lambda: published(second)["published"]["closing"] == in_force[0].id)


def test_a_period_that_is_not_closed_is_answered_with_those_that_are(world: World):
    api = world.serve()
    query = {"period": "2026-02", "published": "true"}
    assert api.get("/v1/units/H01.187/score", 404, params=query)["closed"] == []
    close(api, world.key())
    for path in ("units/H01.187/score", "units/H01.187/counts", "units/H01.187/series", "rankings"):
        params = query | ({"parent": "H01"} if path == "rankings" else {})
        (closed,) = api.get(f"/v1/{path}", 404, params=params)["closed"]
        assert closed == {
            "closing": 1, "parent": "H01", "from": "2026-01-01", "to": "2026-03-31", "ruleset": "766-portal-2026"
        }  # fmt: skip
    for unknown in ("H21.17", "H99", "%00"):
        assert api.get(f"/v1/units/{unknown}/score", 404, params={**Q1, "published": "true"})["closed"] == []
    for path, extra in [
        ("units/H01/score", {"scope": "own"}),
        ("units/H01/counts", {"group_by": "procedure"}),
        ("units/H01/series", {"step": "day"}),
        ("units/H01/series", {"indicator": "9.9"}),
        ("units/H01/score", {"published": "yes"}),
        ("rankings", {}),
        ("counts", {}),
    ]:
        api.get(f"/v1/{path}", 422, params={**Q1, "published": "true", **extra})


def test_with_postgresql_away_live_figures_go_on(world: World, server: Postgres):
    api, key = world.serve(), world.key()
    close(api, key)
    published(api)
    total = score(api)["total"]
    server.stop()
    try:
        live = score(api, "H01.06")  # never read before: what was published of it is not at hand
        assert live["closed"]["closing"] == 1
        assert live["closed"]["differs"] is None
        assert published(api)["total"] == total  # what was read once stays
        assert "PostgreSQL" in api.get("/v1/units/H01.06/score", 503, params={**Q1, "published": "true"})["detail"]
        assert "PostgreSQL" in api.get("/v1/reports/H01.187.json", 503, params={**Q1, "published": "true"})["detail"]
        assert api.get("/v1/reports/H01.06.json", params=Q1)["closed"]["differs"] is None
        assert "PostgreSQL" in close(api, key, 503, period="2026-02")["detail"]
        assert api.health() == 200
    finally:
        server.start()
    api.until(lambda: api.http.get("/v1/periods").status_code == 200)
    assert published(api, "H01.06")["difference"] == {"total": 0}


def test_events_that_are_not_counted_yet_keep_a_period_open(world: World):
    api = world.serve()

    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=world.bootstrap) as producer:
            for _ in range(8):  # the scorer has read seven
                await producer.send_and_wait("dossier-events", b"{}", partition=0)

    asyncio.run(send())
    assert "not counted yet" in close(api, world.key(), 503)["detail"]
    assert world.storage.sql("select id from closing") == []


def test_a_rule_set_that_changed_later_changes_nothing_that_is_published(world: World):
    api = world.serve()
    close(api, world.key())
    close(api, world.key(), period="2026-02")
    # as if the packaged file had been another one when the period was closed
    former = text_of("766-portal-2026").replace("en: Publicity and transparency", "en: Openness")
    world.storage.sql("update closing set ruleset_text = :text, ruleset_fingerprint = 'f' where id = 1", text=former)
    world.storage.sql("update closing set ruleset_text = 'unreadable', ruleset_fingerprint = 'f' where id = 2")
    other = world.serve()
    found = published(other, lang="en")
    assert found["published"]["ruleset"]["changed"] is True
    assert found["groups"][0]["name"] == "Openness"
    assert found["now"] == {"total": score(other)["total"]}
    assert httpx.get(f"{other.url}/v1/periods/1/ruleset").text == former
    report = other.get("/v1/reports/H01.187.json", params={**Q1, "published": "true"})
    assert report["rules"]["groups"][0]["name"]["en"] == "Openness"
    unreadable = {"period": "2026-02", "published": "true"}
    assert "/v1/periods/2/ruleset" in other.get("/v1/reports/H01.187.json", 501, params=unreadable)["detail"]
    assert other.get("/v1/units/H01.187/score", params=unreadable)["now"] is None


def test_the_sheet_of_a_year_has_all_its_closed_quarters_and_the_change_to_the_year_before(world: World):
    api, key = world.serve(NHIP_EVALUATION_BANDS="10=Đạt,60=Tốt"), world.key()
    for period in ("2025-Q1", "2025-Q2", "2026-Q1", "2025"):
        close(api, key, period=period, decision="1/QĐ", ruleset="766-portal-2025")
    sheet = api.get("/v1/periods/3/evaluation.json")
    assert [(row["unit"], row["first"]) for row in sheet["rows"]] == [
        (unit, "2026-01-01") for unit in ("H01", "H01.06", "H01.187", "một cửa/7 & 8%")
    ]
    before = api.get("/v1/units/H01.06/score", params={"period": "2025-Q1", "ruleset": "766-portal-2025"})["total"]
    row = sheet["rows"][1]
    assert row["before"] == before
    assert row["change"] == round(row["total"] - before, 2)
    assert row["band"] == ("Tốt" if row["total"] >= 60 else "Đạt")
    assert (row["rank"], row["kind_rank"], row["decision"]) == (1, 1, "1/QĐ")
    quarters = api.get("/v1/periods/1/evaluation.json")["rows"]
    assert {(row["first"], row["last"]) for row in quarters} == {
        ("2025-01-01", "2025-03-31"),
        ("2025-04-01", "2025-06-30"),
    }
    assert {row["first"] for row in api.get("/v1/periods/4/evaluation.json")["rows"]} == {"2025-01-01"}
    answer = httpx.get(f"{api.url}/v1/periods/3/evaluation.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0][:2] == ["Mã đơn vị", "Đơn vị"]
    assert float(lines[2][5]) == row["total"]
    assert lines[2][-len(row["groups"]) :] == [str(points) for points in row["groups"].values()]
    api.get("/v1/periods/3/evaluation.pdf", 404)


def test_the_page_of_a_closed_period_shows_the_official_figures_beside_todays(world: World):
    api, key = world.serve(), world.key()
    path = "/units/H01.187?period=2026-Q1"
    assert "Kỳ này đã chốt" not in visible(api.http.get(path).text)
    assert "Chưa có kỳ nào được chốt" in visible(api.http.get("/units/H01.187/published").text)
    close(api, key, decision="12/QĐ-UBND")
    world.correct(api, LATE_CORRECTION)
    official = published(api)
    total, now, difference = official["total"], official["now"]["total"], official["difference"]["total"]
    assert difference < 0
    figures = Figures("vi")
    line = f"{figures.points(total)} {figures.points(now)} {figures.change(difference)}"
    seen = visible(api.http.get(path).text)
    assert "Kỳ này đã chốt" in seen
    assert "bởi An Giang. Quyết định 12/QĐ-UBND." in seen
    assert f"Tổng điểm {line}" in seen
    assert f"Xã Ba Chúc {line}" in visible(api.http.get("/units/H01?period=2026-Q1&kind=all").text)
    assert f"01/01/2026 – 31/03/2026 766-portal-2026 {line}" in visible(api.http.get("/units/H01.187/published").text)

    close(api, key, replace=True, reason="nhập sai")
    again = published(api)["total"]
    listed = api.http.get("/units/H01.187/published").text
    (report,) = re.findall(r'href="/(v1/reports/[^"]+)"', listed)  # of the closing in force alone
    assert "published=true" in report
    assert api.http.get(unescape(f"/{report}")).status_code == 200
    seen = visible(listed)
    assert f"{figures.points(again)} {figures.points(again)} {figures.change(0)}" in seen
    assert f"đã được thay 766-portal-2026 {figures.points(total)} – –" in seen
    assert "Thay vì: nhập sai" in seen
