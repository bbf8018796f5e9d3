"""Dossiers and findings over HTTP: who may read, what is told, pages, PostgreSQL away, people who sign in."""

import asyncio
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import psutil
import pytest
from sqlalchemy import delete

from deploy.local.kafka import Kafka
from deploy.local.postgres import Postgres
from services.common.archived import ArchivePosition
from tests.integration.api.archiving import Archived, archived_at, at, dossier
from tests.integration.api.running import NOW, Api, Scorer, publish_tree
from tests.integration.api.test_mergers import TREE as MERGED

LATE, LATER = "2026-03-30T17:00:00", "2026-03-31T11:00:00"
WEIRD = "một cửa/7 & 8%"


def overdue(code: str, since: str, **known: Any) -> dict[str, Any]:
    return dossier(code, received_at="2026-03-20T08:00:00", due_at=since, overdue_from=since + ".000001", **known)


DOSSIERS = [
    overdue("a", LATER),
    overdue("b", LATE, unit=WEIRD, agency=WEIRD, procedure="2.000488"),
    overdue("c", LATE),
    overdue("soon", "2026-04-02T17:00:00", unit="H01.06", agency="H01", soon_from="2026-03-31T17:00:00"),
    overdue("not-yet", "2026-04-03T17:00:00", soon_from="2026-04-01T17:00:00"),
    overdue("far", "2026-04-20T17:00:00", soon_from="2026-04-16T17:00:00"),
    dossier("no-due", received_at="2026-03-20T08:00:00"),
    dossier("waits", state="waiting", due_at="2026-04-01T17:00:00", waiting_since="2026-03-31T16:00:00"),
    dossier("done", state="ended", due_at=LATE, ended_at="2026-03-31T17:00:00", late=True, agency=None),
    dossier("done-first", state="ended", due_at=LATE, ended_at="2026-04-01T09:00:00", late=True, agency=None),
    dossier("done-well", state="ended", due_at=LATE, ended_at=LATE, late=False, agency=None),
    dossier("done-in-2025", state="ended", due_at="2025-12-01T17:00:00", ended_at="2025-12-31T23:59:59", late=True),
    dossier("elsewhere", unit="H21.17", overdue_from=LATE, due_at=LATE),
    dossier("declined", state="declined"),
]


def told(kind: str, name: str, time: str, *, sender: str = "H01.187", **data: Any) -> dict[str, Any]:
    micros = round(at(time).timestamp()) * 1_000_000
    return {"type": f"nhip.dossier.{kind}", "id": name, "source": "/a", "time": micros, "sender": sender, "data": data}


CODE = "H01.187-260320-0001 Ô/1"
RECEIVED = told(
    "received", "2", "2026-03-20T08:01:00", unit="H01.187", procedure="1.000105", due_at="2026-03-30T10:00:00Z"
)
STEP = told("step", "3", "2026-03-21T08:00:00", step="s1", agency="H01.06", post="chuyên viên A")
EVENTS = [
    told("received", "1", "2026-03-20T08:00:00", unit="H01.187", procedure="1.000105", due_at="2026-03-29T10:00:00Z"),
    RECEIVED,
    STEP,
    told("processed", "4", "2026-03-22T08:00:00", sender="H21.17", outcome="completed"),
]
COUNTS = [
    {"unit": "H01.187", "day": "2026-03-20", "procedure": "1.000105", "measure": "received", "count": 1},
    {"unit": "H01.187", "day": "2026-03-30", "procedure": "1.000105", "measure": "became_overdue", "count": 1},
]
WHOLE = overdue(CODE, LATE) | {
    "facts": [{**fact, "part": fact["data"].get("step")} for fact in (RECEIVED, STEP)],
    "counts": COUNTS,
}
FINDINGS = [
    {
        "subject": CODE,
        "code": "foreign_sender",
        "detail": "H21.17",
        "unit": "H01.187",
        "since": at("2026-03-22T08:00:00"),
    },
    {"subject": "x", "code": "no_due", "detail": "", "unit": "H01.06", "since": at("2026-03-30T08:00:00")},
    {"subject": "y", "code": "no_due", "detail": "", "unit": WEIRD, "since": None},
    {"subject": "z", "code": "no_due", "detail": "", "unit": "H21.17", "since": at("2026-03-30T08:00:00")},
]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    events = [{**event, "code": CODE, "system": "s", "arrived_at": at(NOW)} for event in EVENTS]
    with archived_at(tmp_path_factory.mktemp("postgres")) as made:
        made.fill([*DOSSIERS, WHOLE], events, FINDINGS, as_of="2026-04-01T11:59:30+07:00")
        yield made


