"""The four ways in which events may be written in a request, all turned into one JSON text an event."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

import msgspec

__all__ = ["BATCH", "BINARY", "LINES", "MAX_EVENTS", "SINGLE", "NotReadable", "TooMany", "events_in", "form_of"]

MAX_EVENTS: Final = 5_000
"""Events of one request."""

SINGLE: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
LINES: Final = "application/x-ndjson"
BINARY: Final = "application/json"

_BOM: Final = b"\xef\xbb\xbf"
_ATTRIBUTES: Final = ("specversion", "id", "source", "type", "subject", "time")
_SPACE: Final = b" \t\r\n"
_ARRAY: Final = msgspec.json.Decoder(list[msgspec.Raw])
_ANY: Final = msgspec.json.Decoder(msgspec.Raw)


class NotReadable(ValueError):
    """The body is not JSON, or holds no event."""


class TooMany(ValueError):
    """The body holds more than `MAX_EVENTS` events."""


def form_of(headers: Mapping[str, str]) -> str | None:
    """Which of the four forms a request has, by its media type (parameters aside); None for any other.

    Binary mode is told by its ``ce-`` headers; without a body it needs no media type.
    """
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in {SINGLE, BATCH, LINES}:
        return media_type
    binary = any(name.lower().startswith("ce-") for name in headers)
    return BINARY if binary and media_type in {BINARY, ""} else None


def events_in(form: str, body: bytes, headers: Mapping[str, str]) -> list[bytes | msgspec.Raw]:
    """One JSON text an event, not yet looked into.

    Raises:
        NotReadable: not JSON, or no event at all.
        TooMany: more than MAX_EVENTS.
    """
    body = body.removeprefix(_BOM)
    if form == BINARY:
        return [_from_headers(body, headers)]
    if not body.strip(_SPACE):
        raise NotReadable("the body is empty; send at least one event")
    if form == SINGLE:
        return [_one(body)]
    events = _lines(body) if form == LINES else _array(body)
    if not events:
        raise NotReadable("the request holds no event; send at least one")
    if len(events) > MAX_EVENTS:
        raise TooMany(f"{len(events)} events in one request; send at most {MAX_EVENTS}")
    return events


def _one(body: bytes) -> msgspec.Raw:
    try:
        return _ANY.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NotReadable(f"the body is not JSON: {error}") from error


def _array(body: bytes) -> list[bytes | msgspec.Raw]:
    try:
        return list(_ARRAY.decode(body))
    except msgspec.ValidationError as error:
        raise NotReadable(f"{BATCH} must be a JSON array of events: {error}") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise NotReadable(f"the body is not JSON: {error}") from error


def _lines(body: bytes) -> list[bytes | msgspec.Raw]:
    """The lines of NDJSON, blank ones left out; a line that is not JSON is found when it is checked."""
    return [line for line in body.split(b"\n") if line.strip(_SPACE)]


def _from_headers(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Binary mode as the structured event that it stands for. Header values are percent-encoded UTF-8 (CloudEvents over HTTP, 3.1.3.2)."""
    event: dict[str, object] = {
        name: unquote(value.encode("latin-1").decode("utf-8", "replace"))
        for name in _ATTRIBUTES
        if (value := headers.get(f"ce-{name}")) is not None
    }
    if body.strip(_SPACE):
        event["data"] = _one(body)
    return msgspec.json.encode(event)
