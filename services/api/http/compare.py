"""`/v1/units/{unit}/compare`: our scores beside the official ones."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from services.api.documents.compare import compare_document
from services.api.http.answers import respond
from services.api.http.asked import Api, unit_of
from services.api.http.query import Query
from services.api.http.scores import ASKED, asked_of

__all__ = ["show_comparison"]


async def show_comparison(request: Request, service: Api, unit: str) -> Response:
    """Scores of a unit beside those that the national portal shows, indicator by indicator; `children=true`: of the units below, too.

    Official scores come in as declared figures: `nhip official import`.
    """
    query = Query(request, *ASKED, "scope", "children")
    of, asked = unit_of(service, unit), asked_of(service, query)
    made, stamp = await asyncio.to_thread(compare_document, service, of, asked, children=query.yes("children"))
    return respond(request, made, stamp)
