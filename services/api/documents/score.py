"""The score of a unit in a period (CONTRACT, section 3)."""

from typing import Any, Final

import msgspec

from schemas.rulesets.document import document
from schemas.rulesets.evaluate import Scores, evaluate
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.order import TreeOrder
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.documents.asked import Asked
from services.api.documents.kept import Document, Made, Stamp
from services.api.documents.naming import unit_json
from services.api.service import Service

__all__ = ["LAST_EVENT", "score_document", "score_in", "score_of_row"]

LAST_EVENT: Final = "last_event_at"


def score_document(service: Service, unit: Unit, asked: Asked) -> tuple[Made, Stamp]:
    """What a rule set makes of a unit.

    Raises:
        Problem: 503, the counts are not complete yet.
    """
    order = service.order_of(asked.period)

    def work(reading: Reading) -> Document:
        return score_in(service, reading, order, unit, asked)

    return service.document(("score", order, unit.code, asked.key), work)


def score_in(service: Service, reading: Reading, order: TreeOrder, unit: Unit, asked: Asked) -> dict[str, Any]:
    """The same out of one reading, for documents that show more beside it."""
    scope = Scope.of(order, [unit.code], pooled=asked.pooled)
    scores = evaluate(asked.ruleset, PeriodCounts(reading, scope, asked.period))
    return score_of_row(scores, 0, unit, asked) | {LAST_EVENT: service.last_event(reading, unit.code)}


def score_of_row(scores: Scores, row: int, unit: Unit, asked: Asked) -> dict[str, Any]:
    """The document of one unit out of the scores of many: everything that is shown but LAST_EVENT, which is no number of the unit."""
    return {
        "unit": unit_json(unit),
        "ruleset": asked.ruleset.id,
        "scope": "subtree" if asked.pooled else "own",
        **asked.period.to_json(),
        **msgspec.to_builtins(document(scores, row, asked.language)),
    }
