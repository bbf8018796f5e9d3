"""What a sender is answered (CONTRACT, section 1): 202, or a problem document (RFC 9457)."""

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.responses import Response

from services.common.problems import Problem
from services.ingest.batch import Rejection

__all__ = ["answer"]


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
        raise Problem(503, detail, members=members)
    if accepted:
        return Response(msgspec.json.encode(members), 202, media_type="application/json")
    codes = {rejection.code for rejection in rejected}
    if codes == {"bad_json"}:
        raise Problem(400, rejected[0].detail, members=members)
    if codes == {"foreign_unit"}:
        raise Problem(403, rejected[0].detail, members=members)
    raise Problem(422, "every event was rejected; `rejected` says why", members=members)
