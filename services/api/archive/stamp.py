"""As of when an answer out of the archive holds."""

from typing import Any, Final

from schemas.moments import SECOND, Zone
from services.api.documents.kept import Document

__all__ = ["ArchiveStamp"]

_PRIVATE: Final = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
"""Only the reader's own cache may keep what a key was needed for."""


class ArchiveStamp:
    """What is no part of the ETag: `as_of` of the archive, and by how many seconds that lies behind now.

    Args:
        as_of: microseconds.
        now: microseconds.
        zone: in which it is written.
    """

    def __init__(self, as_of: int, now: int, zone: Zone) -> None:
        self._as_of = zone.format(as_of)
        self._lag = round(max(now - as_of, 0) / SECOND, 1)

    @property
    def headers(self) -> dict[str, str]:
        """For readers whose ETag still holds: a 304 has no body to carry it."""
        return {"Nhip-As-Of": self._as_of, **_PRIVATE}

    def on(self, document: Document) -> dict[str, Any]:
        """The document with the stamp."""
        archive = {"as_of": self._as_of, "lag_seconds": self._lag}
        return {**document, "as_of": self._as_of, "archive": archive}
