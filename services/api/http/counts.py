"""`/v1/units/{unit}/counts` and `/v1/counts`: what is counted (CONTRACT, section 2)."""

from collections import Counter, defaultdict
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from schemas.counts import MEASURES_OF_COUNTS, counts_of
from schemas.measures import BY_NAME
from schemas.periods import Period
from services.api.cube.cube import Reading
from services.api.cube.order import COUNTRY
from services.api.cube.scope import Scope
from services.api.documents.asked import Asked
from services.api.documents.counts import counts_in
from services.api.documents.kept import Stamp
from services.api.http.answers import answer
from services.api.http.asked import Api, ruleset_of, unit_of
from services.api.http.published import PUBLISHED, frozen_unit, is_published
from services.api.http.query import Query
from services.api.problems import wrong
from services.api.published.documents import published_counts, published_counts_below
from services.api.published.live import closed_counts
from services.api.service import Service

__all__ = ["router", "show_counts"]

router = APIRouter(tags=["counts"])

GROUPINGS: Final = ("procedure", "sector")

_PERIOD: Final = ("from", "to", "period", "scope", "group_by", "ruleset", PUBLISHED)


async def show_counts(request: Request, service: Api, unit: str) -> Response:
    """The counts of a unit in a period; `group_by=procedure` or `sector` splits them."""
    query = Query(request, *_PERIOD)
    by = _asked(service, query)
    if is_published(query, by, "group_by"):
        stamp = service.stamp
        return answer(request, await published_counts(service, frozen_unit(service, unit), by), stamp)
    asked = unit_of(service, unit)
    period, pooled, grouped = by.period, by.pooled, _grouped(query)
    scope = Scope.of(service.order_of(period), [asked.code], pooled=pooled)
    with service.reading() as reading:
        stamp = Stamp(reading.state, service.zone)
        counts = counts_in(reading, scope, period)
        groups = [] if grouped is None else _groups(reading, scope, period, grouped)
    document = _document(asked.code, period, counts[0], pooled=pooled)
    if grouped is not None:
        document |= {"group_by": grouped, "groups": groups[0]}
    closed = await closed_counts(service, asked.code, by, counts[0])
    if closed is not None:
        document |= {"closed": closed}
    return answer(request, document, stamp)


@router.get("/v1/counts", response_class=Response)
async def list_counts(request: Request, service: Api) -> Response:
    """The counts of all units right below one (`parent`; without it, of those at the top): a list, one entry a unit.

    The units are those in force on the last day of the period (see `Service.order_of`).
    """
    query = Query(request, "parent", *_PERIOD)
    parent, by = query.text("parent"), _asked(service, query)
    if is_published(query, by, "group_by"):
        if parent is None:
            raise wrong("parent", "say below which unit: the country as a whole is not closed")
        stamp = service.stamp
        return answer(request, await published_counts_below(service, frozen_unit(service, parent), by), stamp)
    above = COUNTRY if parent is None else unit_of(service, parent).code
    period, pooled, grouped = by.period, by.pooled, _grouped(query)
    order = service.order_of(period)
    codes = order.children(above)
    scope = Scope.of(order, codes, pooled=pooled)
    with service.reading() as reading:
        stamp = Stamp(reading.state, service.zone)
        counts = counts_in(reading, scope, period)
        groups = [] if grouped is None else _groups(reading, scope, period, grouped)
    documents = [_document(code, period, of_unit, pooled=pooled) for code, of_unit in zip(codes, counts, strict=True)]
    for document, of_groups in zip(documents, groups, strict=False):
        document |= {"group_by": grouped, "groups": of_groups}
    for code, document in zip(codes, documents, strict=True):
        closed = await closed_counts(service, code, by, document["counts"])
        if closed is not None:
            document |= {"closed": closed}
    return answer(request, documents, stamp)


def _asked(service: Service, query: Query) -> Asked:
    """The period and scope; `ruleset` says whose closing is meant where one is."""
    period = query.period(service.today, Period(None, service.today))
    return Asked(ruleset_of(service, query.text("ruleset")), period, query.pooled())


def _document(code: str, period: Period, counts: dict[str, int], *, pooled: bool) -> dict[str, Any]:
    scope = "subtree" if pooled else "own"
    return {"unit": code, "scope": scope, **period.to_json(), "counts": counts}


def _grouped(query: Query) -> str | None:
    """By what `group_by` splits the counts; None: not at all."""
    return query.one_of("group_by", GROUPINGS, GROUPINGS[0]) if query.text("group_by") is not None else None


def _groups(reading: Reading, scope: Scope, period: Period, by: str) -> list[list[dict[str, Any]]]:
    """The counts of each unit of a scope by procedure, or by sector ("lĩnh vực"); what has none is left out."""
    found = _by_procedure(reading, scope, period)
    catalogue = reading.catalogue
    if by == "procedure":
        return [[{"procedure": name, "counts": counts} for name, counts in sorted(groups.items())] for groups in found]
    names = {row.sector: row.sector_name or None for row in catalogue.values()} | {"": None}
    answers = []
    for groups in found:
        sectors: dict[str, Counter[str]] = defaultdict(Counter)
        for procedure, counts in groups.items():
            row = catalogue.get(procedure)
            sectors["" if row is None else row.sector].update(counts)
        answers.append(
            [
                {"sector": sector or None, "name": names[sector], "counts": dict(counts)}
                for sector, counts in sorted(sectors.items())
            ]
        )
    return answers


def _by_procedure(reading: Reading, scope: Scope, period: Period) -> list[dict[str, dict[str, int]]]:
    """The counts of each unit of a scope by procedure; procedures without any are left out."""
    inside: list[dict[str, dict[str, int]]] = [defaultdict(dict) for _ in range(len(scope))]
    before: list[dict[str, dict[str, int]]] = [defaultdict(dict) for _ in range(len(scope))]
    for measure in MEASURES_OF_COUNTS:
        _enter(inside, measure.name, reading, scope, period)
    if period.first is not None:
        _enter(before, "open", reading, scope, Period(None, period.first - 1))
    return [
        {name: counts_of(here.get(name, {}), there.get(name, {})) for name in here.keys() | there.keys()}
        for here, there in zip(inside, before, strict=True)
    ]


def _enter(
    found: list[dict[str, dict[str, int]]], measure: str, reading: Reading, scope: Scope, period: Period
) -> None:
    units, items, counts = scope.entries(reading.entries(scope.codes, BY_NAME[measure], period))
    names = reading.items
    for unit, item, count in zip(units.tolist(), items.tolist(), counts.tolist(), strict=True):
        found[unit][names[item]][measure] = count
