"""What was published beside what holds now."""

from services.api.documents.ranking import Ranked
from services.api.published.difference import (
    beside_counts,
    beside_ranking,
    beside_score,
    count_differences,
    differences,
)


def indicator(numerator: int, score: float | None, status: str = "ok") -> dict:
    ratio = None if status == "no_data" else numerator / 10
    found = {"code": "2.1", "name": "x", "numerator": numerator, "denominator": 0 if status == "no_data" else 10}
    return found | {"ratio": ratio, "score": score, "max": 20, "status": status}


def score(total: float, one: dict) -> dict:
    group = {"code": "TDGQ", "name": "g", "score": one["score"] or 0.0, "max": 20, "indicators": [one]}
    return {"unit": {"code": "H01"}, "total": total, "max": 100, "groups": [group]}


def test_each_number_stands_beside_what_it_is_now():
    found = beside_score(score(62.58, indicator(7, 14.0)), score(58.5, indicator(5, 10.0)))
    assert (found["total"], found["now"], found["difference"]) == (62.58, {"total": 58.5}, {"total": -4.08})
    (group,) = found["groups"]
    assert (group["score"], group["now"], group["difference"]) == (14.0, {"score": 10.0}, {"score": -4.0})
    (one,) = group["indicators"]
    assert one["now"] == {"numerator": 5, "denominator": 10, "ratio": 0.5, "score": 10.0, "status": "ok"}
    assert one["difference"] == {"numerator": -2, "denominator": 0, "ratio": -0.2, "score": -4.0}
    assert [(each["of"], each["member"], each["difference"]) for each in differences(found)] == [
        ("total", "total", -4.08),
        ("TDGQ", "score", -4.0),
        ("2.1", "numerator", -2),
        ("2.1", "ratio", -0.2),
        ("2.1", "score", -4.0),
    ]


def test_no_data_has_no_difference_but_is_told():
    found = beside_score(score(50.0, indicator(7, 14.0)), score(50.0, indicator(0, None, "no_data")))
    (one,) = found["groups"][0]["indicators"]
    assert one["difference"]["score"] is None
    told = {each["member"]: each for each in differences(found) if each["of"] == "2.1"}
    assert (told["score"]["published"], told["score"]["now"], told["score"]["difference"]) == (14.0, None, None)
    assert (told["status"]["published"], told["status"]["now"]) == ("ok", "no_data")


def test_nothing_differs_where_nothing_changed():
    same = score(50.0, indicator(7, 14.0))
    assert differences(beside_score(same, same)) == []
    assert count_differences({"open": 3}, {"open": 3}) == []


def test_a_unit_that_has_left_the_tree_has_no_present():
    found = beside_score(score(50.0, indicator(7, 14.0)), None)
    assert (found["total"], found["now"], found["difference"]) == (50.0, None, None)
    assert found["groups"][0]["indicators"][0]["now"] is None
    assert {each["of"] for each in differences(found)} == {"total", "TDGQ", "2.1"}
    assert beside_counts({"open": 3}, None) == {"counts": {"open": 3}, "now": None, "difference": None}


def test_counts_stand_beside_counts():
    assert beside_counts({"open": 3, "ended": 1}, {"open": 1, "ended": 3}) == {
        "counts": {"open": 3, "ended": 1},
        "now": {"open": 1, "ended": 3},
        "difference": {"open": -2, "ended": 2},
    }
    (told,) = count_differences({"open": 3, "ended": 1}, {"open": 1, "ended": 1})
    assert told == {"of": "open", "member": "count", "published": 3, "now": 1, "difference": -2}


def ranked(code: str, rank: int, total: float) -> Ranked:
    unit = {"code": code, "name": code, "kind": "commune"}
    return Ranked(rank, None, None, unit, total, None, {"TDGQ": total}, 1, 1, 0, 0, 0, 0)


def frozen(code: str, rank: int, total: float) -> dict:
    unit = {"code": code, "name": code, "kind": "commune"}
    return {"rank": rank, "unit": unit, "total": total, "groups": {"TDGQ": total}}


def ranking(rows: list) -> dict:
    return {
        "pooled": {"total": 50.0, "groups": [{"code": "TDGQ", "name": "g", "score": 5.0, "max": 20}]},
        "units": rows,
    }


def test_ranks_stand_beside_ranks_and_new_units_are_named():
    published = ranking([frozen("A", 1, 60.0), frozen("B", 2, 50.0), frozen("gone", 3, 40.0)])
    found = beside_ranking(published, ranking([ranked("B", 1, 70.0), ranked("A", 2, 60.0), ranked("new", 3, 1.0)]))
    first, second, gone = found["units"]
    assert (first["rank"], first["now"]["rank"], first["difference"]["rank"]) == (1, 2, 1)
    assert (second["now"]["groups"], second["difference"]["groups"]) == ({"TDGQ": 70.0}, {"TDGQ": 20.0})
    assert (gone["rank"], gone["now"]) == (3, None)
    assert found["added"] == ["new"]
    assert found["pooled"]["difference"] == {"total": 0.0}
    assert [(each["of"], each["member"]) for each in differences(found)] == [
        ("A", "rank"),
        ("B", "rank"),
        ("B", "total"),
        ("gone", None),
    ]
