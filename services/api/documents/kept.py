"""Documents that are worked out once a state of the cube, however many ask for them."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final, Protocol

import msgspec

from schemas.moments import Zone
from services.api.cube.cube import Reading, State

__all__ = ["Document", "Kept", "Made", "Stamp", "Stamped", "etag_of"]

Document = Mapping[str, Any]

_ROOM: Final = 16 << 20
"""Bytes of JSON that are kept; a ranking of a province has some 40 kB, one of all communes 1 MB, and several times as much as objects."""


class Stamped(Protocol):
    """As of when an answer holds: what is no part of its ETag."""

    @property
    def headers(self) -> dict[str, str]:
        """For readers whose ETag still holds: a 304 has no body to carry it."""
        ...

    def on(self, document: Document) -> dict[str, Any]:
        """The document with the stamp."""
        ...


class Stamp:
    """As of when an answer holds: `as_of` as a text, and `revision`."""

    def __init__(self, state: State, zone: Zone) -> None:
        self.as_of = zone.format(state.as_of)
        self.revision = state.revision

    @property
    def headers(self) -> dict[str, str]:
        """For readers whose ETag still holds: a 304 has no body to carry it."""
        return {"Nhip-As-Of": self.as_of, "Nhip-Revision": str(self.revision)}

    @property
    def members(self) -> dict[str, Any]:
        """What it adds to a document."""
        return {"as_of": self.as_of, "revision": self.revision}

    def on(self, document: Document) -> dict[str, Any]:
        """The document with the stamp."""
        return {**document, **self.members}


class Made(msgspec.Struct, frozen=True):
    """A document without its stamp, also as JSON, and the ETag over it."""

    document: Document
    body: bytes
    tag: str

    @classmethod
    def of(cls, document: Document) -> "Made":
        """A document written as JSON."""
        body = msgspec.json.encode(document)
        return cls(document, body, etag_of(body))

    def with_stamp(self, stamp: Stamp) -> bytes:
        """The JSON of the whole answer."""
        return self.body[:-1] + b"," + msgspec.json.encode(stamp.members)[1:]


class _Entry(msgspec.Struct, frozen=True):
    version: int
    made: Made


class Kept:
    """The last documents asked for. May be used from several threads: one works, the others find what it made.

    Args:
        room: how many bytes of JSON are kept; those made longest ago go first.
    """

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, key: Hashable, version: int) -> Made | None:
        """The document of a key, if it was made of this version of the cube. Never waits for whoever works."""
        entry = self._entries.get(key)
        return entry.made if entry is not None and entry.version == version else None

    def make(self, key: Hashable, reading: Reading, work: Callable[[Reading], Document]) -> Made:
        """The document of a key, found or made. Call it with the cube's reading open, so that nobody else makes the same."""
        version = reading.state.version
        made = self.find(key, version)
        if made is None:
            made = Made.of(work(reading))
            self._keep(key, _Entry(version, made))
        return made

    def _keep(self, key: Hashable, entry: _Entry) -> None:
        with self._lock:
            former = self._entries.pop(key, None)
            self._entries[key] = entry
            self._bytes += len(entry.made.body) - (0 if former is None else len(former.made.body))
            while self._bytes > self._room and len(self._entries) > 1:
                _, oldest = self._entries.popitem(last=False)
                self._bytes -= len(oldest.made.body)


def etag_of(content: bytes) -> str:
    """What stands between the quotes of an ETag."""
    return hashlib.blake2b(content, digest_size=12).hexdigest()
