"""What a sender is answered (CONTRACT, section 1): 202, or a problem document (RFC 9457)."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from starlette.responses import Response

from services.ingest.batch import Rejection

__all__ = ["Problem", "answer", "problem"]

TITLES = {
    400: "Not readable",
    401: "Key missing or unknown",
    403: "Not allowed for this key",
    404: "No such page",
    405: "Method not allowed",
    413: "Too large",
    415: "Media type not supported",
    422: "No event was accepted",
    429: "Too fast",
    503: "Not available now",
}
RETRY_SECONDS = {429: "1", 503: "5"}


class Problem(Exception):
    """A request that ends with a problem document."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None, **members: object) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members


def problem(error: Problem) -> Response:
    """The problem document of an error; 429 and 503 say when to try again."""
    retry = RETRY_SECONDS.get(error.status)
    body = {
        "type": "about:blank",
        "title": TITLES.get(error.status, "Error"),
        "status": error.status,
        "detail": error.detail,
        **error.members,
    }
    headers = error.headers | ({"Retry-After": retry} if retry else {})
    return Response(msgspec.json.encode(body), error.status, headers, "application/problem+json")


def answer(accepted: int, unconfirmed: int, rejected: Sequence[Rejection]) -> Response:
    """The answer to a request whose events were checked and, if it was no dry run, written.

    Raises:
        Problem: 503 when Kafka did not confirm all good events; 400, 403 or 422 when there was no good one.
    """
    members: dict[str, Any] = {"accepted": accepted, "rejected": rejected}
    if unconfirmed:
        detail = (
            f"Kafka did not confirm {unconfirmed} events in time; send the whole request again, duplicates are harmless"
        )
        raise Problem(503, detail, **members)
    if accepted:
        return Response(msgspec.json.encode(members), 202, media_type="application/json")
    codes = {rejection.code for rejection in rejected}
    if codes == {"bad_json"}:
        raise Problem(400, rejected[0].detail, **members)
    if codes == {"foreign_unit"}:
        raise Problem(403, rejected[0].detail, **members)
    raise Problem(422, "every event was rejected; `rejected` says why", **members)
