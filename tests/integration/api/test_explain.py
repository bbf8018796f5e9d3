"""`/v1/units/{unit}/explain` and `/v1/whatif` of the running service."""

from importlib.resources import files
from typing import Any

import pytest

from tests.integration.api.running import Api

MARCH = {"from": "2026-03-01", "to": "2026-04-01"}
RULES = files("schemas.rulesets").joinpath("766-portal-2026.yaml").read_text("utf-8")


def explained(api: Api, unit: str = "H01.187", **query: str) -> dict[str, Any]:
    return api.get(f"/v1/units/{unit}/explain", params=MARCH | query)


def supposed(api: Api, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = api.http.post("/v1/whatif", json=MARCH | body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


# what loses points, and what wins them back


def test_an_explanation_says_of_each_indicator_what_the_score_says_and_what_is_lost(api: Api):
    score, document = api.get("/v1/units/H01.187/score", params=MARCH), explained(api)
    for name in ("unit", "ruleset", "from", "to", "total", "max"):
        assert document[name] == score[name]
    for group, scored in zip(document["groups"], score["groups"], strict=True):
        assert group["lost"] == pytest.approx(scored["max"] - scored["score"])
        for one, its in zip(group["indicators"], scored["indicators"], strict=True):
            assert {name: one[name] for name in its} == its
            assert one["lost"] == pytest.approx(its["max"] - (its["score"] or 0))


def test_its_terms_are_counts_of_the_unit(api: Api):
    counts = api.get("/v1/units/H01.187/counts", params=MARCH)["counts"]
    (on_time,) = (one for group in explained(api)["groups"] for one in group["indicators"] if one["code"] == "2.1")
    terms = {term["term"]: term["count"] for term in on_time["terms"]}
    assert terms == {"ended_late": counts["ended_late"], "open_overdue": counts["open_overdue"]}


def test_an_action_s_gain_is_what_the_same_counts_give_in_a_what_if(api: Api):
    (action,) = (one for one in explained(api)["actions"] if one["code"] == "synchronize")
    assert action["text"].startswith(f"Đồng bộ {action['count']} hồ sơ")
    changes = [
        {"unit": "H01.187", "measure": "received_synced", "add": each["count"], "procedure": each["procedure"]}
        for each in action["procedures"]
    ]
    (row,) = supposed(api, unit="H01.187", changes=changes)["units"]
    assert row["difference"] == action["gain"] > 0


def test_it_says_what_lifts_the_unit_by_a_place(api: Api):
    ranks = api.get("/v1/rankings", params=MARCH | {"parent": "H01", "kind": "commune"})["units"]
    assert [row["unit"]["code"] for row in ranks] == ["H01.187"]
    assert explained(api)["next_rank"] is None  # it is the first of one
    last = api.get("/v1/rankings", params=MARCH | {"kind": "province"})["units"]
    assert [row["unit"]["code"] for row in last] == ["H01"]


def test_texts_are_in_the_language_asked_for(api: Api):
    (english,) = (one for one in explained(api, lang="en")["actions"] if one["code"] == "synchronize")
    assert english["text"] == f"Synchronise {english['count']} dossiers with the national portal"


def test_it_is_kept_once_a_state_and_known_by_its_tag(api: Api):
    first = api.http.get("/v1/units/H01.187/explain", params=MARCH)
    assert {"as_of", "revision"} <= first.json().keys()
    again = api.http.get("/v1/units/H01.187/explain", params=MARCH, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_unit_whose_code_has_a_slash_is_explained_too(api: Api):
    document = api.get("/v1/units/m%E1%BB%99t%20c%E1%BB%ADa%2F7%20%26%208%25/explain", params=MARCH)
    assert document["unit"]["code"] == "một cửa/7 & 8%"


# what would be


def test_without_a_change_everything_is_as_it_is_today(api: Api):
    ranking = api.get("/v1/rankings", params=MARCH | {"parent": "H01"})["units"]
    document = supposed(api, parent="H01")
    assert [(row["unit"], row["rank"], row["total"], row["groups"]) for row in document["units"]] == [
        (row["unit"], row["rank"], row["total"], row["groups"]) for row in ranking
    ]
    for row in document["units"]:
        assert (row["total_then"], row["rank_then"], row["difference"]) == (row["total"], row["rank"], 0)
        assert row["groups_then"] == row["groups"]
    assert document["movers"] == []


def test_the_same_rules_written_out_give_the_same(api: Api):
    assert supposed(api, parent="H01", rules=RULES)["movers"] == []


def test_other_rules_are_scored_as_if_they_came_with_the_product(api: Api):
    text = files("schemas.rulesets").joinpath("766-2022.yaml").read_text("utf-8")
    for row in supposed(api, parent="H01", rules=text)["units"]:
        score = api.get(f"/v1/units/{row['unit']['code']}/score", params=MARCH | {"ruleset": "766-2022"})
        assert row["total_then"] == score["total"]
        assert row["groups_then"] == {group["code"]: group["score"] for group in score["groups"]}


def test_a_changed_count_changes_its_unit_and_the_places(api: Api):
    before = supposed(api, parent="H01")["units"]
    last = before[-1]["unit"]["code"]
    counts = api.get(f"/v1/units/{last}/counts", params=MARCH)["counts"]
    changes = [{"unit": last, "measure": "received_synced", "set": counts["received"] + 50}]
    document = supposed(api, parent="H01", changes=changes)
    row = document["units"][-1]
    assert row["unit"]["code"] == last
    assert row["difference"] == pytest.approx(row["total_then"] - row["total"])
    assert document["movers"] == [last]


def test_a_single_unit_is_shown_with_every_indicator(api: Api):
    document = supposed(api, unit="H01.187", changes=[{"unit": "H01.187", "measure": "ended_late", "set": 0},
                                                      {"unit": "H01.187", "measure": "ended_on_time", "add": 2}])  # fmt: skip
    (before, then) = (
        next(one for group in document[name]["groups"] for one in group["indicators"] if one["code"] == "2.1")
        for name in ("score", "score_then")
    )
    assert then["numerator"] == before["numerator"] + 2
    assert then["denominator"] == before["denominator"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"changes": [{"unit": "H01.187", "measure": "ended_late", "add": -999}]}, "changes[0]"),
        ({"changes": [{"unit": "H01.187", "measure": "tardiness", "add": 1}]}, "changes[0].measure"),
        ({"changes": [{"unit": "H21.17", "measure": "ended_late", "add": 1}]}, "changes[0].unit"),
        ({"changes": [{"unit": "H01.187", "measure": "open", "add": 1, "set": 1}]}, "changes[0]"),
        ({"changes": [{"unit": "H01.187", "measure": "open", "add": 1, "procedure": "9"}]}, "changes[0].procedure"),
        ({"changes": [{"unit": "H01.187", "measure": "open", "add": 1}] * 2}, "changes[1]"),
        ({"changes": [{"unit": "H01.187", "measure": "open", "add": 1}] * 1001}, "changes"),
        ({"kind": "commune", "unit": "H01", "parent": None}, "unit"),
        ({"rules": "x" * 300_000}, "rules"),
    ],
)
def test_what_cannot_be_supposed_is_refused_by_its_place(api: Api, body: dict[str, Any], where: str):
    problem = supposed(api, 422, **({"parent": "H01"} | body))
    assert problem["parameter"] == where


