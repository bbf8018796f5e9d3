"""Bodies are read with a limit, also unpacked."""

import gzip
import tracemalloc
from collections.abc import AsyncIterator

import pytest

from services.ingest.body import BadCompression, TooLarge, read_body


async def in_chunks(body: bytes, size: int = 7) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


@pytest.mark.parametrize("gzipped", [False, True])
@pytest.mark.parametrize("size", [0, 1, 100])
async def test_a_body_up_to_the_limit_is_read_whole(size: int, *, gzipped: bool) -> None:
    body = b"x" * size
    sent = gzip.compress(body) if gzipped else body
    assert await read_body(in_chunks(sent), limit=100, gzipped=gzipped) == body


@pytest.mark.parametrize("gzipped", [False, True])
async def test_a_longer_one_is_too_large(*, gzipped: bool) -> None:
    body = b"x" * 101
    with pytest.raises(TooLarge, match="100 bytes"):
        await read_body(in_chunks(gzip.compress(body) if gzipped else body), limit=100, gzipped=gzipped)


async def test_a_small_archive_cannot_fill_the_memory() -> None:
    bomb = gzip.compress(b"\0" * (64 << 20))
    tracemalloc.start()
    with pytest.raises(TooLarge):
        await read_body(in_chunks(bomb, len(bomb)), limit=1 << 20, gzipped=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


async def test_broken_archives_are_told_so() -> None:
    whole = gzip.compress(b"hello")
    for broken in (b"", whole[:-1], b"hello", whole[:5] + b"\xff" * 20):
        with pytest.raises(BadCompression):
            await read_body(in_chunks(broken), limit=100, gzipped=True)
