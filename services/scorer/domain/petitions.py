"""Facts about a petition ("phản ánh, kiến nghị"): the last event of each kind about each unit's part of it.

Joining is as for dossiers (`facts`), but of several acceptances of a part the earliest counts (`events_and_measures.md`, section 6,
reading 2): that, too, is idempotent, commutative and associative.
"""

from typing import TypeVar

from msgspec import Struct

from schemas.events import petition as e
from schemas.events.envelope import Event
from schemas.moments import from_canonical
from services.scorer.domain import facts as f
from services.scorer.domain.facts import Fact, Happened, Said

Held = TypeVar("Held", bound=Fact)


class Received(Fact, array_like=True):
    """It came to the unit; ``start``: the clock starts."""

    start: int
    petition_class: str


class Rated(Fact, array_like=True):
    """What readers think of the answer."""

    likes: int
    dislikes: int


class Petition(Struct, array_like=True):
    """All facts of one sender about one petition: by unit, those of ``repeated`` by the code of the later petition."""

    received: dict[str, Received] | None = None
    accepted: dict[str, Happened] | None = None
    requested: dict[str, Happened] | None = None
    supplemented: dict[str, Happened] | None = None
    declined: dict[str, Happened] | None = None
    answered: dict[str, Happened] | None = None
    published: dict[str, Happened] | None = None
    rated: dict[str, Rated] | None = None
    voided: dict[str, Fact] | None = None
    repeated: dict[str, Fact] | None = None


Known = dict[str, Petition]
"""All that is known about one petition: sender (unit of the key) -> facts."""


def add(facts: Petition, said: Said) -> bool:
    """Take one fact in, in place.

    Returns:
        Whether anything changed.
    """
    field, unit, fact = said
    if field != "accepted" or not isinstance(fact, Happened) or unit is None:
        return f.add(facts, said)
    accepted = facts.accepted = facts.accepted or {}
    held = accepted.get(unit)
    if held is not None and not earlier(fact, held):
        return False
    accepted[unit] = fact
    return True


def earlier(fact: Happened, held: Happened) -> bool:
    """Whether one of two acceptances is the one that counts."""
    return (fact.at, *fact.version, fact.system) < (held.at, *held.version, held.system)


def fact_of(event: Event) -> Said:
    """The fact that a stored event about a petition states.

    Raises:
        ValueError: a moment in it is none (the event did not come through ingest).
    """
    head = from_canonical(event.time), event.id, event.source, event.keysystem

    def happened(text: str | None) -> Happened:
        return Happened(*head, head[0] if text is None else from_canonical(text))

    match event:
        case e.PetitionReceived(data=d):
            start = d.forwarded_at or d.sent_at
            fact = Received(*head, head[0] if start is None else from_canonical(start), d.class_ or "other")
            return "received", d.unit, fact
        case e.PetitionAccepted(data=d):
            return "accepted", d.unit, happened(d.accepted_at)
        case e.PetitionSupplementRequested(data=d):
            return "requested", d.unit, happened(d.requested_at)
        case e.PetitionSupplemented(data=d):
            return "supplemented", d.unit, happened(d.completed_at)
        case e.PetitionDeclined(data=d):
            return "declined", d.unit, happened(d.declined_at)
        case e.PetitionAnswered(data=d):
            return "answered", d.unit, happened(d.answered_at)
        case e.PetitionPublished(data=d):
            return "published", d.unit, happened(d.published_at)
        case e.PetitionRated(data=d):
            return "rated", d.unit, Rated(*head, d.likes or 0, d.dislikes or 0)
        case e.PetitionRepeated(data=d):
            return "repeated", d.by, Fact(*head)
        case e.PetitionVoided(data=d):
            return "voided", d.unit, Fact(*head)
    raise ValueError(f"no event about a petition: {type(event).__name__}")


def unit_of(said: Said) -> str | None:
    """The unit of whose part a fact speaks."""
    field, item, _ = said
    return None if field == "repeated" else item


def heard(petition: Known, field: str, item: str, line: frozenset[str]) -> Fact | None:
    """The fact that holds of one kind and item (a unit; of ``repeated`` a later petition), of those whose senders are in `line`."""
    said = [
        fact
        for sender, facts in petition.items()
        if sender in line and (fact := (getattr(facts, field) or {}).get(item)) is not None
    ]
    if len(said) < 2:
        return said[0] if said else None
    found = Petition()
    for fact in said:
        add(found, (field, item, fact))
    held: Fact = getattr(found, field)[item]
    return held
