"""What the contract promises of each read, asked over HTTP with rows in the real topic."""

import httpx
import msgspec
import pytest

from schemas.counts import COUNTS
from schemas.measures import BY_NAME, Kind
from schemas.moments import parse_day
from schemas.rulesets.document import document
from schemas.rulesets.library import available, load
from schemas.rulesets.pairs import evaluate_pairs
from tests.integration.api.conftest import DAYS
from tests.integration.api.running import TREE, Api


def as_json(made) -> dict:
    return msgspec.json.decode(msgspec.json.encode(made))


def expected(units: set[str], first: str | None, last: str) -> dict[str, int]:
    """The contract's counts, added up from DAYS by hand."""

    def total(measure: str, until: str, since: str | None) -> int:
        return sum(
            counts.get(measure, 0)
            for days in DAYS.values()
            for (unit, day), cell in days.items()
            for counts in cell.values()
            if unit in units and day <= until and (since is None or day >= since)
        )

    renamed = {"online": "received_online", "synced": "received_synced"}
    found = {}
    for name in COUNTS:
        measure = BY_NAME.get(renamed.get(name, name))
        if measure is not None:
            found[name] = total(measure.name, last, None if measure.kind is Kind.STOCK else first)
    found["carried_over"] = found["open"] - found["received"] + found["ended"]
    found["open_not_due"] = found["open"] - found["open_overdue"] - found["open_no_due"]
    return found


@pytest.mark.parametrize("unit", [unit.code for unit in TREE])
@pytest.mark.parametrize("scope", ["own", "subtree"])
@pytest.mark.parametrize(("first", "last"), [(None, None), ("2026-01-01", None), ("2026-01-02", "2026-03-31")])
def test_counts_of_a_unit_are_the_sums_of_its_days(api: Api, unit, scope, first, last):
    query = {name: day for name, day in (("from", first), ("to", last)) if day}
    found = api.get(f"/v1/units/{httpx.URL(path=unit).raw_path.decode()}/counts", params=query | {"scope": scope})
    units = set(TREE.subtree(unit)) if scope == "subtree" else {unit}
    assert found["counts"] == expected(units, first, last or "2026-04-01")
    assert (found["unit"], found["scope"]) == (unit, scope)
    assert (found["from"], found["to"]) == (first, last or "2026-04-01")
    assert found["as_of"] == "2026-04-01T12:00:00+07:00"
    counts = found["counts"]
    assert counts["open"] == counts["carried_over"] + counts["received"] - counts["ended"]


def test_counts_are_also_given_for_the_units_below_one(api: Api):
    found = api.get("/v1/counts", params={"parent": "H01", "from": "2026-01-01"})
    assert [entry["unit"] for entry in found] == ["H01.06", "H01.187"]
    for entry in found:
        single = api.get(f"/v1/units/{entry['unit']}/counts", params={"from": "2026-01-01"})
        assert entry == single
    assert [entry["unit"] for entry in api.get("/v1/counts")] == ["H01", "H21.17"]
    assert api.get("/v1/counts", params={"parent": "H01.06"}) == []


def test_counts_split_by_procedure_add_up_to_the_whole(api: Api):
    found = api.get("/v1/units/H01/counts", params={"from": "2026-01-01", "group_by": "procedure"})
    groups = {group["procedure"]: group["counts"] for group in found["groups"]}
    assert set(groups) == {"1.000105", "2.000488"}
    assert groups["2.000488"]["open_overdue"] == 1
    assert groups["1.000105"]["carried_over"] == 4
    for name, whole in found["counts"].items():
        assert sum(counts[name] for counts in groups.values()) == whole
    split = api.get("/v1/counts", params={"parent": "H01", "from": "2026-01-01", "group_by": "procedure"})
    alone = api.get("/v1/units/H01.187/counts", params={"from": "2026-01-01", "group_by": "procedure"})
    assert split[1] == alone


