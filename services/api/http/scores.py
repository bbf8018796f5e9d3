"""`/v1/units/{unit}/score`: what a rule set makes of a unit's counts (CONTRACT, section 3)."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from schemas.periods import year_to_date
from schemas.rulesets.document import document
from schemas.rulesets.evaluate import evaluate
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.http.answers import Stamp, answer
from services.api.http.asked import Api, ruleset_of, unit_json, unit_of
from services.api.http.query import LANGUAGES, Query
from services.api.http.units import last_event

__all__ = ["show_score"]


async def show_score(request: Request, service: Api, unit: str) -> Response:
    """The score of a unit in a period; without a period: the year to date."""
    query = Query(request, "ruleset", "period", "from", "to", "scope", "lang")
    asked = unit_of(service, unit)
    ruleset = ruleset_of(query.text("ruleset") or service.settings.ruleset)
    period = query.period(service.today, year_to_date(service.today))
    pooled, language = query.pooled(), query.one_of("lang", LANGUAGES, "vi")
    scope = Scope.of(service.order_of(period), [asked.code], pooled=pooled)
    with service.reading() as reading:
        stamp = Stamp(reading, service.zone)
        scores = evaluate(ruleset, PeriodCounts(reading, scope, period))
        moment = last_event(service, reading, asked.code)
    scored = document(scores, 0, "vi" if language == "vi" else "en")
    return answer(
        request,
        {
            "unit": unit_json(asked),
            "ruleset": ruleset.id,
            "scope": "subtree" if pooled else "own",
            **period.to_json(),
            "last_event_at": moment,
            **msgspec.to_builtins(scored),
        },
        stamp,
    )
