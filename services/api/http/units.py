"""`/v1/units`: the unit tree."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.scope import Scope
from services.api.http.answers import Stamp, answer
from services.api.http.asked import Api, unit_json, unit_of
from services.api.http.query import Query
from services.api.service import Service

__all__ = ["last_event", "router"]

router = APIRouter(tags=["units"])


@router.get("/v1/units", response_class=Response)
async def list_units(request: Request, service: Api) -> Response:
    """All units, each before those below it; `parent` and `kind` choose."""
    query = Query(request, "parent", "kind")
    parent, kind = query.text("parent"), query.text("kind")
    order = service.order
    found = [order.tree[code] for code in order.codes]
    if parent is not None:
        found = order.tree.children(unit_of(service, parent).code)
    with service.reading() as reading:
        stamp = Stamp(reading, service.zone)
    units = [_listed(unit) for unit in found if kind is None or unit.kind == kind]
    return answer(request, {"units": units}, stamp)


async def show_unit(request: Request, service: Api, unit: str) -> Response:
    """One unit: its parent, its children, the `time` of the newest event about it or a unit below it."""
    Query(request)
    asked = unit_of(service, unit)
    tree = service.order.tree
    with service.reading() as reading:
        stamp = Stamp(reading, service.zone)
        moment = last_event(service, reading, asked.code)
    document: dict[str, Any] = {
        **_listed(asked),
        "aliases": asked.aliases,
        "valid_from": asked.valid_from,
        "valid_to": asked.valid_to,
        "successor": asked.successor,
        "children": [unit_json(child) for child in tree.children(asked.code)],
        "last_event_at": moment,
    }
    if asked.parent is not None:
        document["parent_unit"] = unit_json(tree[asked.parent])
    return answer(request, document, stamp)


def last_event(service: Service, reading: Reading, code: str) -> str | None:
    """The `time` of the newest event about a unit or one below it."""
    moment = reading.last_event(Scope.of(service.order, [code], pooled=True).codes)
    return None if moment is None else service.zone.format(moment)


def _listed(unit: Unit) -> dict[str, Any]:
    return {**unit_json(unit), "parent": unit.parent}
