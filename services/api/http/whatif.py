"""`/v1/units/{unit}/explain`: points lost and what wins them back; `/v1/whatif`: other counts or other rules beside today's scores."""

import asyncio
from typing import Any, Final, Literal

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from schemas.periods import year_to_date
from schemas.rulesets.errors import RuleSetError
from schemas.rulesets.extent import extent
from schemas.rulesets.library import parse
from schemas.rulesets.model import RuleSet
from services.api.documents.asked import Asked
from services.api.documents.explain import explain_document
from services.api.documents.whatif import Supposed, Supposition, whatif_document
from services.api.http.answers import respond
from services.api.http.asked import Api, ruleset_of, unit_of
from services.api.http.body import read_body
from services.api.http.query import Query, Span
from services.api.problems import Problem, wrong
from services.api.service import Service

__all__ = ["LONGEST_RULES", "WhatIf", "router", "show_explanation", "supposition_of"]

router = APIRouter(tags=["scores"])

_MOST_CHANGES: Final = 1000
LONGEST_RULES: Final = 64 << 10
"""Characters of a rule file; those that come with the product have some 15,000."""
_LARGEST_RULES: Final = 4000
"""Parts of all formulas; those that come with the product have less than 1,000."""


class WhatIf(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `POST /v1/whatif`. ``rules``: the text of a whole rule-set file, in place of ``ruleset`` for what would be."""

    unit: str | None = None
    parent: str | None = None
    kind: str | None = None
    ruleset: str | None = None
    rules: str | None = None
    period: str | None = None
    first: str | None = msgspec.field(default=None, name="from")
    last: str | None = msgspec.field(default=None, name="to")
    lang: Literal["vi", "en"] = "vi"
    changes: list[Supposed] = []


_DECODER: Final = msgspec.json.Decoder(WhatIf)
_FORM: Final = '{"parent": "H01", "changes": [{"unit": "H01.187", "measure": "ended_late", "add": -5}]}'


async def show_explanation(request: Request, service: Api, unit: str) -> Response:
    """What a unit's points are lost by, what wins them back, and what lifts it by a place; without a period: the year to date."""
    query = Query(request, "ruleset", "period", "from", "to", "lang", "scope")
    of, period = unit_of(service, unit), query.period(service.today, year_to_date(service.today))
    asked = Asked(ruleset_of(service, query.text("ruleset")), period, query.pooled(), query.language())
    return respond(request, *await asyncio.to_thread(explain_document, service, of, asked))


@router.post("/v1/whatif", response_class=Response)
async def suppose(request: Request, service: Api) -> Response:
    """The scores of a unit, or of all right below one, as they are and as they would be with other counts or under other rules.

    `{"parent": "H01", "kind": "commune", "period": "2026-Q1", "rules": "id: …", "changes": [{"unit": "H01.187", "measure": "ended_late",
    "add": -5}, …]}`. Nothing is kept.
    """
    Query(request)
    given = await read_body(request, _DECODER, _FORM)
    return await asyncio.to_thread(_answer, service, given)


def _answer(service: Service, given: WhatIf) -> Response:
    made: dict[str, Any] = whatif_document(service, supposition_of(service, given))
    return Response(msgspec.json.encode(made), media_type="application/json", headers={"Cache-Control": "no-store"})


def supposition_of(service: Service, given: WhatIf) -> Supposition:
    """What a body asks.

    Raises:
        Problem: 404, 422.
    """
    if given.unit is not None and (given.parent is not None or given.kind is not None):
        raise wrong("unit", "give either unit, or parent and kind")
    if len(given.changes) > _MOST_CHANGES:
        raise wrong("changes", f"there may be {_MOST_CHANGES} at most")
    today = ruleset_of(service, given.ruleset)
    span = Span(given.period, given.first, given.last)
    if given.period is not None and (given.first is not None or given.last is not None):
        raise wrong("period", "give either period, or from and to, not both")
    return Supposition(
        unit=None if given.unit is None else unit_of(service, given.unit),
        parent=None if given.parent is None else unit_of(service, given.parent),
        kind=given.kind,
        period=span.period(service.today, year_to_date(service.today)),
        today=today,
        then=today if given.rules is None else _rules(given.rules),
        changes=[(unit_of(service, one.unit).code, one) for one in given.changes],
        language=given.lang,
    )


def _rules(text: str) -> RuleSet:
    """A rule set that is not one of the product's.

    Raises:
        Problem: 422 with the line and the reason.
    """
    if len(text) > LONGEST_RULES:
        raise wrong("rules", f"a rule file has at most {LONGEST_RULES} characters")
    try:
        rules = parse(text)
    except RuleSetError as error:
        raise Problem(422, f"rules: {error}", members={"parameter": "rules", "line": error.line}) from error
    if extent(rules) > _LARGEST_RULES:
        raise wrong("rules", "the formulas have too many parts to be worked out on request")
    return rules
