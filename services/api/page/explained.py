"""Where a unit loses points and what wins them back, with ways to the dossiers that are meant."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from schemas.units import Unit
from services.api.documents.explain import explain_document
from services.api.page.choice import Choice
from services.api.page.links import Links
from services.api.service import Service

__all__ = ["Explained", "Lost", "Way", "explained_of"]

Document = Mapping[str, Any]

_OF_ACTIONS: Final = {"finish_overdue": "overdue", "finish_in_time": "open", "receive_supplements": "waiting"}
"""Action -> status of the dossiers that it is about; the archive lists no others."""
_OF_COUNTS: Final = {"open_overdue": "overdue", "open": "open", "open_waiting_late": "waiting", "ended_late": "late"}
"""The same of counts that lose points. Those of `late` are of the period, all others of now."""


class Way(Struct, frozen=True, kw_only=True):
    """Something that says points, with the address of a list of its dossiers where there is one."""

    text: str
    count: float
    points: float
    href: str | None


class Lost(Struct, frozen=True, kw_only=True):
    """An indicator that has lost points: what it is, the counts that lose them (each with what it would win without them)."""

    code: str
    name: str
    lost: float
    max: float
    terms: Sequence[Way]


class Explained(Struct, frozen=True, kw_only=True):
    """The greatest gains first, the greatest losses first; the rest as the api tells it."""

    document: Document
    actions: Sequence[Way]
    indicators: Sequence[Lost]


def explained_of(service: Service, unit: Unit, choice: Choice, links: Links) -> Explained:
    """The explanation of a unit's score.

    Raises:
        Problem: 503, the counts are not complete yet.
    """
    made, _ = explain_document(service, unit, choice.asked)
    period = choice.asked.period
    now = (period.first or 0) <= service.today <= period.last

    def to(status: str | None) -> str | None:
        listed = status is not None and (now or status == "late")
        return links.of_unit(unit.code, "dossiers", status=str(status)) if listed else None

    indicators = [one for group in made.document["groups"] for one in group["indicators"] if one["lost"] > 0]
    return Explained(
        document=made.document,
        actions=[
            Way(text=one["text"], count=one["count"], points=one["gain"], href=to(_OF_ACTIONS.get(one["code"])))
            for one in made.document["actions"]
            if one["gain"] > 0
        ],
        indicators=[
            Lost(
                code=one["code"],
                name=one["name"],
                lost=one["lost"],
                max=one["max"],
                terms=[
                    Way(
                        text=term["text"],
                        count=term["count"],
                        points=term["worth"],
                        href=to(_OF_COUNTS.get(term["term"])),
                    )
                    for term in one["terms"]
                    if term["count"] > 0
                ],
            )
            for one in sorted(indicators, key=lambda one: -one["lost"])
        ],
    )
