"""The two forms in which payloads come: an object around the records, or a bare array beside a query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from services.ingest.formats import MAX_EVENTS, NotReadable, TooMany
from services.ingest.sync.values import Value, flag, text

__all__ = ["Envelope", "open_envelope"]

_BOM: Final = b"\xef\xbb\xbf"


_NOTHING: Final = msgspec.Raw(b"null")


class _Wrapped(msgspec.Struct):
    data: msgspec.Raw = _NOTHING
    updating: Value = msgspec.field(default=None, name="isUpdating")
    session: Value = None


_WRAPPED: Final = msgspec.json.Decoder(_Wrapped)
_RECORDS: Final = msgspec.json.Decoder(list[msgspec.Raw])


@dataclass(frozen=True, slots=True)
class Envelope:
    """One payload, its records not yet looked into. `session` is the key of senders who cannot set headers: never show it."""

    records: list[msgspec.Raw]
    is_updating: bool
    session: str | None = field(repr=False)


def open_envelope(body: bytes, query: Mapping[str, str]) -> Envelope:
    """Take a payload apart. `isUpdating` of the body goes before that of the query.

    Raises:
        NotReadable: no JSON, or no record at all. The message quotes nothing of the body.
        TooMany: more than `MAX_EVENTS` records.
    """
    body = body.removeprefix(_BOM).strip()
    try:
        wrapped = _Wrapped(data=msgspec.Raw(body)) if body.startswith(b"[") else _WRAPPED.decode(body)
        records = _records(wrapped.data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotReadable(f"the body is no payload: {error}") from error
    if not records:
        raise NotReadable("the payload holds no record; send at least one in `data`")
    if len(records) > MAX_EVENTS:
        raise TooMany(f"{len(records)} records in one payload; send at most {MAX_EVENTS}")
    updating = wrapped.updating if text(wrapped.updating) is not None else query.get("isUpdating")
    return Envelope(records, flag(updating), text(wrapped.session))


def _records(data: msgspec.Raw) -> list[msgspec.Raw]:
    raw = bytes(data)
    if raw.startswith(b"["):
        return _RECORDS.decode(raw)
    return [msgspec.Raw(raw)] if raw.startswith(b"{") else []
