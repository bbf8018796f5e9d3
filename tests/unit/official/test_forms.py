"""The portal's forms, filled with results that it really published."""

import json
from decimal import Decimal

import pytest

from deploy.official.forms import BadForm, Score, read_csv, read_json
from schemas.codes import turned_round
from schemas.rulesets import load
from tests.unit.rulesets.published import tables

RULES = load("766-portal-2026")
OLD_NAMES = {"ONLINE": "CLGQ"}


def old_form(rows) -> list[dict]:
    """As `report_tinh_766_service` answers."""
    return [
        {
            "ID": number,
            "TEN": row["unit"],
            "MA_COQUAN": row["code"],
            "LOAI_COQUAN": "1",
            "CAPDONVIID": "1",
            **{OLD_NAMES.get(code, code): score for code, score in row["groups"].items()},
            "TONG_SCORE": row["total"],
            "ROW_STT": row["rank"],
        }
        for number, row in enumerate(rows, 1)
    ]


def expected(rows) -> set[tuple[str, str, float]]:
    scores = [(row, [*row["groups"].items(), ("total", row["total"])]) for row in rows]
    return {(turned_round(row["code"]) or row["code"], code, points) for row, found in scores for code, points in found}


def as_set(scores: list[Score]) -> set[tuple[str, str, float]]:
    return {(score.unit, score.code, float(score.points)) for score in scores}


@pytest.mark.shared
def test_the_old_form_of_all_provinces_is_read_whole():
    rows = tables()["766-province-2025-10"]["rows"]
    read = read_json(json.dumps({"data": old_form(rows)}).encode(), load("766-portal-2025"))
    assert as_set(read.scores) == expected(rows)
    assert read.faults == []


@pytest.mark.shared
def test_the_same_as_csv_with_decimal_commas():
    rows = old_form(tables()["766-province-2026-ytd"]["rows"])
    lines = [";".join(rows[0]), *(";".join(str(cell).replace(".", ",") for cell in row.values()) for row in rows)]
    codes = {row["MA_COQUAN"]: row["TONG_SCORE"] for row in rows}
    read = read_csv("\ufeff" + "\r\n".join(lines), RULES)
    assert {score.unit: float(score.points) for score in read.scores if score.code == "total"} == codes
    assert len(read.scores) == 7 * len(rows)


@pytest.mark.shared
def test_the_new_form_names_indicators_by_the_portals_codes_and_groups_by_what_they_hold():
    row = tables()["766-components-2026-ytd"]["rows"][0]
    transparency = [name for name in row["components"] if name in ("PUBLISH_ON_TIME", "DOSSIER_SYNC")]
    answer = {
        "data": {
            "departmentCode": row["code"],
            "totalScore": row["groups"]["CKMB"],
            "totalMaxScore": 18,
            "metrics": [{"code": name, **row["components"][name], "maxScore": 6} for name in transparency],
            "children": [
                {"departmentCode": "000.00.17.H20", "totalScore": 17.5, "totalMaxScore": 20, "metrics": []},
                {"departmentCode": "H20.18", "totalScore": 70.25, "totalMaxScore": 100, "metrics": None},
            ],
        }
    }
    read = read_json(json.dumps(answer).encode(), RULES)
    assert as_set(read.scores) == {
        ("H20", "CKMB", 11.46),
        ("H20", "1.1", 0.0),
        ("H20", "1.4", 6.0),
        ("H20.17", "TDGQ", 17.5),
        ("H20.18", "total", 70.25),
    }
    assert read.faults == []


def test_a_group_that_nothing_tells_is_said_and_not_guessed():
    both = {"departmentCode": "H20", "totalScore": 12, "totalMaxScore": 18}  # publicity or satisfaction
    read = read_json(json.dumps(both).encode(), RULES)
    assert read.scores == []
    assert read.faults == ["H20: 766-portal-2026 has nothing that is called 'totalScore of CKMB or MDHL'"]


def test_rows_that_name_no_unit_need_one():
    rows = [{"CODE": "TDGQ", "DESCRIPTION": "Tiến độ", "SCORE": "17,69", "MAX_SCORE": 20}]
    assert read_json(json.dumps(rows).encode(), RULES, "H20").scores == [Score("H20", "TDGQ", Decimal("17.69"))]
    (fault,) = read_json(json.dumps(rows).encode(), RULES).faults
    assert "--unit" in fault


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"unit": "H20", "TDGQ": 20.01}, "does not lie between 0 and 20"),
        ({"unit": "H20", "TDGQ": -1}, "does not lie between 0 and 20"),
        ({"unit": "H20", "TDGQ": "cao"}, "'cao' is no number"),
        ({"unit": "H20", "TDGQ": True}, "'True' is no number"),
        ({"unit": "H20", "TDGQ": "NaN"}, "'NaN' is no number"),
        ({"unit": "H20", "metrics": [{"code": "GROUP_X", "score": 1}]}, "nothing that is called 'group_x'"),
    ],
)
def test_what_cannot_be_a_score_is_listed_and_the_rest_is_read(row, said):
    read = read_json(json.dumps([row, {"unit": "H21", "total": 50}]).encode(), RULES)
    assert read.scores == [Score("H21", "total", Decimal(50))]
    assert said in "; ".join(read.faults)


def test_no_data_is_no_score():
    row = {"departmentCode": "H20", "metrics": [{"code": "DOSSIER_SYNC", "score": None}], "totalScore": 3}
    assert as_set(read_json(json.dumps(row).encode(), RULES).scores) == {("H20", "CKMB", 3.0)}


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[]", b'{"data": [{"a": 1}]}'])
def test_what_is_none_of_the_forms_is_refused(raw):
    with pytest.raises(BadForm):
        read_json(raw, RULES)
