"""`/v1/rankings`: places, what changed since the period before, pooled figures."""

import pytest

from tests.integration.api.running import Api

MARCH = {"from": "2026-03-01", "to": "2026-04-01"}


def ranking(api: Api, **query: str) -> dict:
    return api.get("/v1/rankings", params=query)


def test_the_units_right_below_one_are_ranked_by_their_totals(api: Api):
    document = ranking(api, parent="H01", **MARCH)
    units = document["units"]
    assert {row["unit"]["code"] for row in units} == {"H01.06", "H01.187"}
    assert [row["rank"] for row in units] == [1, 2]
    assert units[0]["total"] >= units[1]["total"]
    assert document["parent"] == {"code": "H01", "name": "An Giang", "kind": "province"}
    assert (document["ruleset"], document["max"]) == ("766-portal-2026", 100)


def test_each_row_says_what_the_score_of_its_unit_says(api: Api):
    for row in ranking(api, parent="H01", **MARCH)["units"]:
        score = api.get(f"/v1/units/{row['unit']['code']}/score", params=MARCH)
        assert row["unit"] == score["unit"]
        assert row["total"] == score["total"]
        assert row["groups"] == {group["code"]: group["score"] for group in score["groups"]}
        counts = api.get(f"/v1/units/{row['unit']['code']}/counts", params=MARCH)["counts"]
        assert row["handled"] == counts["ended"] + counts["open"]
        assert (row["received"], row["open"], row["overdue"], row["late"]) == tuple(
            counts[name] for name in ("received", "open", "open_overdue", "ended_late")
        )


def test_the_figures_above_are_pooled_not_averaged(api: Api):
    pooled = ranking(api, parent="H01", **MARCH)["pooled"]
    score = api.get("/v1/units/H01/score", params=MARCH)
    assert pooled["total"] == score["total"]
    assert [group["score"] for group in pooled["groups"]] == [group["score"] for group in score["groups"]]


def test_without_a_parent_those_at_the_top_are_ranked_and_the_whole_country_pooled(api: Api):
    document = ranking(api, **MARCH)
    assert document["parent"] is None
    assert {row["unit"]["code"] for row in document["units"]} == {"H01", "H21.17"}
    (on_time,) = (group for group in document["pooled"]["groups"] if group["code"] == "TDGQ")
    ended_late, overdue, handled = 2, 1, 4 + 11 + 2 + 1 + 3 - 1
    assert on_time["score"] == round(20 * (handled - ended_late - overdue) / handled, 2)


def test_a_kind_alone_means_all_of_it_in_the_country(api: Api):
    codes = {row["unit"]["code"] for row in ranking(api, kind="commune", **MARCH)["units"]}
    assert codes == {"H01.187", "một cửa/7 & 8%", "H21.17"}
    below = {row["unit"]["code"] for row in ranking(api, parent="H01", kind="commune", **MARCH)["units"]}
    assert below == {"H01.187"}
    assert ranking(api, parent="H01", kind="district", **MARCH)["units"] == []


def test_the_change_is_told_where_something_was_handled_before(api: Api):
    document = ranking(api, parent="H01", period="2026-Q1")
    assert document["before"] == {"from": "2025-10-01", "to": "2025-12-31"}
    rows = {row["unit"]["code"]: row for row in document["units"]}
    assert rows["H01.187"]["rank_before"] is None
    assert rows["H01.187"]["total_before"] is None
    office = rows["H01.06"]
    before = api.get("/v1/units/H01.06/score", params={"period": "2025-Q4"})
    assert office["total_before"] == before["total"]
    assert office["rank_before"] == office["rank"] + office["change"]


def test_equal_totals_get_places_one_after_the_other_in_the_order_of_their_codes(api: Api):
    nothing = ranking(api, kind="commune", period="2020")["units"]
    assert [row["rank"] for row in nothing] == [1, 2, 3]
    assert len({row["total"] for row in nothing}) == 1
    codes = [row["unit"]["code"] for row in nothing]
    assert codes == sorted(codes)


def test_unchanged_figures_are_not_sent_again(api: Api):
    first = api.http.get("/v1/rankings", params={"parent": "H01"})
    again = api.http.get("/v1/rankings", params={"parent": "H01"}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["nhip-revision"] == str(first.json()["revision"])


def test_names_come_in_the_language_asked_for(api: Api):
    names = [ranking(api, parent="H01", lang=lang)["pooled"]["groups"][1]["name"] for lang in ("vi", "en")]
    assert names == ["Tiến độ, kết quả giải quyết", "Progress and results"]


@pytest.mark.parametrize(
    ("query", "status"),
    [({"parent": "X"}, 404), ({"ruleset": "none"}, 404), ({"period": "soon"}, 422), ({"scope": "own"}, 422)],
)
def test_wrong_questions_are_told_what_is_allowed(api: Api, query, status):
    api.get("/v1/rankings", status, params=query)
