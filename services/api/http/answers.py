"""Answers that say as of when they hold, with a strong ETag over everything else."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from schemas.moments import Zone
from services.api.cube.cube import Reading

__all__ = ["Stamp", "answer", "etag_of", "is_known"]

_TAG: Final = re.compile(r'(?:W/)?"([^"]*)"')

Document = Mapping[str, Any]


class Stamp:
    """As of when an answer holds."""

    def __init__(self, reading: Reading, zone: Zone) -> None:
        self.as_of = zone.format(reading.as_of)
        self.revision = reading.revision

    @property
    def headers(self) -> dict[str, str]:
        """For readers whose ETag still holds: a 304 has no body to carry it."""
        return {"Nhip-As-Of": self.as_of, "Nhip-Revision": str(self.revision)}

    def on(self, document: Document) -> dict[str, Any]:
        """The document with the stamp."""
        return {**document, "as_of": self.as_of, "revision": self.revision}


def answer(request: Request, document: Document | Sequence[Document], stamp: Stamp) -> Response:
    """The document (or each document of a list) with its stamp; 304 without it where the reader has the same already."""
    tag = etag_of(msgspec.json.encode(document))
    headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache", **stamp.headers}
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    whole = stamp.on(document) if isinstance(document, Mapping) else [stamp.on(one) for one in document]
    return Response(msgspec.json.encode(whole), headers=headers, media_type="application/json")


def etag_of(content: bytes) -> str:
    """What stands between the quotes of an ETag."""
    return hashlib.blake2b(content, digest_size=12).hexdigest()


def is_known(request: Request, tag: str) -> bool:
    """Whether `If-None-Match` names the tag: a list, weak forms and ``*`` (RFC 9110, 13.1.2)."""
    said = ", ".join(request.headers.getlist("if-none-match")).strip()
    return said == "*" or tag in _TAG.findall(said)
