"""Facts about procedures ("thủ tục hành chính"): the last event of each kind about one subject.

A subject is a procedure (`described`), a decision on one (`announced`, `published`) or a unit's offer of one (`offered`).
"""

from typing import Final, TypeVar

from msgspec import Struct

from schemas.calendar import Allowed
from schemas.events import procedure as e
from schemas.events.envelope import Event
from schemas.moments import from_canonical
from services.scorer.domain.facts import Fact, Said

PARTS: Final = 7
"""A complete procedure has so many (NĐ 63/2010/NĐ-CP, article 8.2)."""


class Described(Fact, array_like=True):
    """What the catalogue says. ``unit``: the owner, where it is named. ``parts``: how many of the seven. ``allowed``: statutory time."""

    unit: str | None
    special: bool
    fee: bool
    paper_result: bool
    for_citizens: bool
    full_online_eligible: bool
    services: int
    parts: int
    status: str
    allowed: Allowed | None
    name: str
    sector: str
    sector_name: str


class Announced(Fact, array_like=True):
    """A decision announces a procedure; ``effective``: when its legal basis comes into force."""

    unit: str
    procedure: str
    at: int
    effective: int | None


class Published(Fact, array_like=True):
    """A decision on a procedure was made public."""

    unit: str
    procedure: str
    at: int


class Offered(Fact, array_like=True):
    """A unit offers a procedure; ``until``: the last moment of it."""

    unit: str
    procedure: str
    online: str
    on_site: str
    on_site_exempt: bool
    since: int
    until: int | None


class Procedure(Struct, array_like=True):
    """All facts of one sender about one subject."""

    described: Described | None = None
    announced: Announced | None = None
    published: Published | None = None
    offered: Offered | None = None
    voided: Fact | None = None


Known = dict[str, Procedure]
"""All that is known about one subject: sender (unit of the key) -> facts."""

Kind = TypeVar("Kind", Described, Announced, Published, Offered)


def fact_of(event: Event) -> Said:
    """The fact that a stored event about a procedure states.

    Raises:
        ValueError: a moment in it is none (the event did not come through ingest).
    """
    head = from_canonical(event.time), event.id, event.source, event.keysystem

    def at(text: str | None) -> int:
        return head[0] if text is None else from_canonical(text)

    def known(text: str | None) -> int | None:
        return None if text is None else from_canonical(text)

    match event:
        case e.ProcedureDescribed(data=d):
            flags = d.special or False, d.fee or False, d.paper_result or False, d.for_citizens or False
            services = 1 if d.services is None else d.services
            rest = d.full_online_eligible or False, services, len(set(d.parts or ())), d.status or "public"
            names = d.name or "", d.sector or "", d.sector_name or ""
            allowed = None if d.allowed is None else Allowed(d.allowed, d.allowed_unit or "working_day")
            return "described", None, Described(*head, d.owner, *flags, *rest, allowed, *names)
        case e.ProcedureAnnounced(data=d):
            return "announced", None, Announced(*head, d.unit, d.procedure, at(d.decided_at), known(d.effective_at))
        case e.ProcedurePublished(data=d):
            return "published", None, Published(*head, d.unit, d.procedure, at(d.published_at))
        case e.ProcedureOffered(data=d):
            ways = d.online or "none", d.on_site or "none", d.on_site_exempt or False
            return "offered", None, Offered(*head, d.unit, d.procedure, *ways, at(d.from_at), known(d.to_at))
        case e.ProcedureVoided():
            return "voided", None, Fact(*head)
    raise ValueError(f"no event about a procedure: {type(event).__name__}")


def unit_of(said: Said) -> str | None:
    """The unit that a fact names."""
    unit: str | None = getattr(said[2], "unit", None)
    return unit
