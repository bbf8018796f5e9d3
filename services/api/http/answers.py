"""Answers that say as of when they hold, with a strong ETag over everything else."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.api.documents.kept import Document, Made, Stamp, Stamped, etag_of

__all__ = ["answer", "is_known", "respond", "respond_beside", "respond_with"]

_TAG: Final = re.compile(r'(?:W/)?"([^"]*)"')


def answer(request: Request, document: Document | Sequence[Document], stamp: Stamped) -> Response:
    """The document (or each document of a list) with its stamp; 304 without it where the reader has the same already."""
    tag = etag_of(msgspec.json.encode(document))
    if is_known(request, tag):
        return _unchanged(tag, stamp)
    whole = stamp.on(document) if isinstance(document, Mapping) else [stamp.on(one) for one in document]
    return _whole(msgspec.json.encode(whole), tag, stamp)


def respond(request: Request, made: Made, stamp: Stamp) -> Response:
    """The same of a document that is kept for all who ask for it."""
    return (
        _unchanged(made.tag, stamp) if is_known(request, made.tag) else _whole(made.with_stamp(stamp), made.tag, stamp)
    )


def respond_beside(request: Request, made: Made, stamp: Stamp, beside: Document) -> Response:
    """The same with members that are no part of what is kept."""
    return answer(request, {**made.document, **beside}, stamp) if beside else respond(request, made, stamp)


def respond_with(
    request: Request, made: Made, stamp: Stamp, write: Callable[[], bytes], headers: Mapping[str, str]
) -> Response:
    """The same in another form, which ``headers`` names (Content-Type); written only for readers who do not have it yet."""
    if is_known(request, made.tag):
        return _unchanged(made.tag, stamp)
    return Response(write(), headers={**_headers(made.tag, stamp), **headers})


def is_known(request: Request, tag: str) -> bool:
    """Whether `If-None-Match` names the tag: a list, weak forms and ``*`` (RFC 9110, 13.1.2)."""
    said = ", ".join(request.headers.getlist("if-none-match")).strip()
    return said == "*" or tag in _TAG.findall(said)


def _headers(tag: str, stamp: Stamped) -> dict[str, str]:
    return {"ETag": f'"{tag}"', "Cache-Control": "no-cache", **stamp.headers}


def _unchanged(tag: str, stamp: Stamped) -> Response:
    return Response(status_code=304, headers=_headers(tag, stamp))


def _whole(body: bytes, tag: str, stamp: Stamped) -> Response:
    return Response(body, headers=_headers(tag, stamp), media_type="application/json")