def test_the_score_is_what_the_evaluator_makes_of_the_same_counts(api: Api):
    period = {"period": "2026-H1"}
    scored = api.get("/v1/units/H01.187/score", params=period | {"ruleset": "766-portal-2026"})
    assert scored["unit"] == {"code": "H01.187", "name": "Xã Ba Chúc", "kind": "commune"}
    assert (scored["from"], scored["to"], scored["max"]) == ("2026-01-01", "2026-06-30", 100)
    assert scored["last_event_at"] == "2026-03-31T02:00:00+07:00"
    given = {
        indicator["code"]: [indicator["numerator"], indicator["denominator"]]
        for group in scored["groups"]
        for indicator in group["indicators"]
    }
    rules = load("766-portal-2026")
    again = as_json(document(evaluate_pairs(rules, given, "commune"), 0))
    assert {name: scored[name] for name in again} == again
    counts = api.get("/v1/units/H01.187/counts", params=period)["counts"]
    on_time = given["2.1"]
    assert on_time == [
        counts["ended"] - counts["ended_late"] + counts["open"] - counts["open_overdue"],
        counts["ended"] + counts["open"],
    ]
    assert given["1.4"] == [counts["synced"], counts["received"]]


def test_a_unit_without_dossiers_has_no_data_and_never_zero_per_cent(api: Api):
    scored = api.get("/v1/units/H21.17/score")
    assert (scored["from"], scored["to"], scored["ruleset"]) == ("2026-01-01", "2026-04-01", "766-portal-2026")
    for group in scored["groups"]:
        for indicator in group["indicators"]:
            if indicator["code"] != "4.6":  # counts communes, not dossiers
                assert indicator["ratio"] is None
                assert indicator["status"] in ("no_data", "analysis")


def test_names_are_vietnamese_or_english(api: Api):
    vietnamese, english = (
        api.get("/v1/units/H01/score", params={"lang": lang})["groups"][0]["name"] for lang in ("vi", "en")
    )
    assert vietnamese == "Công khai, minh bạch"
    assert english != vietnamese


def test_given_counts_are_evaluated_alike(api: Api):
    pairs = {"2.1": [788612, 1065150], "1.4": [0, 0]}
    answer = api.http.post("/v1/rulesets/766-portal-2026/evaluate", json={"indicators": pairs})
    assert answer.status_code == 200
    expected_document = as_json(document(evaluate_pairs(load("766-portal-2026"), pairs), 0))
    assert {name: answer.json()[name] for name in expected_document} == expected_document


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 422),
        (b'{"indicators": {"9.9": [1, 2]}}', 422),
        (b'{"indicators": {"2.1": [1]}}', 422),
        (b'{"indicators": {"2.1": [-1, 2]}}', 422),
        (b'{"indicators": {"2.1": [1, 2]}, "kind": "moon"}', 422),
        (b'{"indicators": {"2.1": ["1", 2]}}', 422),
        (b'{"indicators": {}, "x": "' + b"x" * (1 << 20) + b'"}', 413),
    ],
)
def test_counts_that_cannot_be_evaluated_get_a_problem_document(api: Api, body, status):
    answer = api.http.post("/v1/rulesets/766-portal-2026/evaluate", content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_rule_sets_are_listed_and_readable(api: Api):
    assert {one["id"] for one in api.get("/v1/rulesets")["rulesets"]} == set(available())
    whole = api.get("/v1/rulesets/766-portal-2026")
    assert {group["code"] for group in whole["groups"]} >= {"CKMB", "TDGQ"}


def test_the_unit_tree_is_listed_parents_first(api: Api):
    listed = api.get("/v1/units")["units"]
    assert [unit["code"] for unit in listed] == ["H01", "H01.06", "H01.187", "một cửa/7 & 8%", "H21.17"]
    assert [u["code"] for u in api.get("/v1/units", params={"parent": "H01"})["units"]] == ["H01.06", "H01.187"]
    assert [u["code"] for u in api.get("/v1/units", params={"kind": "commune", "parent": "H01"})["units"]] == [
        "H01.187"
    ]


def test_a_unit_says_who_is_above_and_below_and_when_it_was_heard_last(api: Api):
    unit = api.get("/v1/units/H01.187")
    assert unit["parent_unit"] == {"code": "H01", "name": "An Giang", "kind": "province"}
    assert [child["code"] for child in unit["children"]] == ["một cửa/7 & 8%"]
    assert unit["last_event_at"] == "2026-03-31T02:00:00+07:00"
    assert api.get("/v1/units/H01")["last_event_at"] == unit["last_event_at"]  # its systems are those below
    assert api.get("/v1/units/H01.06")["last_event_at"] is None


def test_an_old_style_code_is_turned_round(api: Api):
    assert api.get("/v1/units/000.00.17.H21")["code"] == "H21.17"
    assert api.get("/v1/units/000.00.17.H21/counts")["unit"] == "H21.17"


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/v1/units/H99", 404, "H99"),
        ("/v1/units/H99/counts", 404, "/v1/units"),
        ("/v1/units/H99/score", 404, "/v1/units"),
        ("/v1/counts?parent=H99", 404, "/v1/units"),
        ("/v1/units?parent=H99", 404, "/v1/units"),
        ("/v1/units/H01/score?ruleset=766", 404, "766-portal-2026"),
        ("/v1/rulesets/766", 404, "766-portal-2026"),
        ("/v1/units/H01/score?period=soon", 422, "2026-Q1"),
        ("/v1/units/H01/score?period=2026-02-30", 422, "calendar"),
        ("/v1/units/H01/score?period=2026&from=2026-01-01", 422, "not both"),
        ("/v1/units/H01/counts?from=2026-02-01&to=2026-01-31", 422, "after"),
        ("/v1/units/H01/counts?from=2026-04-02", 422, "after"),
        ("/v1/units/H01/counts?from=1/1/2026", 422, "2026-03-12"),
        ("/v1/units/H01/counts?from=", 422, "from"),
        ("/v1/units/H01/counts?scope=all", 422, "subtree"),
        ("/v1/units/H01/counts?group_by=channel", 422, "group_by"),
        ("/v1/units/H01/counts?group_by=unit", 422, "procedure"),
        ("/v1/units/H01/counts?form=2026-01-01", 422, "form"),
        ("/v1/units/H01/counts?scope=own&scope=subtree", 422, "twice"),
        ("/v1/units/H01/score?lang=fr", 422, "vi or en"),
        ("/v1/nothing", 404, "/docs"),
    ],
)
def test_what_cannot_be_answered_says_what_would_be_right(api: Api, path, status, word):
    answer = api.http.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert word in problem["detail"]


