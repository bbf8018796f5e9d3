"""`/v1/units/{unit}/series`: the points of a chart are the answers of their days."""

import pytest

from tests.integration.api.running import Api


def series(api: Api, unit: str = "H01", **query: str) -> dict:
    return api.get(f"/v1/units/{unit}/series", params=query)


@pytest.mark.parametrize("indicator", ["total", "TDGQ", "2.1", "1.4"])
def test_each_point_is_the_score_of_its_days(api: Api, indicator):
    document = series(api, indicator=indicator, step="month", period="2026")
    assert [(point["from"], point["to"]) for point in document["points"]] == [
        ("2026-01-01", "2026-01-31"),
        ("2026-02-01", "2026-02-28"),
        ("2026-03-01", "2026-03-31"),
        ("2026-04-01", "2026-04-01"),  # today: what lies ahead has no point
    ]
    for point in document["points"]:
        score = api.get("/v1/units/H01/score", params={"from": point["from"], "to": point["to"]})
        groups = {group["code"]: group for group in score["groups"]}
        parts = {each["code"]: each for group in score["groups"] for each in group["indicators"]}
        if indicator in parts:
            assert {name: point[name] for name in ("numerator", "denominator", "status")} == {
                name: parts[indicator][name] for name in ("numerator", "denominator", "status")
            }
            assert point["value"] == parts[indicator]["score"]
        else:
            assert point["value"] == (score["total"] if indicator == "total" else groups[indicator]["score"])


def test_a_count_has_points_too(api: Api):
    document = series(api, indicator="received", step="day", **{"from": "2026-03-30"})
    assert [(point["from"], point["value"]) for point in document["points"]] == [
        ("2026-03-30", 0),
        ("2026-03-31", 13),
        ("2026-04-01", 1),
    ]
    assert document["max"] is None


def test_cumulative_points_begin_with_the_first_day(api: Api):
    query = {"indicator": "received", "step": "day", "from": "2026-03-30", "cumulative": "true"}
    assert [point["value"] for point in series(api, **query)["points"]] == [0, 13, 14]


def test_a_unit_alone_has_a_series_of_its_own(api: Api):
    query = {"indicator": "received", "step": "month", "period": "2026-Q1"}
    assert [point["value"] for point in series(api, **query, scope="own")["points"]] == [0, 3, 0]


@pytest.mark.parametrize(
    "query",
    [
        {"indicator": "happiness"},
        {"step": "hour"},
        {"to": "2026-03-31"},  # since ever: no first day
        {"from": "2020-01-01", "step": "day"},  # too many points
        {"cumulative": "maybe"},
    ],
)
def test_wrong_questions_are_told_what_is_allowed(api: Api, query):
    problem = api.get("/v1/units/H01/series", 422, params=query)
    assert problem["detail"]


def test_a_period_that_lies_ahead_has_no_points(api: Api):
    assert series(api, period="2027")["points"] == []
