"""The report of a unit on a period, as plain data: what every form of it (sheets, table, JSON) is written from."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from msgspec import UNSET, Struct, UnsetType, structs

from schemas.rulesets.readable import readable
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.order import COUNTRY
from services.api.documents.asked import Asked
from services.api.documents.kept import Document, Made, Stamp
from services.api.documents.naming import unit_json
from services.api.documents.procedures_form import FormAsked, form_in
from services.api.documents.ranking import Ranked, ranking_of
from services.api.documents.score import score_in
from services.api.service import Service

__all__ = ["Child", "children_of", "report_document"]


class Child(Struct, frozen=True):
    """A unit right below, ranked among all of them and among those of its kind.

    ``now`` and ``difference`` are there in official reports alone (`services.api.published.difference.beside_ranking`).
    """

    rank: int
    rank_in_kind: int
    unit: dict[str, str]
    total: float
    groups: dict[str, float]
    handled: int
    received: int
    open: int
    overdue: int
    late: int
    now: dict[str, Any] | UnsetType | None = UNSET
    difference: dict[str, Any] | UnsetType | None = UNSET


def report_document(service: Service, unit: Unit, asked: Asked, form: FormAsked) -> tuple[Made, Stamp]:
    """The score document of a unit, with its place among its neighbours, the units below it ranked, form II.06a and the rule set.

    All of it is read from one state of the cube.

    Raises:
        Problem: 503, the counts are not complete yet.
    """
    order, today = service.order_of(asked.period), service.today

    def work(reading: Reading) -> Document:
        parent = order.parent_of(unit.code)
        above = None if parent is None else order.tree[parent]
        below, neighbours = (
            ranking_of(reading, order, order.places[code], asked, kind=None, today=today)["units"]
            for code in (unit.code, COUNTRY if parent is None else parent)
        )
        return {
            **score_in(service, reading, order, unit, asked),
            "parent": None if above is None else unit_json(above),
            **_place(unit, neighbours),
            "children": children_of(map(structs.asdict, below)),
            "form": form_in(reading, order, unit, asked.period, form),
            "rules": readable(asked.ruleset),
        }

    return service.document(("report", order, unit.code, form, today, asked.key), work)


def _place(unit: Unit, neighbours: list[Ranked]) -> dict[str, Any]:
    """Its rank among the units beside it, and how many these are; null for a unit that is not in force."""
    rank = next((row.rank for row in neighbours if row.unit["code"] == unit.code), None)
    return {"rank": rank, "ranked": len(neighbours)}


def children_of(ranked: Iterable[Document]) -> list[Child]:
    """The rows of a ranking, best first, as a report has them."""
    seen: Counter[str] = Counter()
    found = []
    for row in ranked:
        kind = row["unit"]["kind"]
        seen[kind] += 1
        known = {name: value for name, value in row.items() if name in Child.__struct_fields__}
        found.append(Child(rank_in_kind=seen[kind], **known))
    return found
