"""The life of a dossier as it is told: every event that is known of it, which of them hold, and what each counts for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from msgspec import Struct

from schemas.rulesets.words import text_of
from schemas.units import UnitTree
from services.api.page.figures import NO_DATA, Figures
from services.api.page.texts import Texts

__all__ = ["Entry", "timeline_of"]

Document = Mapping[str, Any]
Standing = Literal["holds", "superseded", "taken_back", "not_heard"]

_PREFIX: Final = "nhip.dossier."
_UNITS: Final = frozenset({"unit", "agency", "intake_unit"})
_OTHER_MOMENTS: Final = frozenset({"due_at", "submitted_at"})
"""Moments that an event tells beside the one at which it happened."""


class Entry(Struct, frozen=True, kw_only=True):
    """One event. ``said``: (what, value) in words; ``counts``: (day, in words, by how much); ``by``: (event, moment) of what undid it."""

    at: str
    event: str
    standing: Standing
    said: Sequence[tuple[str, str]]
    counts: Sequence[tuple[str, str, int]]
    by: tuple[str, str] | None
    sender: str
    source: str
    id: str
    time: str


def timeline_of(dossier: Document, tree: UnitTree, texts: Texts, figures: Figures) -> list[Entry]:
    """The events of a dossier's document (`archive.shapes.DossierDocument`) in the order in which they happened."""
    teller = _Teller(tree, texts, figures)
    entries = [
        *(teller.entry(fact, "taken_back" if fact["taken_back_by"] else "holds") for fact in dossier["facts"]),
        *(teller.entry(event, "superseded") for event in dossier["superseded"]),
        *(teller.entry(event, "not_heard") for event in dossier["not_heard"]),
    ]
    return sorted(entries, key=lambda entry: (datetime.fromisoformat(entry.at), datetime.fromisoformat(entry.time)))


class _Teller:
    def __init__(self, tree: UnitTree, texts: Texts, figures: Figures) -> None:
        self._tree = tree
        self._texts = texts
        self._figures = figures
        self._places = {name: place for place, name in enumerate(texts.part("told.field"))}

    def entry(self, event: Document, standing: Standing) -> Entry:
        by = event.get("taken_back_by") or event.get("superseded_by")
        return Entry(
            at=_happened(event),
            event=self._name(event),
            standing=standing,
            said=[
                (self._word("field", name), self._value(name, event["data"][name]))
                for name in self._told(event["data"])
            ],
            counts=[
                (count["day"], text_of(count["measure"], self._texts.language), count["count"])
                for count in _in_order(event.get("counts", ()))
            ],
            by=None if by is None else (self._name(by), by["time"]),
            sender=event["sender"]["name"] or event["sender"]["code"],
            source=event["source"],
            id=event["id"],
            time=event["time"],
        )

    def _told(self, data: Document) -> list[str]:
        """The fields of an event in the order of the catalogue; a unit of time says nothing without the time."""
        names = [name for name in data if name != "allowed_unit" or "allowed" in data]
        return sorted(names, key=lambda name: (self._places.get(name, len(self._places)), name))

    def _name(self, event: Document) -> str:
        return self._word("event", event["type"].removeprefix(_PREFIX))

    def _word(self, of: str, name: str) -> str:
        """A word of the catalogue; what it does not have is shown as it was sent."""
        key = f"told.{of}.{name}"
        return self._texts(key) if key in self._texts else name

    def _value(self, name: str, value: Any) -> str:
        if value is None:
            return NO_DATA
        if isinstance(value, bool):
            return self._word("value", str(value).lower())
        if name.endswith("_at"):
            return self._figures.moment(value)
        if name in _UNITS and value in self._tree:
            return f"{self._tree[value].name} ({value})"
        if isinstance(value, int | float):
            return self._figures.count(value)
        if isinstance(value, Mapping):
            return ", ".join(f"{key}: {each}" for key, each in value.items())
        return self._word("value", value) if isinstance(value, str) else str(value)


def _happened(event: Document) -> str:
    """When it happened by its own word, else when it was recorded."""
    own = event["type"] == f"{_PREFIX}submitted"
    moments = (
        value for name, value in event["data"].items() if name.endswith("_at") and (own or name not in _OTHER_MOMENTS)
    )
    moment: str = next((value for value in moments if value is not None), event["time"])
    return moment


def _in_order(counts: Iterable[Document]) -> list[Document]:
    return sorted(counts, key=lambda count: (count["day"], -count["count"], count["measure"]))
