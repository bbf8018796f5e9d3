"""What a record is read with: the key that sent it, the units, the zone, the moment of its arrival."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from schemas.moments import Zone
from schemas.units import UnitTree
from services.ingest.sync.dates import Dates

__all__ = ["Draft", "Reading"]

Draft = tuple[str, dict[str, Any]]
"""An event to be: its type behind `nhip.dossier.`, and its data. Of two drafts of a record the later has the greater id."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The same for all records of a payload.

    ``unit`` is the key's. ``arrival``: RFC 3339 with offset. ``is_synced``: what is sent here the national portal has.
    ``population_databases``: codes (`MaCSDL`) of the databases of population data.
    """

    unit: str
    tree: UnitTree
    zone: Zone
    arrival: str
    is_updating: bool = False
    is_synced: bool = True
    population_databases: frozenset[str] = frozenset({"7"})

    @cached_property
    def dates(self) -> Dates:
        """Reads dates in the configured zone."""
        return Dates(self.zone)
