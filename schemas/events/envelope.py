"""The envelope of an event: CloudEvents 1.0, JSON format (CONTRACT, section 1)."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

MAX_IDENTITY = 512
"""Characters of an event's ``id`` and of its ``source``."""

Identity = Annotated[str, Meta(min_length=1, max_length=MAX_IDENTITY)]
Code = Annotated[str, Meta(min_length=1, max_length=64)]
UnitCode = Annotated[str, Meta(min_length=1, description="code of a unit of the tree")]
Item = Annotated[str, Meta(min_length=1, max_length=64, description="id within the dossier")]
Moment = Annotated[
    str,
    Meta(
        description="RFC 3339; without an offset in the configured time zone",
        extra_json_schema={"format": "date-time"},
    ),
]
Amount = Annotated[int, Meta(ge=0, le=10**15, description="VND")]


class Event(Struct, kw_only=True, omit_defaults=True, tag_field="type"):
    """What every event says of itself.

    ``id`` and ``source`` together are its identity; of two events of one type about one subject the one with the
    greater (``time``, ``id``, ``source``) holds. ``keysystem`` and ``keyunit`` are CloudEvents extension attributes that
    ingest stamps from the key it was sent with; what a sender writes there is overwritten.
    """

    specversion: Literal["1.0"]
    id: Identity
    source: Identity
    subject: Annotated[str, Meta(min_length=1, max_length=64, description="dossier code")]
    time: Annotated[str, Meta(description="RFC 3339 with offset", extra_json_schema={"format": "date-time"})]
    keysystem: str = ""
    keyunit: str = ""


class Data(Struct, kw_only=True, omit_defaults=True):
    """The fields of an event; unknown ones are ignored, ``null`` is the same as absent."""


class DossierData(Data, kw_only=True):
    """What every event about a dossier may say."""

    unit: UnitCode | None = None
