"""The envelope of an event: CloudEvents 1.0, JSON format (CONTRACT, section 1)."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

MAX_IDENTITY = 512
"""Characters of an event's ``id`` and of its ``source``."""

MAX_DOSSIER = 64
"""Characters of a dossier code."""

MAX_SUBJECT = 200
"""Characters of the subject of all other families: some are built from several fields."""

_DAY = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?"
_OFFSET = r"([Zz]|[+-]\d{2}:[0-5]\d)"

Identity = Annotated[str, Meta(min_length=1, max_length=MAX_IDENTITY)]
Code = Annotated[str, Meta(min_length=1, max_length=64)]
UnitCode = Annotated[str, Meta(min_length=1, description="code of a unit of the tree")]
Item = Annotated[str, Meta(min_length=1, max_length=64, description="id within the dossier")]
Moment = Annotated[
    str,
    Meta(
        description="RFC 3339; without an offset in the configured time zone",
        examples=["2026-03-12T08:00:00+07:00"],
        extra_json_schema={"pattern": f"^{_DAY}{_CLOCK}{_OFFSET}?$"},
    ),
]
DueMoment = Annotated[
    str,
    Meta(
        description="RFC 3339, or a day alone, which means its last microsecond",
        examples=["2026-03-20T17:00:00+07:00", "2026-03-20"],
        extra_json_schema={"pattern": f"^{_DAY}({_CLOCK}{_OFFSET}?)?$"},
    ),
]
LegalMoment = Annotated[
    str,
    Meta(
        description="RFC 3339, or a day alone, which means its beginning (of `to_at`: its end); it may lie ahead",
        examples=["2026-07-01"],
        extra_json_schema={"pattern": f"^{_DAY}({_CLOCK}{_OFFSET}?)?$"},
    ),
]
Day = Annotated[str, Meta(pattern=f"^{_DAY}$", examples=["2026-01-01"])]
DossierCode = Annotated[str, Meta(min_length=1, max_length=MAX_DOSSIER, description="dossier code")]
PetitionCode = Annotated[str, Meta(min_length=1, max_length=MAX_SUBJECT, description="petition code")]
OfficialName = Annotated[str, Meta(max_length=1_000, description="as it is published; never a person's")]
TimeUnit = Literal["working_day", "day", "hour", "month"]
Allowed = Annotated[float, Meta(gt=0, le=100_000, description="statutory time, in `allowed_unit`")]
Amount = Annotated[float, Meta(ge=0, le=10**15, description="VND")]


class Event(Struct, kw_only=True, omit_defaults=True, tag_field="type"):
    """What every event says of itself.

    ``id`` and ``source`` together are its identity; of two events of one type about one subject the one with the
    greater (``time``, ``id``, ``source``) holds. ``keysystem`` and ``keyunit`` are CloudEvents extension attributes that
    ingest stamps from the key it was sent with; what a sender writes there is overwritten.
    """

    specversion: Literal["1.0"]
    id: Identity
    source: Identity
    subject: Annotated[str, Meta(min_length=1, max_length=MAX_SUBJECT)]
    time: Annotated[
        str,
        Meta(
            description="when the source recorded this: RFC 3339 with offset",
            examples=["2026-03-12T08:00:01+07:00"],
            extra_json_schema={"pattern": f"^{_DAY}{_CLOCK}{_OFFSET}$"},
        ),
    ]
    keysystem: str = ""
    keyunit: str = ""


class Data(Struct, kw_only=True, omit_defaults=True):
    """The fields of an event; unknown ones are ignored, ``null`` is the same as absent."""

    def subject(self) -> str | None:
        """The subject that these fields spell, where it is built from fields; None where it is free."""
        return None


class DossierData(Data, kw_only=True):
    """What every event about a dossier may say."""

    unit: UnitCode | None = None