def test_a_wrong_method_is_told_which_is_right(api: Api):
    answer = api.http.post("/v1/units")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/units",
        "/v1/units/H01",
        "/v1/units/H01/counts",
        "/v1/counts",
        "/v1/units/H01/score",
        "/v1/rulesets",
        "/v1/rankings",
    ],
)
def test_every_read_can_be_asked_again_for_nothing(api: Api, path):
    first = api.http.get(path)
    assert first.headers["cache-control"] == "no-cache"
    again = api.http.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["nhip-revision"] == first.headers["nhip-revision"]
    other = api.http.get(path, headers={"If-None-Match": '"other"'})
    assert other.content == first.content


def test_progress_says_how_far_each_partition_is(api: Api):
    progress = api.get("/v1/progress")
    assert [(p["partition"], p["clock"], p["offsets"]) for p in progress["partitions"]] == [
        (0, "2026-04-01T12:00:00+07:00", {"dossier-events": 7}),
        (1, "2026-04-01T12:00:00+07:00", {"dossier-events": 7}),
    ]
    assert progress["as_of"] == "2026-04-01T12:00:00+07:00"
    assert parse_day(progress["as_of"][:10]) == parse_day("2026-04-01")


def test_metrics_and_documentation_are_there(api: Api):
    metrics = api.http.get("/metrics").text
    assert "nhip_api_revision" in metrics
    assert "nhip_api_rows_total" in metrics
    assert "/v1/counts" in api.get("/openapi.json")["paths"]
    assert api.get("/healthz/live") == {"live": True}


def test_no_other_site_may_read_unless_allowed(api: Api, start, filled):
    origin = {"Origin": "https://example.org"}
    assert "access-control-allow-origin" not in api.http.get("/v1/units", headers=origin).headers
    open_api = start(filled, NHIP_CORS_ORIGINS='["*"]').until_ready()
    assert open_api.http.get("/v1/units", headers=origin).headers["access-control-allow-origin"] == "*"
