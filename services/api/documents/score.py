"""The score of a unit in a period (CONTRACT, section 3)."""

from typing import Any

import msgspec

from schemas.periods import Period
from schemas.rulesets.document import Language, document
from schemas.rulesets.evaluate import Scores, evaluate
from schemas.rulesets.model import RuleSet
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.documents.kept import Document, Made, Stamp
from services.api.documents.naming import unit_json
from services.api.service import Service

__all__ = ["score_document", "score_of_row"]


def score_document(
    service: Service, unit: Unit, ruleset: RuleSet, period: Period, *, pooled: bool, language: Language
) -> tuple[Made, Stamp]:
    """What a rule set makes of a unit: with all below it, or alone.

    Raises:
        Problem: 503, the counts are not complete yet.
    """
    order = service.order_of(period)

    def work(reading: Reading) -> Document:
        scope = Scope.of(order, [unit.code], pooled=pooled)
        scores = evaluate(ruleset, PeriodCounts(reading, scope, period))
        return score_of_row(service, reading, scores, 0, unit, period, pooled=pooled, language=language)

    return service.document(("score", order, unit.code, ruleset.id, period, pooled, language), work)


def score_of_row(
    service: Service,
    reading: Reading,
    scores: Scores,
    row: int,
    unit: Unit,
    period: Period,
    *,
    pooled: bool,
    language: Language,
) -> dict[str, Any]:
    """The document of one unit out of the scores of many."""
    return {
        "unit": unit_json(unit),
        "ruleset": scores.ruleset.id,
        "scope": "subtree" if pooled else "own",
        **period.to_json(),
        "last_event_at": service.last_event(reading, unit.code),
        **msgspec.to_builtins(document(scores, row, language)),
    }
