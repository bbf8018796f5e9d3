"""`/v1/units`: the unit tree."""

from typing import Any

import numpy as np
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from services.api.cube.order import TreeOrder
from services.api.documents.kept import Stamp
from services.api.documents.naming import unit_json
from services.api.documents.stale import stale_member
from services.api.http.answers import answer
from services.api.http.asked import Api, unit_of
from services.api.http.query import Query

__all__ = ["router", "show_unit"]

router = APIRouter(tags=["units"])


@router.get("/v1/units", response_class=Response)
async def list_units(request: Request, service: Api) -> Response:
    """The units in force on a day, each before those below it; `parent` and `kind` choose.

    `day`: without it today. `ended=true` adds the units that had ended by then, each with its last day and its successor.
    """
    query = Query(request, "parent", "kind", "day", "ended")
    parent, kind, ended = query.text("parent"), query.text("kind"), query.yes("ended")
    order = service.order_on(query.day("day", service.today))
    above = None if parent is None else unit_of(service, parent).code
    shown = order.listed | order.ended if ended else order.listed
    found = [order.codes[place] for place in np.flatnonzero(shown)]
    if above is not None:
        found = [code for code in found if order.parent_of(code) == above]
    with service.reading() as reading:
        stamp = Stamp(reading.state, service.zone)
    units = [_listed(order, code) for code in found if kind is None or order.tree[code].kind == kind]
    return answer(request, {"units": units}, stamp)


async def show_unit(request: Request, service: Api, unit: str) -> Response:
    """One unit as of today: its parent, its children, its validity, the `time` of the newest event about it or a unit below it.

    `heir`: the unit that counts for it (itself, unless another took it over); `absorbed`: the units that it took over. `stale: true`: its
    systems have been silent for longer than they ever are.
    """
    Query(request)
    asked = unit_of(service, unit)
    order, stale = service.order_on(service.today), stale_member(service, asked.code)
    with service.reading() as reading:
        stamp = Stamp(reading.state, service.zone)
        moment = service.last_event(reading, asked.code)
    parent = order.parent_of(asked.code)
    document: dict[str, Any] = {
        **unit_json(asked),
        "parent": parent,
        "aliases": asked.aliases,
        "valid_from": asked.valid_from,
        "valid_to": asked.valid_to,
        "successor": asked.successor,
        "heir": order.tree.heir(asked.code, service.today),
        "absorbed": order.absorbed_by(asked.code),
        "children": [unit_json(order.tree[child]) for child in order.children(asked.code)],
        "last_event_at": moment,
        **stale,
    }
    if parent is not None:
        document["parent_unit"] = unit_json(order.tree[parent])
    return answer(request, document, stamp)


def _listed(order: TreeOrder, code: str) -> dict[str, Any]:
    unit = order.tree[code]
    document = {**unit_json(unit), "parent": order.parent_of(code)}
    if order.tree.has_ended(code, order.day):
        document |= {"valid_to": unit.valid_to, "successor": unit.successor}
    return document
