"""Digests: what is posted to a webhook of the notices about one unit ("thông báo hồ sơ trễ hạn"). JSON, in the form of Standard Webhooks.

A digest holds notices of one kind about the dossiers of one unit, up to `MOST`. It holds no personal data: dossiers by their codes.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from schemas.notices import LATE, Kind
from schemas.units import UnitTree

__all__ = ["MOST", "Digest", "DigestData", "ToldDossier", "digest", "document", "encode_digest"]

MOST: Final = 1_000
"""Notices of one digest; further ones are another digest."""


class ToldDossier(Struct, kw_only=True):
    """A dossier that a digest tells of. Moments as `canonical` writes them, of the meaning that they have in a notice (`NoticeData`)."""

    code: str
    procedure: str
    received_at: str
    due_at: str
    late_from: str


class DigestData(Struct, kw_only=True):
    """What it tells.

    ``vi``, ``en``: a sentence that can be shown as it is. ``page``: the unit's page. ``dossiers``: the longest late, or the soonest due,
    first.
    """

    unit: str
    unit_name: str
    count: int
    vi: str
    en: str
    page: str
    dossiers: list[ToldDossier]


class Digest(Struct, kw_only=True):
    """``id``: that of the header `webhook-id`, the same at every try. ``timestamp``: when its first notice came."""

    id: str
    type: Literal["nhip.digest.late", "nhip.digest.due_soon"]
    timestamp: str
    data: DigestData


_ENCODER: Final = msgspec.json.Encoder()


def digest(
    number: str, kind: Kind, *, opened: str, unit: str, tree: UnitTree, page: str, dossiers: Sequence[ToldDossier]
) -> Digest:
    """A digest.

    Args:
        number: its id.
        kind: of its notices.
        opened: when its first notice came.
        unit: whose dossiers they are.
        tree: where the unit's name stands.
        page: address of the pages, without a slash at the end.
        dossiers: what it tells of.
    """
    known = tree.get(unit)
    name = unit if known is None else known.name
    count = len(dossiers)
    are = "dossier is" if count == 1 else "dossiers are"
    if kind == LATE:
        vi, en = f"{name}: {count} hồ sơ đã quá hạn.", f"{name}: {count} {are} late."
    else:
        vi, en = f"{name}: {count} hồ sơ sắp đến hạn.", f"{name}: {count} {are} due soon."
    return Digest(
        id=number,
        type="nhip.digest.late" if kind == LATE else "nhip.digest.due_soon",
        timestamp=opened,
        data=DigestData(
            unit=unit,
            unit_name=name,
            count=count,
            vi=vi,
            en=en,
            page=f"{page}/units/{unit}",
            dossiers=sorted(dossiers, key=lambda told: (told.late_from, told.code)),
        ),
    )


def encode_digest(posted: Digest) -> bytes:
    """The body of the request."""
    return _ENCODER.encode(posted)


def document() -> dict[str, Any]:
    """The JSON Schema of a body; committed as `schemas/jsonschema/digest.json`."""
    (digests,), named = msgspec.json.schema_components([Digest], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Digest",
        "description": "What is posted to a webhook; see docs/notices.md.",
        **digests,
        "$defs": named,
    }
