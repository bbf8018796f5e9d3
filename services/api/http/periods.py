"""`/v1/periods`: closing periods, which are closed, the sheet of a year."""

from typing import Final

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from schemas.periods import Period
from services.api.documents.asked import Asked
from services.api.documents.kept import etag_of
from services.api.http.answers import answer
from services.api.http.asked import Api, ruleset_of, unit_of
from services.api.http.body import read_body
from services.api.http.published import frozen_unit
from services.api.http.query import Query, Span
from services.api.problems import not_found, wrong
from services.api.published.closing import CloseRequest, close_period, may_close
from services.api.published.evaluation import as_csv, as_json, evaluation_sheet
from services.api.published.telling import closing_json
from services.api.service import Service
from services.common.bearer import bearer_of, key_of
from services.common.published import Closing

__all__ = ["router"]

router = APIRouter(tags=["periods"])

_DIGITS: Final = 10
"""No closing has a number of so many."""
_DECODER: Final = msgspec.json.Decoder(CloseRequest)
_FORM: Final = '{"period": "2026-Q1", "parent": "H01", …}'
_SCHEMA: Final = msgspec.json.schema_components([CloseRequest])[1][CloseRequest.__name__]
_BODY: Final = {"requestBody": {"required": True, "content": {"application/json": {"schema": _SCHEMA}}}}


@router.post("/v1/periods/close", response_class=Response, status_code=201, openapi_extra=_BODY)
async def close(request: Request, service: Api) -> Response:
    """Freeze the results of a period for `parent` and all units below it. Needs a key with `--close` of `parent` or a unit above.

    A period is closed once; `"replace": true` with a `reason` puts another result in its place and keeps what was published.
    """
    Query(request)
    key = await key_of(bearer_of(request), service.keys)
    asked = await read_body(request, _DECODER, _FORM)
    parent = unit_of(service, asked.parent)
    may_close(service, key, parent)
    ruleset = ruleset_of(service, asked.ruleset)
    if asked.period is None and asked.last is None:
        raise wrong("period", "say which: period, or from and to")
    if asked.period is not None and (asked.first is not None or asked.last is not None):
        raise wrong("period", "give either period, or from and to, not both")
    period = Span(asked.period, asked.first, asked.last).period(service.today, Period(None, service.today))
    closed = await close_period(service, key, parent, Asked(ruleset, period), asked)
    body = msgspec.json.encode(service.stamp.on(closing_json(service, closed)))
    return Response(body, 201, {"Location": f"/v1/periods/{closed.id}"}, "application/json")


@router.get("/v1/periods", response_class=Response)
async def list_periods(request: Request, service: Api) -> Response:
    """The closings in force, the last one first; `parent` and `ruleset` choose; `replaced=true` adds those that were replaced."""
    query = Query(request, "parent", "ruleset", "replaced")
    parent, ruleset = query.text("parent"), query.text("ruleset")
    code = None if parent is None else frozen_unit(service, parent)
    closings = await service.published.closings(replaced=query.yes("replaced"))
    chosen = [
        closing_json(service, each)
        for each in closings
        if code in (None, each.parent) and ruleset in (None, each.ruleset)
    ]
    return answer(request, {"periods": chosen}, service.stamp)


@router.get("/v1/periods/{number}", response_class=Response)
async def show_period(request: Request, service: Api, number: str) -> Response:
    """A closing and the results that it froze, also one that was replaced: total, rank, groups of every unit."""
    Query(request)
    closing = await _closing(service, number)
    units = [
        {
            "unit": {"code": each.unit, "name": each.name, "kind": each.kind},
            "above": each.above,
            "total": each.total,
            "rank": each.rank,
            "kind_rank": each.kind_rank,
            "groups": {group["code"]: group["score"] for group in each.score["groups"]},
        }
        for each in await service.published.results([closing.id])
    ]
    return answer(request, {**closing_json(service, closing), "results": units}, service.stamp)


@router.get("/v1/periods/{number}/ruleset", response_class=Response)
async def show_ruleset(request: Request, service: Api, number: str) -> Response:
    """The rule set's file as it was when the period was closed."""
    Query(request)
    closing = await _closing(service, number)
    text = closing.ruleset_text.encode()
    return Response(text, headers={"ETag": f'"{etag_of(text)}"'}, media_type="application/yaml")


@router.get("/v1/periods/{number}/evaluation.{form}", response_class=Response)
async def show_evaluation(request: Request, service: Api, number: str, form: str) -> Response:
    """The sheet that feeds the yearly evaluation of officials, as `csv` or `json`: results of a closed year.

    Of a closed quarter (month, half) all closed quarters of its year: scores are never averaged or added up.
    """
    query = Query(request, "lang")
    if form not in ("csv", "json"):
        raise not_found("form of the sheet", form, "there are evaluation.csv and evaluation.json")
    closing = await _closing(service, number)
    language = query.language()
    sheet = await evaluation_sheet(service, closing, language)
    if form == "json":
        return answer(request, as_json(sheet), service.stamp)
    name = f"{closing.parent}-{closing.first_day}-{closing.last_day}.csv".encode("ascii", "replace").decode()
    return Response(
        as_csv(sheet, language),
        headers={"Content-Disposition": f'attachment; filename="{name.replace("/", "-").replace(chr(34), "-")}"'},
        media_type="text/csv; charset=utf-8",
    )


async def _closing(service: Service, number: str) -> Closing:
    known = number.isascii() and number.isdigit() and len(number) < _DIGITS
    found = await service.published.closing(int(number)) if known else None
    if found is None:
        raise not_found("closing", number, "GET /v1/periods?replaced=true lists all of them")
    return found
