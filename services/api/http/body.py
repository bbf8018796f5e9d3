"""The bodies of the few requests that have one."""

from typing import Final, TypeVar

import msgspec
from starlette.requests import Request

from services.api.problems import Problem

__all__ = ["read_body"]

T = TypeVar("T")

_MOST_BYTES: Final = 1 << 20


async def read_body(request: Request, decoder: msgspec.json.Decoder[T], form: str) -> T:
    """What the body says.

    Args:
        request: with the body.
        decoder: of what it has to be.
        form: an example, for who sent something else.

    Raises:
        Problem: 400 no JSON, 413 more than a megabyte, 422 another JSON.
    """
    try:
        return decoder.decode(await _whole(request))
    except msgspec.ValidationError as error:
        raise Problem(422, f"the body is {form}: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(400, "the body is not JSON") from error


async def _whole(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise Problem(413, f"the body has more than {_MOST_BYTES} bytes")
    return body
