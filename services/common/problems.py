"""What is answered when a request cannot be: problem documents (RFC 9457) that say what would be right."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import msgspec
from starlette.responses import Response

__all__ = ["Problem", "respond"]

_RETRY_SECONDS: Final = {429: "1", 503: "5"}


class Problem(Exception):
    """A request that ends with a problem document; `members` are added to it."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = dict(members or {})


def respond(problem: Problem) -> Response:
    """The problem document; 429 and 503 say when to try again.

    The type is ``about:blank`` and the title the status' own phrase, as the standard wants it where `detail` says all.
    """
    body = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        **problem.members,
    }
    headers = dict(problem.headers)
    if problem.status in _RETRY_SECONDS:
        headers.setdefault("Retry-After", _RETRY_SECONDS[problem.status])
    return Response(msgspec.json.encode(body), problem.status, headers, "application/problem+json")