def test_a_rule_file_that_is_wrong_is_refused_by_its_line(api: Api):
    text = RULES.replace("numerator: in_time\n", "numerator: in_tmie\n", 1)
    problem = supposed(api, 422, parent="H01", rules=text)
    assert problem["line"] == text[: text.index("in_tmie")].count("\n") + 1
    assert "in_tmie" in problem["detail"]


def test_rules_that_take_too_long_to_work_out_are_refused(api: Api):
    rich = " + ".join(["procs(received > 0)"] * 20)
    text = RULES.replace("numerator: received_reused\n", f"numerator: {rich}\n").replace(
        "numerator: received_storage\n", f"numerator: {rich}\n"
    )
    assert supposed(api, parent="H01", rules=text)["units"]
    many = RULES
    for name in ("received_reused", "received_storage", "received_population", "paid_online", "in_time"):
        many = many.replace(f"numerator: {name}\n", f"numerator: {' + '.join(['d'] * 100)}\n")
    many = many.replace(
        "definitions:\n", f"definitions:\n  d: {{formula: {' + '.join(['ended'] * 5)}, source: reading}}\n"
    )
    assert "too many parts" in supposed(api, 422, parent="H01", rules=many)["detail"]


def test_a_body_that_is_no_supposition_is_refused(api: Api):
    assert supposed(api, 422, change=[])["status"] == 422
    assert api.http.post("/v1/whatif", content=b"{").status_code == 400
    assert api.http.post("/v1/whatif", content=b"x" * (1 << 20) + b"x").status_code == 413
    assert supposed(api, 404, unit="H99")["status"] == 404
