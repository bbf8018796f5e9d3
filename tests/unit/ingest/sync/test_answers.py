"""Answers in the senders' form."""

import json

import pytest

from services.common.problems import Problem
from services.ingest.batch import Rejection
from services.ingest.sync.answers import answer, refuse

BAD = Rejection(index=1, id="H01.06-1", code="unknown_state", detail="TrangThaiHoSo: not one of the states 1 to 10")


@pytest.mark.parametrize(("setting", "code"), [("0", 0), ("00", "00"), ("1", "1")])
def test_success_has_the_code_and_the_words_that_clients_look_for(setting: str, code) -> None:
    response = answer(3, [], setting)
    assert response.status_code == 200
    assert json.loads(response.body) == {"error_code": code, "message": "Thành công", "accepted": 3, "rejected": []}


def test_one_bad_record_takes_both_away() -> None:
    response = answer(3, [BAD], "00")
    body = json.loads(response.body)
    assert (response.status_code, body["error_code"], body["accepted"]) == (200, -1, 2)
    assert body["message"].startswith("Lỗi dữ liệu: ")
    assert body["rejected"] == [{"index": 1, "MaHoSo": "H01.06-1", "code": "unknown_state", "detail": BAD.detail}]
    assert "thành công" not in response.body.decode().lower()


@pytest.mark.parametrize("status", [400, 401, 413, 415, 429, 500, 503])
def test_a_refused_payload_is_a_problem_document_with_the_same_members(status: int) -> None:
    response = refuse(Problem(status, "why"))
    body = json.loads(response.body)
    assert (response.status_code, body["status"], body["error_code"]) == (status, status, -1)
    assert response.headers["content-type"] == "application/problem+json"
    assert body["message"]
    assert "thành công" not in body["message"].lower()
