"""One dossier: its facts in force, what each counts for, what was superseded, what was not heard."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from schemas.moments import Zone, from_canonical
from services.api.archive.archive import Picture
from services.api.archive.columns import AnyRow
from services.api.archive.naming import Names
from services.api.archive.reasons import counts_of_facts
from services.api.archive.said import Event, owner_of, sort_out, taken_back
from services.api.archive.shapes import Count, Fact, Identity, Statement
from services.api.documents.kept import Document
from services.api.service import Service
from services.common.archived import ArchivedDossier, ArchivedEvent

__all__ = ["Found", "document_of", "read_dossier", "units_of"]

_D: Final = ArchivedDossier
_E: Final = ArchivedEvent
_NEVER_TOLD: Final = "post"
"""A position is never shown outside its unit (`events_and_measures.md`, section 1.2)."""


class Found(NamedTuple):
    """What the archive has of a dossier."""

    row: AnyRow
    events: list[Event]
    as_of: int


async def read_dossier(picture: Picture, code: str) -> Found | None:
    """A dossier with all its events, the oldest first; None if there is none of the code.

    Raises:
        SQLAlchemyError: PostgreSQL does not answer (`Archive.picture` makes a problem of it).
    """
    row = (await picture.connection.execute(select(*_D.__table__.columns).where(_D.code == code))).one_or_none()
    if row is None:
        return None
    of_dossier = (
        select(_E.type, _E.id, _E.source, _E.time, _E.sender, _E.data)
        .where(_E.code == code)
        .order_by(_E.time, _E.id, _E.source)
    )
    return Found(row, [Event(*each) for each in await picture.connection.execute(of_dossier)], picture.as_of)


def units_of(code: str, found: Found | None, service: Service) -> set[str]:
    """The units whose dossier it is: where it counts, and to which its code or its first sender gives it."""
    events = [] if found is None else found.events
    units = {owner_of(code, events, service.units), None if found is None else found.row.unit}
    return {unit for unit in units if unit is not None}


def document_of(found: Found, service: Service) -> Document:
    """The whole document, without its stamp."""
    row, zone = found.row, service.zone
    facts = [_fact(fact) for fact in row.facts]
    names = Names(service, found.as_of, [row.procedure] if row.procedure else [])
    said = sort_out(row.code, found.events, facts, service.units)
    counts = counts_of_facts(facts, row.counts, zone)
    return {
        **names.line(row),
        "next_change": names.moment(row.next_change),
        "facts": [_shown_fact(fact, counts[place], facts, names, zone) for place, fact in enumerate(facts)],
        "superseded": [
            {**_statement(event, names, zone), "superseded_by": _identity(by, zone)} for event, by in said.superseded
        ],
        "not_heard": [_statement(event, names, zone) for event in said.not_heard],
    }


def _fact(kept: Mapping[str, Any]) -> Event:
    return Event(*(kept[name] for name in Event._fields))


def _shown_fact(fact: Event, counts: Iterable[Any], facts: Iterable[Event], names: Names, zone: Zone) -> Fact:
    by = taken_back(fact, facts)
    undone = None if by is None else _identity(by, zone)
    return {**_statement(fact, names, zone), "counts": [_count(one) for one in counts], "taken_back_by": undone}


def _count(kept: Mapping[str, Any]) -> Count:
    """In the order in which it reads best: PostgreSQL keeps none."""
    return {
        "unit": kept["unit"],
        "day": kept["day"],
        "procedure": kept["procedure"],
        "measure": kept["measure"],
        "count": kept["count"],
    }


def _statement(event: Event, names: Names, zone: Zone) -> Statement:
    data = {name: _in_zone(name, value, zone) for name, value in event.data.items() if name != _NEVER_TOLD}
    return {**_identity(event, zone), "part": event.part, "sender": names.unit(event.sender), "data": data}


def _identity(event: Event, zone: Zone) -> Identity:
    return {"type": event.type, "id": event.id, "source": event.source, "time": zone.format(event.time)}


def _in_zone(name: str, value: Any, zone: Zone) -> Any:
    """Events keep moments in UTC; all others are shown as they stand."""
    return zone.format(from_canonical(value)) if name.endswith("_at") and isinstance(value, str) else value
