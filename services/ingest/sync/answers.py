"""Answers in the form that one-stop systems know from the national portal: HTTP 200 with `error_code` and `message`.

Clients look for the code 0 and for the words "thành công", so no other answer may hold either.
"""

from typing import Any, Final

import msgspec
from starlette.responses import Response

from services.common.problems import Problem, respond
from services.ingest.batch import Rejection

__all__ = ["FAILED", "answer", "refuse"]

FAILED: Final = -1
_MESSAGES: Final = {
    400: "Dữ liệu gửi lên không đọc được",
    401: "Khóa không đúng hoặc đã bị thu hồi",
    413: "Dữ liệu quá lớn, hãy chia nhỏ",
    415: "Kiểu nén không được hỗ trợ",
    429: "Hệ thống đang bận, hãy gửi lại sau",
    503: "Hệ thống tạm thời chưa ghi nhận được, hãy gửi lại toàn bộ",
}
_OTHER: Final = "Hệ thống gặp lỗi, hãy gửi lại sau"


def answer(records: int, rejected: list[Rejection], ok_code: str) -> Response:
    """The answer to a payload of so many records, once Kafka has all that is not rejected.

    `ok_code`: what clients compare the code of success with; ``0`` is sent as a number.
    """
    members: dict[str, Any] = {
        "error_code": int(ok_code) if ok_code == "0" else ok_code,
        "message": "Thành công",
        "accepted": records - len(rejected),
        "rejected": [{"index": r.index, "MaHoSo": r.id, "code": r.code, "detail": r.detail} for r in rejected],
    }
    if rejected:
        codes = ", ".join(sorted({rejection.code for rejection in rejected}))
        members |= {"error_code": FAILED, "message": f"Lỗi dữ liệu: {len(rejected)}/{records} bản ghi ({codes})"}
    return Response(msgspec.json.encode(members), media_type="application/json")


def refuse(problem: Problem) -> Response:
    """The problem document of a whole payload that is not taken, with the members that senders look for."""
    members = {"error_code": FAILED, "message": _MESSAGES.get(problem.status, _OTHER), **problem.members}
    return respond(Problem(problem.status, problem.detail, headers=problem.headers, members=members))
