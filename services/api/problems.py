"""What is answered when a request cannot be: problem documents (RFC 9457) that say what would be right."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from starlette.responses import Response

__all__ = ["Problem", "not_found", "not_yet", "respond", "wrong"]

_TITLES: Final = {
    404: "Not found",
    405: "Method not allowed",
    413: "Too large",
    415: "Media type not supported",
    422: "Wrong parameter",
    503: "Not available now",
}
_SHOWN: Final = 80


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


def wrong(parameter: str, detail: str, allowed: Sequence[str] = ()) -> Problem:
    """422: a parameter has a value that means nothing here."""
    members: dict[str, object] = {"parameter": parameter}
    if allowed:
        members["allowed"] = list(allowed)
    return Problem(422, f"{parameter}: {detail}", members=members)


def not_found(what: str, name: str, hint: str, members: Mapping[str, object] | None = None) -> Problem:
    """404: there is no such thing."""
    shown = name if len(name) <= _SHOWN else name[:_SHOWN] + "…"
    return Problem(404, f"there is no {what} {shown!r}; {hint}", members=members)


def not_yet(missing: Mapping[str, str]) -> Problem:
    """503: the counts have not been read yet."""
    detail = "the counts are not complete yet; `missing` says why"
    return Problem(503, detail, headers={"Retry-After": "2"}, members={"missing": dict(missing)})


def respond(problem: Problem) -> Response:
    """The problem document."""
    body = {
        "type": "about:blank",
        "title": _TITLES.get(problem.status, "Error"),
        "status": problem.status,
        "detail": problem.detail,
        **problem.members,
    }
    return Response(msgspec.json.encode(body), problem.status, problem.headers, "application/problem+json")
