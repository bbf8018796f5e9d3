"""What the demo remembers between two starts, in a file of NHIP_HOME."""

import os
from pathlib import Path

import msgspec

from deploy.demo.live import LONGEST_SECONDS

__all__ = ["Memory", "recall", "remember", "with_another_key"]


class Memory(msgspec.Struct, kw_only=True):
    """The key, and moments in seconds since 1970.

    ``since``: the first start, from which the history reaches back. ``sent``: ingest has answered everything up to here.
    ``alive``: since then, without a gap, live dossiers have come in; ``drawn``: the second up to which they have. ``reader``: the key with
    which people look at dossiers, empty before it is made.
    """

    key: str
    since: float
    sent: float = 0.0
    alive: int = 0
    drawn: int = 0
    reader: str = ""


def recall(path: Path) -> Memory | None:
    """What was remembered; None where there is nothing that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Memory)
    except (OSError, msgspec.MsgspecError):
        return None


def remember(path: Path, memory: Memory) -> None:
    """Write it as a whole; the file holds a key, so nobody else may read it."""
    fresh = path.with_suffix(".new")
    with open(fresh, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(msgspec.json.encode(memory))
    fresh.replace(path)


def with_another_key(memory: Memory, key: str) -> Memory:
    """All is to be sent once more: the stack that refuses the former key may have lost it (what it has counts once).

    Of the live dossiers those are enough that have not told everything yet.
    """
    alive = max(memory.alive, memory.drawn - LONGEST_SECONDS)
    return Memory(key=key, since=memory.since, alive=alive, drawn=memory.drawn)
