"""`/units/{code}/whatif`: a form for other counts or other rules, and what they would give, beside today's scores."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from schemas.rulesets.needs import measures_of
from schemas.rulesets.words import text_of
from schemas.units import Unit
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.documents.whatif import Supposed, whatif_document
from services.api.http.asked import Api, unit_of
from services.api.http.whatif import LONGEST_RULES, WhatIf, supposition_of
from services.api.page.choice import Choice, read
from services.api.page.form import form_of
from services.api.page.language import choose
from services.api.page.rendering import page_of, problem_page
from services.api.page.view import above
from services.api.problems import Problem, wrong
from services.api.service import Service

__all__ = ["show_whatif_page", "work_out_page"]

BELOW: Final = "below"
BESIDE: Final = "beside"

_MOST_BYTES: Final = 4 * LONGEST_RULES
"""Of a form: letters with diacritics take several bytes each."""
_COUNT: Final = "set."
"""How the fields of counts begin."""


class Count(Struct, frozen=True, kw_only=True):
    """A count of the unit: as it is, and as it was typed (empty: it stays)."""

    measure: str
    text: str
    now: int
    then: str


async def show_whatif_page(request: Request, service: Api, unit: str) -> Response:
    """The form, with the counts of the unit."""
    return await _page(request, service, unit, None)


async def work_out_page(request: Request, service: Api, unit: str) -> Response:
    """The form as it was sent, with every unit's score beside today's."""
    try:
        form = await form_of(request, _MOST_BYTES)
    except Problem as problem:
        return problem_page(request, service, problem)
    return await _page(request, service, unit, form)


async def _page(request: Request, service: Service, code: str, sent: Mapping[str, str] | None) -> Response:
    form = sent or {}

    def work() -> Response:
        choice, links = read(request, service, choose(request))
        unit = unit_of(service, code)
        counts = _counts(service, unit, choice, form)
        result, problem = None, None
        if sent is not None:
            try:
                result = whatif_document(service, supposition_of(service, _asked(service, unit, choice, form, counts)))
            except Problem as error:
                if error.status == 503:
                    raise
                problem = error
        return page_of(
            request,
            service,
            "whatif.html",
            status=200 if problem is None else problem.status,
            links=links,
            choice=choice,
            unit=unit,
            trail=above(service.order_of(choice.asked.period), unit),
            has_children=bool(service.order_of(choice.asked.period).children(unit.code)),
            scored=form.get("scored", BESIDE),
            counts=counts,
            changed=[count for count in counts if count.then],
            rules=form.get("rules", ""),
            result=result,
            rows=[] if result is None else sorted(result["units"], key=lambda row: -abs(row["difference"])),
            problem=problem,
            days=choice.span.period.to_json(),
        )

    try:
        return await asyncio.to_thread(work)
    except Problem as problem:
        return problem_page(request, service, problem)


def _counts(service: Service, unit: Unit, choice: Choice, form: Mapping[str, str]) -> Sequence[Count]:
    """The counts that the rule set reads, of the unit with all below it."""
    asked = choice.asked
    with service.reading() as reading:
        counted = PeriodCounts(
            reading, Scope.of(service.order_of(asked.period), [unit.code], pooled=True), asked.period
        )
        return [
            Count(
                measure=name,
                text=text_of(name, asked.language),
                now=int(counted.measure(name)[0]),
                then=form.get(_COUNT + name, "").strip(),
            )
            for name in measures_of(asked.ruleset)
        ]


def _asked(service: Service, unit: Unit, choice: Choice, form: Mapping[str, str], counts: Sequence[Count]) -> WhatIf:
    """What the form asks, as the body of `POST /v1/whatif`.

    Raises:
        Problem: 422, a count is no whole number, or nothing is changed.
    """
    rules = form.get("rules", "").strip() or None
    changes = [Supposed(unit=unit.code, measure=count.measure, set=_whole(count)) for count in counts if count.then]
    if rules is None and not changes:
        raise wrong("set", "nothing is changed")
    below = form.get("scored") == BELOW
    parent = unit.code if below else service.order_of(choice.asked.period).parent_of(unit.code)
    days = choice.span.asked
    return WhatIf(
        parent=parent,
        kind=None if below else unit.kind,
        ruleset=choice.asked.ruleset.id,
        rules=rules,
        period=days.get("period"),
        first=days.get("from"),
        last=days.get("to"),
        lang=choice.asked.language,
        changes=changes,
    )


def _whole(count: Count) -> int:
    if not (count.then.isascii() and count.then.isdigit()):
        raise wrong(count.measure, "a count is a whole number from 0")
    return int(count.then[:18])