@pytest.fixture(scope="module")
def api(filled: str, database: Archived, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    service = Api(tmp_path_factory.mktemp("api"), filled, NHIP_DATABASE_URL=database.url).until_ready()
    yield service
    assert service.stop() == 0


@pytest.fixture(scope="module")
def key(database: Archived) -> str:
    """A read key of the province."""
    return database.key("H01")


def with_key(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def codes(api: Api, key: str, unit: str = "H01", **query: str) -> list[str]:
    """The codes of all pages, each of two."""
    found: list[str] = []
    query["limit"] = "2"
    while True:
        page = api.get(f"/v1/units/{unit}/dossiers", headers=with_key(key), params=query)
        found += [one["code"] for one in page["dossiers"]]
        if page["next"] is None:
            assert len(found) == page["total"]
            return found
        query["after"] = page["next"]


def test_each_status_lists_its_dossiers_the_most_overdue_first(api: Api, key: str):
    assert codes(api, key) == codes(api, key, status="overdue") == [CODE, "b", "c", "a"]
    assert codes(api, key, status="due_soon") == codes(api, key, status="due_soon", within="1") == ["soon"]
    assert codes(api, key, status="due_soon", within="0") == []
    assert codes(api, key, status="due_soon", within="19") == ["soon", "not-yet", "far"]
    assert codes(api, key, status="open") == [CODE, "b", "c", "a", "soon", "not-yet", "far", "no-due", "waits"]
    assert codes(api, key, status="waiting") == ["waits"]
    assert codes(api, key, status="late") == ["done-first", "done"]
    assert codes(api, key, status="late", period="2026-Q1") == ["done"]
    assert codes(api, key, status="late", **{"from": "2025-12-31", "to": "2025-12-31"}) == ["done-in-2025"]


def test_a_list_is_cut_by_scope_procedure_and_agency(api: Api, key: str):
    assert codes(api, key, "H01.187") == [CODE, "b", "c", "a"]
    assert codes(api, key, "H01.187", scope="own") == [CODE, "c", "a"]
    assert codes(api, key, scope="own") == []
    assert codes(api, key, procedure="2.000488") == ["b"]
    assert codes(api, key, agency=WEIRD) == ["b"]
    assert codes(api, key, status="due_soon", agency="H01") == ["soon"]


def test_a_line_says_what_an_official_asks_of_a_dossier(api: Api, key: str):
    page = api.get("/v1/units/H01/dossiers", headers=with_key(key), params={"procedure": "2.000488"})
    weird = {"code": WEIRD, "name": "Điểm một cửa", "kind": "commune"}
    assert page == {
        "unit": {"code": "H01", "name": "An Giang", "kind": "province"},
        "scope": "subtree",
        "status": "overdue",
        "within": None,
        "from": None,
        "to": None,
        "total": 1,
        "dossiers": [
            {
                "code": "b",
                "unit": weird,
                "procedure": {"code": "2.000488", "name": None, "sector": None, "sector_name": None},
                "state": "open",
                "received_at": "2026-03-20T08:00:00+07:00",
                "due_at": "2026-03-30T17:00:00+07:00",
                "working_days_left": -1.56,  # all of Tuesday, and four hours and a half of Wednesday
                "late": True,
                "waiting_since": None,
                "ended_at": None,
                "agency": weird,
            }
        ],
        "next": None,
        "as_of": "2026-04-01T11:59:30+07:00",
        "archive": {"as_of": "2026-04-01T11:59:30+07:00", "lag_seconds": 30.0},
    }

    def left(status: str) -> dict[str, tuple[float | None, bool | None]]:
        lines = api.get("/v1/units/H01/dossiers", headers=with_key(key), params={"status": status})["dossiers"]
        return {line["code"]: (line["working_days_left"], line["late"]) for line in lines}

    assert left("open")["no-due"] == (None, None)
    assert left("open")["soon"] == (1.44, False)
    assert left("waiting") == {"waits": (1.12, False)}  # from where the clock stands still: an hour, and Wednesday
    assert left("late") == {"done-first": (-1.25, True), "done": (-1.0, True)}


def test_hours_of_a_units_own_count_its_working_days(start, filled: str, database: Archived, key: str):
    service = start(filled, NHIP_DATABASE_URL=database.url, NHIP_UNIT_HOURS="H01.187=08:00-10:00").until_ready()
    lines = service.get("/v1/units/H01/dossiers", headers=with_key(key))["dossiers"]
    assert {line["code"]: line["working_days_left"] for line in lines}["b"] == -0.5  # two days of two hours


def test_a_dossier_tells_what_holds_what_it_counts_for_and_what_gave_way(api: Api, key: str):
    found = api.get(f"/v1/dossiers/{CODE}", headers=with_key(key))
    assert (found["code"], found["state"], found["late"]) == (CODE, "open", True)
    unit = {"code": "H01.187", "name": "Xã Ba Chúc", "kind": "commune"}
    held, step = found["facts"]
    assert held == {
        "type": "nhip.dossier.received",
        "id": "2",
        "source": "/a",
        "time": "2026-03-20T08:01:00+07:00",
        "part": None,
        "sender": unit,
        "data": {"unit": "H01.187", "procedure": "1.000105", "due_at": "2026-03-30T17:00:00+07:00"},
        "counts": COUNTS,
        "taken_back_by": None,
    }
    assert (step["part"], step["data"], step["counts"]) == ("s1", {"step": "s1", "agency": "H01.06"}, [])
    (gone,) = found["superseded"]
    assert (gone["id"], gone["superseded_by"]["id"], gone["data"]["due_at"]) == ("1", "2", "2026-03-29T17:00:00+07:00")
    (foreign,) = found["not_heard"]
    assert (foreign["id"], foreign["sender"]["name"]) == ("4", "Xã Ia Grai")
    assert found["archive"] == {"as_of": "2026-04-01T11:59:30+07:00", "lag_seconds": 30.0}


def test_findings_are_counted_and_listed_the_newest_first(api: Api, key: str):
    found = api.get("/v1/units/H01/findings", headers=with_key(key))
    assert (found["counts"], found["total"]) == ({"foreign_sender": 1, "no_due": 2}, 3)
    assert [one["subject"] for one in found["findings"]] == ["x", CODE, "y"]
    assert found["findings"][1] == {
        "subject": CODE,
        "code": "foreign_sender",
        "detail": "H21.17",
        "unit": {"code": "H01.187", "name": "Xã Ba Chúc", "kind": "commune"},
        "since": "2026-03-22T08:00:00+07:00",
    }
    seen, after = [], {}
    for _ in range(2):
        page = api.get("/v1/units/H01/findings", headers=with_key(key), params={"code": "no_due", "limit": "1"} | after)
        assert (page["counts"], page["total"]) == (found["counts"], 2)
        seen += [one["subject"] for one in page["findings"]]
        after = {"after": page["next"]}
    assert (seen, page["next"]) == (["x", "y"], None)
    own = api.get("/v1/units/H01.06/findings", headers=with_key(key), params={"scope": "own"})
    assert own["counts"] == {"no_due": 1}


PATHS = ("/v1/units/H01.187/dossiers", f"/v1/dossiers/{CODE}", "/v1/units/H01.187/findings")


@pytest.mark.parametrize("path", PATHS)
def test_a_read_key_of_the_unit_or_of_one_above_is_needed(api: Api, database: Archived, key: str, path: str):
    def status(headers: dict[str, str]) -> int:
        answer = api.http.get(path, headers=headers)
        assert answer.headers["content-type"] == (
            "application/json" if answer.is_success else "application/problem+json"
        )
        assert ("www-authenticate" in answer.headers) == (answer.status_code == 401)
        return answer.status_code

    assert status({}) == status(with_key("nhip_unknown")) == status({"Authorization": "Basic eDp5"}) == 401
    assert status(with_key(database.key("H01", read=False))) == 403
    assert status(with_key(database.key("H21.17"))) == status(with_key(database.key(WEIRD))) == 403
    assert status(with_key(key)) == status(with_key(database.key("H01.187"))) == 200
    revoked = database.key("H01.187")
    assert status(with_key(revoked)) == 200
    database.revoke(revoked)
    api.until(lambda: status(with_key(revoked)) == 401)


def test_nobody_learns_whether_a_dossier_of_others_is_there(api: Api, database: Archived, key: str):
    def status(code: str, key: str) -> int:
        return api.http.get(f"/v1/dossiers/{code}", headers=with_key(key)).status_code

    other = database.key("H21.17")
    assert status(CODE, other) == status("H01.187-none", other) == 403
    assert status("H01.187-none", key) == status("nobody's", key) == status("a%00b", key) == 404
    assert status("elsewhere", key) == 403
    assert status("elsewhere", other) == 200


@pytest.mark.parametrize("path", PATHS)
def test_the_same_answer_is_not_sent_twice_and_kept_by_nobody_else(api: Api, key: str, path: str):
    first = api.http.get(path, headers=with_key(key))
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "Authorization, Cookie"
    again = api.http.get(path, headers=with_key(key) | {"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["nhip-as-of"] == first.json()["as_of"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("status=gone", "status"),
        ("within=2", "within"),
        ("status=due_soon&within=-1", "within"),
        ("status=due_soon&within=367", "within"),
        ("status=open&period=2026-Q1", "period"),
        ("status=late&period=2026-Q9", "period"),
        ("status=late&from=2026-02-01&to=2026-01-01", "from, to"),
        ("limit=501", "limit"),
        ("after=x", "after"),
        ("scope=all", "scope"),
        ("procedure=%00", "procedure"),
        ("form=json", "form"),
    ],
)
def test_a_wrong_parameter_is_told_with_what_is_allowed(api: Api, key: str, query: str, parameter: str):
    answer = api.http.get(f"/v1/units/H01/dossiers?{query}", headers=with_key(key))
    assert (answer.status_code, answer.json()["parameter"]) == (422, parameter), answer.text
    assert api.http.get("/v1/units/H99/dossiers", headers=with_key(key)).status_code == 404


def test_a_cursor_of_another_list_is_refused(api: Api, key: str):
    page = api.get("/v1/units/H01/dossiers?limit=1", headers=with_key(key))
    other = api.http.get(
        "/v1/units/H01/dossiers", headers=with_key(key), params={"status": "late", "after": page["next"]}
    )
    assert (other.status_code, other.json()["parameter"]) == (422, "after")


def test_docs_describe_the_paths_with_documents_and_parameters(api: Api):
    document = api.get("/openapi.json")
    listed = document["paths"]["/v1/units/{unit}/dossiers"]["get"]
    assert {"status", "within", "after", "unit"} <= {one["name"] for one in listed["parameters"]}
    shape = listed["responses"]["200"]["content"]["application/json"]["schema"]
    assert shape["$ref"] == "#/components/schemas/DossierList"
    assert {"401", "403", "404", "422", "503"} <= listed["responses"].keys()
    schemas, wanted = document["components"]["schemas"], set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert wanted <= schemas.keys()
    assert document["components"]["securitySchemes"].keys() == {"ReadKey"}


def test_with_postgresql_away_scores_go_on_and_dossiers_say_when_to_ask_again(api: Api, database: Archived, key: str):
    dossiers = "/v1/units/H01/dossiers"
    assert api.http.get(dossiers, headers=with_key(key)).status_code == 200
    database.server.stop()
    try:
        for path in PATHS:
            away = api.http.get(path, headers=with_key(key))
            assert (away.status_code, away.headers["content-type"]) == (503, "application/problem+json")
            assert int(away.headers["retry-after"]) > 0
        assert api.http.get(dossiers, headers=with_key("nhip_made_a_moment_ago")).status_code == 503
        assert api.http.get(dossiers).status_code == 401
        assert api.http.get("/v1/units/H01/score").status_code == 200
        api.until(lambda: "archive" in api.get("/healthz/ready")["hints"])
        assert "nhip_api_postgres_away 1.0" in api.http.get("/metrics").text
    finally:
        database.server.start()
    api.until(lambda: api.http.get(dossiers, headers=with_key(key)).status_code == 200)
    api.until(lambda: api.get("/healthz/ready")["hints"] == {})
    assert key not in api.log.read_text()


@contextmanager
def frozen(server: Postgres) -> Iterator[None]:
    """A server whose processes are all halted: connections are taken, nothing is answered."""
    main = psutil.Process(int((server.home / "data" / "postmaster.pid").read_text().split()[0]))
    halted = [main, *main.children(recursive=True)]
    for process in halted:
        process.suspend()
    try:
        yield
    finally:
        for process in halted:
            process.resume()


def test_with_postgresql_frozen_questions_end_and_scores_do_not_wait(api: Api, database: Archived, key: str):
    dossiers, headers = "/v1/units/H01/dossiers", with_key(key)
    assert api.http.get(dossiers, headers=headers).status_code == 200
    with frozen(database.server), ThreadPoolExecutor(8) as people:
        asked = [people.submit(httpx.get, api.url + dossiers, headers=headers, timeout=60) for _ in range(8)]
        scored = [api.http.get("/v1/units/H01/score") for _ in range(5)]
        assert not any(one.done() for one in asked)
        assert {answer.status_code for answer in scored} == {200}
        assert {one.result().status_code for one in asked} == {503}
    api.until(lambda: api.http.get(dossiers, headers=headers).status_code == 200)


def test_an_api_without_postgresql_is_ready(start, filled: str):
    service = start(filled, NHIP_DATABASE_URL="postgresql+asyncpg://nobody@127.0.0.1:1/none").until_ready()
    assert service.http.get("/v1/units/H01/score").status_code == 200
    assert service.http.get("/v1/units/H01/dossiers", headers=with_key("nhip_x")).status_code == 503


def test_an_archive_that_is_not_whole_yet_is_not_shown(api: Api, database: Archived, key: str):
    database.run(delete(ArchivePosition).where(ArchivePosition.partition == 1))
    answer = api.http.get("/v1/units/H01/dossiers", headers=with_key(key))
    assert (answer.status_code, answer.json()["archived"]) == (503, 1)
    assert api.http.get("/v1/units/H01/score").status_code == 200


async def test_a_merger_moves_dossiers_as_it_moves_counts(
    own_broker: Kafka, start: Callable[..., Api], database: Archived
):
    await publish_tree(own_broker.bootstrap, MERGED)
    units = ("H01", "H01.1", "H01.2", "H33", "H33.1")
    cells = {(unit, "2026-02-10"): {"1": {"ended": 1, "ended_late": 1, "open": 1, "open_overdue": 1}} for unit in units}
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await one.write(cells)
        await other.write({})
    rows = [overdue(f"open {unit}", LATE, unit=unit) for unit in units]
    ended = {"state": "ended", "late": True, "due_at": "2026-02-01T17:00:00", "ended_at": "2026-02-10T09:00:00"}
    rows += [dossier(f"late {unit}", unit=unit, **ended) for unit in units]
    await asyncio.to_thread(database.fill, rows)
    keys = {unit: await asyncio.to_thread(database.key, unit) for unit in ("H01", "H01.1", "H01.2", "H33")}
    api = start(own_broker.bootstrap, NHIP_DATABASE_URL=database.url)
    await asyncio.to_thread(api.until_ready)
    for unit, reader in (("H01", "H01"), ("H01.1", "H01.1"), ("H01.2", "H01.1"), ("H33", "H01"), ("H33.1", "H33")):
        for scope in ("own", "subtree"):
            now = api.get(f"/v1/units/{unit}/counts", params={"scope": scope})["counts"]
            listed = codes(api, keys[reader], unit, scope=scope)
            assert len(listed) == now["open_overdue"], (unit, scope, listed)
            for period in ("2026-02", "2026-Q1"):
                then = api.get(f"/v1/units/{unit}/counts", params={"scope": scope, "period": period})["counts"]
                listed = codes(api, keys[reader], unit, scope=scope, status="late", period=period)
                assert len(listed) == then["ended_late"], (unit, scope, period, listed)
    denied = api.http.get("/v1/units/H01.1/dossiers", headers=with_key(keys["H01.2"]))
    assert denied.status_code == 403  # a unit that has ended does not read its successor's
