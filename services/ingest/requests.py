"""What every request is read with: its body; and what is said when the fault is ours."""

import logging
import traceback

from fastapi import Request

from services.common.problems import Problem
from services.ingest.body import BadCompression, TooLarge, read_body

__all__ = ["body_of", "our_fault"]

_log = logging.getLogger(__name__)


async def body_of(request: Request, limit: int) -> bytes:
    """The body, unpacked, of at most `limit` bytes.

    Raises:
        Problem: 413 too large, 415 an unknown content coding, 400 broken compression.
    """
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip"}:
        raise Problem(
            415,
            "send the body as it is or with Content-Encoding: gzip",
            headers={"Accept-Encoding": "gzip, identity"},
        )
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise Problem(413, f"the body has more than {limit} bytes; send fewer events at once")
    try:
        return await read_body(request.stream(), limit=limit, gzipped=coding == "gzip")
    except TooLarge as error:
        raise Problem(413, str(error)) from error
    except BadCompression as error:
        raise Problem(400, str(error)) from error


def our_fault(error: Exception) -> Problem:
    """Log the kind and the place of a fault of ours, not its message: that could quote what was sent."""
    *_, frame = traceback.extract_tb(error.__traceback__)
    _log.error("a request failed: %s at %s:%s", type(error).__name__, frame.filename, frame.lineno)
    return Problem(500, "a fault of this service; send the request again later, duplicates are harmless")
