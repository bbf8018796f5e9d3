"""The bodies of the few requests that have one."""

from typing import Final

from starlette.requests import Request

from services.api.problems import Problem

__all__ = ["body_of"]

_MOST_BYTES: Final = 1 << 20


async def body_of(request: Request) -> bytes:
    """The whole body.

    Raises:
        Problem: 413, it has more than a megabyte.
    """
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise Problem(413, f"the body has more than {_MOST_BYTES} bytes")
    return body
