"""Reading a request's body with a limit, unpacked where it came compressed."""

import zlib
from collections.abc import AsyncIterator
from typing import Final

__all__ = ["BadCompression", "TooLarge", "read_body"]

_GZIP: Final = 16 + zlib.MAX_WBITS


class TooLarge(ValueError):
    """The body, unpacked, is larger than allowed."""


class BadCompression(ValueError):
    """The body is not the gzip that it says it is."""


async def read_body(chunks: AsyncIterator[bytes], *, limit: int, gzipped: bool) -> bytes:
    """The whole body, of at most `limit` bytes (unpacked: a small archive cannot fill the memory).

    Raises:
        TooLarge: it is larger; reading ends there.
        BadCompression: broken or cut off.
    """
    body = bytearray()
    unpack = zlib.decompressobj(_GZIP) if gzipped else None
    async for chunk in chunks:
        body += chunk if unpack is None else _unpacked(unpack, chunk, limit + 1 - len(body))
        if len(body) > limit:
            raise TooLarge(f"the body has more than {limit} bytes; send fewer events at once")
    if unpack is not None and not unpack.eof:
        raise BadCompression("the gzip body is cut off")
    return bytes(body)


def _unpacked(unpack: "zlib._Decompress", chunk: bytes, room: int) -> bytes:
    try:
        return unpack.decompress(chunk, room)
    except zlib.error as error:
        raise BadCompression(f"the body is not gzip: {error}") from error
