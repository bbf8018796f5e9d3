"""Dead letters: records of the topic `rejected-events`. They say what was refused and why, without personal data.

Two services write them: ingest (an event that it refused; `event` holds what is needed to send it again) and the scorer (a record in
an event topic that is no event; only its place is told).
"""

import re
from typing import Any, Final

import msgspec

from schemas.codes import reason_code
from schemas.events.checks import data_type
from schemas.events.envelope import MAX_SUBJECT
from schemas.events.families import FAMILIES, tag_of

__all__ = ["DeadLetter", "decode", "encode", "redacted"]

MAX_TEXT: Final = 64
"""Characters of a value that is kept; longer texts are no codes."""


class DeadLetter(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One refused event.

    ``at``: when, RFC 3339. ``system``, ``unit``: the key's. ``event``: what `redacted` left of it, None if it was no event at all.
    ``topic``, ``partition``, ``offset``: where it lies, if it was found in a topic.
    """

    at: str
    code: str
    detail: str
    system: str = ""
    unit: str = ""
    event: dict[str, Any] | None = None
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None


_DECODER: Final = msgspec.json.Decoder(DeadLetter)
_ATTRIBUTES: Final = {
    "specversion": 8,
    "id": 512,
    "source": 512,
    "type": MAX_TEXT,
    "subject": MAX_TEXT,
    "time": MAX_TEXT,
}
_FIELDS: Final = {
    tag_of(event): {field.encode_name: field.type for field in msgspec.structs.fields(data_type(event))}
    for family in FAMILIES
    for event in family.types
}
_LONG_SUBJECTS: Final = frozenset(
    tag_of(event) for family in FAMILIES if family.name != "dossier" for event in family.types
)
_MOMENT: Final = re.compile(r"[0-9TtZz:+. -]+", re.ASCII)
_PLAIN: Final = re.compile(r"[^\s\"<>{}]+")


def encode(letter: DeadLetter) -> bytes:
    """The value of a record: one line of JSON."""
    return msgspec.json.encode(letter)


def decode(raw: bytes) -> DeadLetter:
    """What `encode` wrote.

    Raises:
        msgspec.MsgspecError: no dead letter.
    """
    return _DECODER.decode(raw)


def redacted(raw: bytes | msgspec.Raw) -> dict[str, Any] | None:
    """What may be kept of a refused event, enough to send it again; None if it is no JSON object.

    Kept are the attributes of a CloudEvent, cut off where they are longer than allowed, and of `data` only the fields of that type
    whose values fit them by themselves: codes, moments, numbers, truth values. Texts that could be a name (they hold a space) go.
    """
    try:
        sent = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(sent, dict):
        return None
    limits = _ATTRIBUTES | ({"subject": MAX_SUBJECT} if sent.get("type") in _LONG_SUBJECTS else {})
    kept: dict[str, Any] = {
        name: value
        for name, longest in limits.items()
        if isinstance(value := sent.get(name), str) and len(value) <= longest
    }
    if "time" in kept and not _MOMENT.fullmatch(kept["time"]):
        del kept["time"]
    fields, data = _FIELDS.get(kept.get("type", "")), sent.get("data")
    if fields and isinstance(data, dict):
        kept["data"] = {
            name: _kept(name, data[name]) for name, kind in fields.items() if _fits(name, data.get(name), kind)
        }
    return kept


def _kept(name: str, value: Any) -> Any:
    return reason_code(value) if name == "reason" else value


def _fits(name: str, value: Any, kind: Any) -> bool:
    """Whether a value may be kept as a field of that type."""
    if value is None or name == "post":
        return False
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    if not isinstance(value, str) or name == "reason":
        return True
    plain = _MOMENT if name.endswith("_at") else _PLAIN
    return len(value) <= MAX_TEXT and plain.fullmatch(value) is not None
