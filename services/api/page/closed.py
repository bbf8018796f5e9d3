"""`GET /units/{code}/published`: the closed periods of a unit, each official total beside the one that today's data give."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from schemas.periods import Period
from schemas.units import Unit
from services.api.documents.asked import Asked
from services.api.documents.series import TOTAL
from services.api.http.asked import Api, ruleset_of, unit_of
from services.api.page.choice import Choice, read
from services.api.page.language import choose
from services.api.page.rendering import page_of, problem_page
from services.api.page.view import above
from services.api.problems import Problem
from services.api.published.documents import published_series
from services.api.published.telling import closing_json
from services.api.service import Service

__all__ = ["show_published_page"]


class Closed(Struct, frozen=True, kw_only=True):
    """A closing that froze a result of the unit. ``now``, ``difference``: None where another closing holds in its place."""

    closing: Mapping[str, Any]
    total: float
    now: float | None
    difference: float | None


async def show_published_page(request: Request, service: Api, unit: str) -> Response:
    """All closings that have a result of the unit, the last period first."""
    try:
        choice, links = read(request, service, choose(request))
        of = unit_of(service, unit)
        closed = await _closed(service, of, choice)
    except Problem as problem:
        return problem_page(request, service, problem)
    return page_of(
        request,
        service,
        "published.html",
        links=links,
        choice=choice,
        unit=of,
        trail=above(service.order_on(service.today), of),
        closed=closed,
    )


async def _closed(service: Service, unit: Unit, choice: Choice) -> list[Closed]:
    found = []
    today = await _today(service, unit, choice)
    for closing in await service.published.closings(replaced=True):
        result = await service.published.result([closing], unit.code)
        if result is not None:
            point = today.get(closing.id, {})
            found.append(
                Closed(
                    closing=closing_json(service, closing),
                    total=result.total,
                    now=point.get("now"),
                    difference=point.get("difference"),
                )
            )
    return sorted(found, key=lambda one: (one.closing["to"], one.closing["id"]), reverse=True)


async def _today(service: Service, unit: Unit, choice: Choice) -> dict[int, Mapping[str, Any]]:
    """What today's data give for every closing in force, by its number."""
    found: dict[int, Mapping[str, Any]] = {}
    for name in sorted({closing.ruleset for closing in service.closings.closings}):
        try:
            asked = Asked(ruleset_of(service, name), Period(None, service.today), language=choice.asked.language)
            series = await published_series(service, unit.code, asked, TOTAL)
        except Problem as problem:
            if problem.status != 404:  # nothing of this unit, or rules that are no longer there
                raise
        else:
            found |= {point["published"]["closing"]: point for point in series["points"]}
    return found
