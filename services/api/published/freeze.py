"""What closing a period freezes: the results of a unit and of all below it, worked out of one state of the counts."""

from collections import defaultdict
from collections.abc import Iterator

import msgspec
import numpy as np

from schemas.rulesets.evaluate import evaluate
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.order import TreeOrder
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.documents.asked import Asked
from services.api.documents.counts import counts_in
from services.api.documents.naming import unit_json
from services.api.documents.procedures_form import ROWS, FormAsked, form_in
from services.api.documents.ranking import ranking_of
from services.api.documents.score import score_of_row
from services.api.published.frozen import Frozen, Row

__all__ = ["freeze"]


def freeze(reading: Reading, order: TreeOrder, parent: str, asked: Asked, today: int) -> Frozen:
    """The results of a unit and of all listed units below it.

    Args:
        reading: of the counts.
        order: the units as they are in force on the last day of the period; `parent` is one of them.
        parent: its code.
        asked: rule set and period; pooled.
        today: says what falls due soon (a column of rankings).
    """
    first = order.places[parent]
    listed = np.flatnonzero(order.listed[first : order.ends[first]]) + first
    places = np.union1d([first], listed)
    rankings = list(_rankings(reading, order, places.tolist(), asked, today))
    ranks: dict[str, dict[str, int]] = defaultdict(dict)  # by unit: among all, among those of its kind
    ranked_below: dict[str | None, int] = {}
    for ranking in rankings:
        if not ranking["kind"]:
            ranked_below[ranking["parent"]] = len(ranking["document"]["units"])
        for ranked in ranking["document"]["units"]:
            ranks[ranked["unit"]["code"]]["kind_rank" if ranking["kind"] else "rank"] = ranked["rank"]
    scope = Scope(order, places, pooled=True)
    scores = evaluate(asked.ruleset, PeriodCounts(reading, scope, asked.period))
    results = []
    for row, (place, counts) in enumerate(zip(places.tolist(), counts_in(reading, scope, asked.period), strict=True)):
        unit = order.unit_at(place)
        above = order.parent_of(unit.code)
        score = score_of_row(scores, row, unit, asked)
        results.append(
            {
                "unit": unit.code,
                "above": above,
                "name": unit.name,
                "kind": unit.kind,
                "place": row,
                "total": score["total"],
                "rank": ranks[unit.code].get("rank"),
                "kind_rank": ranks[unit.code].get("kind_rank"),
                "score": score,
                "counts": counts,
                "report": {
                    "parent": None if above is None else unit_json(order.tree[above]),
                    "ranked": ranked_below.get(above, 0),
                    "forms": _forms(reading, order, unit, asked),
                },
            }
        )
    return Frozen(reading.state, results, rankings)


def _forms(reading: Reading, order: TreeOrder, unit: Unit, asked: Asked) -> Row:
    """Form II.06a by what a row is; what waits stands apart, so that it can be shown either way."""
    return {
        rows: msgspec.to_builtins(form_in(reading, order, unit, asked.period, FormAsked(rows, "separate")))
        for rows in ROWS
    }


def _rankings(reading: Reading, order: TreeOrder, places: list[int], asked: Asked, today: int) -> Iterator[Row]:
    """The rankings of the units right below each one: of all together, and of each kind."""
    for place in places:
        kinds = {order.kinds[child] for child in order.below(place, None).tolist()}
        for kind in [None, *sorted(kinds)] if kinds else []:
            document = ranking_of(reading, order, place, asked, kind=kind, today=today)
            yield {"parent": order.codes[place], "kind": kind or "", "document": msgspec.to_builtins(document)}
