"""`stale`: said where a unit's systems have been silent for longer than they ever are (CONTRACT, section 3)."""

from typing import Final

from services.api.documents.asked import Asked
from services.api.documents.kept import Document
from services.api.service import Service

__all__ = ["STALE", "stale_member"]

STALE: Final = "stale"


def stale_member(service: Service, unit: str, asked: Asked | None = None) -> Document:
    """The member ``{"stale": true}`` of a unit's document; nothing where its systems speak, and of a closed period.

    It changes with time alone, so it is no part of documents that are kept by the version of the cube. No reading may be open.

    Args:
        service: of the systems.
        unit: whose.
        asked: the days that a score is about; None: the document is about now.
    """
    if asked is not None and asked.pooled:
        above = service.units.line(unit)
        if any(closing.parent in above for closing in service.closings.of(asked.ruleset.id, asked.period)):
            return {}
    return {STALE: True} if service.systems().is_stale(unit) else {}
