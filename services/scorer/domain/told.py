"""What holds of what was said about a dossier, told again in the words of its events (CONTRACT, section 1): for people to read."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from schemas.moments import Zone
from services.scorer.domain.facts import Dossier, Fact, Facts

__all__ = ["Told", "told"]


class Told(NamedTuple):
    """One fact in force. ``time`` in microseconds; ``part``: the id within the dossier, of what can be several."""

    type: str
    id: str
    source: str
    time: int
    sender: str
    part: str | None
    data: dict[str, Any]


class _Kind(NamedTuple):
    """``at``: how the event names its own moment; ``part``: how it names the id within the dossier."""

    type: str
    at: str = ""
    part: str = ""


_KINDS: Final = {
    "submitted": _Kind("submitted", "submitted_at"),
    "received": _Kind("received", "received_at"),
    "declined": _Kind("declined", "declined_at"),
    "steps": _Kind("step", part="step"),
    "requested": _Kind("supplement_requested", "requested_at", "supplement"),
    "supplemented": _Kind("supplemented", "completed_at", "supplement"),
    "rescheduled": _Kind("rescheduled"),
    "processed": _Kind("processed", "finished_at"),
    "returned": _Kind("returned", "returned_at"),
    "withdrawn": _Kind("withdrawn", "withdrawn_at"),
    "reopened": _Kind("reopened", "reopened_at"),
    "paid": _Kind("paid", "paid_at", "payment"),
    "synced": _Kind("synced", "synced_at"),
    "late": _Kind("late", "late_at"),
    "notified": _Kind("notified", "notified_at"),
    "rated": _Kind("rated", "rated_at"),
    "slip": _Kind("rated", "rated_at"),
    "log": _Kind("progressed", "progressed_at"),
    "petitions": _Kind("petitioned", "petitioned_at", "petition"),
    "findings": _Kind("petitioned", "petitioned_at", "petition"),
    "voided": _Kind("voided"),
}
"""By field of `Facts`, in the order of a dossier's life."""

_HEAD: Final = frozenset(Fact.__struct_fields__)
_NEVER_TOLD: Final = "post"
"""A position is never shown outside its unit (`events_and_measures.md`, section 1.2)."""


def told(dossier: Dossier, facts: Facts, zone: Zone) -> list[Told]:
    """The facts in force, each with the sender who said it.

    Args:
        dossier: all that was said, by sender.
        facts: what counts of it (`owner.heard`).
        zone: in which moments are written.
    """
    return [
        Told(
            f"nhip.dossier.{kind.type}",
            fact.id,
            fact.source,
            fact.time,
            _sender(dossier, field, part, fact),
            name,
            data,
        )
        for field, kind in _KINDS.items()
        for part, fact in _facts(getattr(facts, field))
        for name, data in [_named(kind, field, part, fact, zone)]
    ]


def _facts(held: Fact | Mapping[str, Fact] | None) -> Iterator[tuple[str | None, Fact]]:
    if isinstance(held, Fact):
        yield None, held
    elif held:
        yield from sorted(held.items())


def _sender(dossier: Dossier, field: str, part: str | None, fact: Fact) -> str:
    """Who said it; of several who said the very same the first."""
    for sender in sorted(dossier):
        held = getattr(dossier[sender], field)
        if (held if part is None or held is None else held.get(part)) == fact:
            return sender
    raise LookupError(f"nobody said {fact}")


def _named(kind: _Kind, field: str, part: str | None, fact: Fact, zone: Zone) -> tuple[str | None, dict[str, Any]]:
    """The id within the dossier, and the data as the event would say them; what is not known is left out."""
    name = part if kind.part else None
    data: dict[str, Any] = {} if name is None else {kind.part: name}
    for attribute in fact.__struct_fields__:
        value = getattr(fact, attribute)
        if attribute in _HEAD or attribute == _NEVER_TOLD or value is None:
            continue
        if attribute == "by_fault_of_agency":
            data["fault"] = "agency" if value else "applicant"
        elif attribute == "at":
            data[kind.at] = zone.format(value)
        elif attribute == "due":
            data["due_at"] = zone.format(value)
        else:
            data[attribute] = zone.format(value) if attribute.endswith("_at") else value
    if field == "findings":
        data["finding"] = True
    return name, data
