"""`/v1/rulesets`: what is scored and how; the same evaluator over given counts."""

from typing import Any, Final

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from schemas.rulesets.document import document
from schemas.rulesets.errors import PairError
from schemas.rulesets.evaluate import PROVINCE
from schemas.rulesets.library import available, load
from schemas.rulesets.pairs import evaluate_pairs
from schemas.rulesets.readable import readable, summary
from services.api.http.answers import answer
from services.api.http.asked import Api, ruleset_of
from services.api.http.body import read_body
from services.api.http.query import Query
from services.api.problems import wrong

__all__ = ["router"]

router = APIRouter(tags=["rulesets"])


class Evaluation(msgspec.Struct):
    """What is to be evaluated: [numerator, denominator] by indicator code; `kind`: of the unit that they are of."""

    indicators: dict[str, list[int | float]]
    kind: str = PROVINCE


_DECODER: Final = msgspec.json.Decoder(Evaluation)
_FORM: Final = '{"indicators": {"2.1": [numerator, denominator], …}}'


@router.get("/v1/rulesets", response_class=Response)
async def list_rulesets(request: Request, service: Api) -> Response:
    """All rule sets, a line each. They need no counts: they are shown before the counts are complete, too."""
    Query(request)
    return answer(request, {"rulesets": [summary(load(name)) for name in available()]}, service.stamp)


@router.get("/v1/rulesets/{ruleset}", response_class=Response)
async def show_ruleset(request: Request, service: Api, ruleset: str) -> Response:
    """One rule set as its file says it."""
    Query(request)
    return answer(request, readable(ruleset_of(service, ruleset)), service.stamp)


@router.post("/v1/rulesets/{ruleset}/evaluate", response_class=Response)
async def evaluate_counts(request: Request, service: Api, ruleset: str) -> Response:
    """The score document that given counts make; an indicator not given has no data."""
    language = Query(request, "lang").language()
    rules = ruleset_of(service, ruleset)
    given = await read_body(request, _DECODER, _FORM)
    try:
        scores = evaluate_pairs(rules, given.indicators, given.kind)
    except PairError as error:
        raise wrong(error.code, error.reason) from error
    scored = document(scores, 0, language)
    made: dict[str, Any] = {"ruleset": rules.id, **msgspec.to_builtins(scored)}
    return Response(msgspec.json.encode(made), media_type="application/json")
