"""What was said about a dossier: whose word counts, which event holds in its place, which it superseded (CONTRACT, section 1)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from schemas.units import UnitTree

__all__ = ["REOPENED", "Event", "Place", "owner_of", "place_of", "sort_out", "taken_back"]

_DOSSIER: Final = "nhip.dossier."
RECEIVED: Final = _DOSSIER + "received"
SUBMITTED: Final = _DOSSIER + "submitted"
REOPENED: Final = _DOSSIER + "reopened"
_REVOCABLE: Final = frozenset(_DOSSIER + name for name in ("processed", "returned", "withdrawn", "declined"))

Place = tuple[str, ...]
"""Events of one place compete: the type, and what tells several of it apart."""


class Event(NamedTuple):
    """One event, or the fact that it states. ``time`` in microseconds; ``part``: the id within the dossier."""

    type: str
    id: str
    source: str
    time: int
    sender: str
    data: Mapping[str, Any]
    part: str | None = None

    @property
    def version(self) -> tuple[int, str, str]:
        """Which of two of one place holds: the greater."""
        return self.time, self.id, self.source

    @property
    def identity(self) -> tuple[str, str, str, int]:
        """What tells it from all others."""
        return self.type, self.id, self.source, self.time


class SortedOut(NamedTuple):
    """Events that do not hold. ``superseded``: each with the one that holds instead. ``not_heard``: of senders who may not speak."""

    superseded: Sequence[tuple[Event, Event]]
    not_heard: Sequence[Event]


def place_of(event: Event) -> Place:
    """Where an event stands among those of its dossier."""
    data = event.data
    match event.type.removeprefix(_DOSSIER):
        case "step":
            return event.type, str(data.get("step"))
        case "supplement_requested" | "supplemented":
            return event.type, str(data.get("supplement"))
        case "paid":
            return event.type, str(data.get("payment") or "1")
        case "progressed":
            return event.type, str(data.get("state")), str(data.get("progressed_at"))
        case "petitioned":
            return event.type, str(data.get("petition")), str(bool(data.get("finding")))
        case "rated":
            return event.type, str(data.get("stars") is None and data.get("level") is None)
    return (event.type,)


def owner_of(code: str, events: Iterable[Event], tree: UnitTree) -> str | None:
    """The unit that a dossier belongs to: named by the left part of its code, else that of the key whose `received` has the least
    (`time`, `id`, `source`); before any, whose `submitted` has. None where nothing says so.
    """
    named = tree.of_subject(code)
    if named is not None:
        return named
    for kind in (RECEIVED, SUBMITTED):
        firsts = [(event.version, event.sender) for event in events if event.type == kind]
        if firsts:
            return min(firsts)[1]
    return None


def sort_out(code: str, events: Sequence[Event], facts: Iterable[Event], tree: UnitTree) -> SortedOut:
    """Find out which events do not hold, and why.

    An event that is newer than the fact in its place has not been worked in yet: it is in neither list.

    Args:
        code: of the dossier.
        events: all that were accepted.
        facts: those that hold.
        tree: says who may speak for whom.
    """
    owner = owner_of(code, events, tree)
    line = None if owner is None else tree.line(owner) | {owner}
    heard = [event for event in events if line is None or event.sender in line]
    held = {fact.identity for fact in facts}
    newest: dict[Place, Event] = {}
    for event in sorted(heard, key=lambda event: event.version):
        newest[place_of(event)] = event
    superseded = [
        (event, newest[place_of(event)])
        for event in heard
        if event.identity not in held and newest[place_of(event)].version > event.version
    ]
    not_heard = [] if line is None else [event for event in events if event.sender not in line]
    return SortedOut(superseded, not_heard)


def taken_back(fact: Event, facts: Iterable[Event]) -> Event | None:
    """The reopening, younger by (`time`, `id`), that undid an end or a refusal."""
    if fact.type not in _REVOCABLE:
        return None
    reopened = (other for other in facts if other.type == REOPENED and (other.time, other.id) > (fact.time, fact.id))
    return next(reopened, None)
