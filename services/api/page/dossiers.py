"""`GET /units/{code}/dossiers`, `/dossiers/{code}`, `/units/{code}/findings`: what lies behind the numbers, for people who signed in."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from schemas.units import Unit
from services.api.archive.cursor import read_cursor
from services.api.archive.dossiers import STATUSES
from services.api.archive.findings import LIST
from services.api.http.asked import Api, unit_of
from services.api.http.dossiers import (
    BY_STATUS,
    SHOWN,
    FindingsAsked,
    ListAsked,
    dossier_list,
    finding_list,
    one_dossier,
)
from services.api.page.choice import read
from services.api.page.figures import Figures
from services.api.page.language import choose
from services.api.page.rendering import page_of
from services.api.page.signed_in import signed_in
from services.api.page.texts import texts_of
from services.api.page.timeline import timeline_of
from services.api.page.view import above
from services.api.problems import wrong
from services.api.service import Service
from services.common.keyring import Key

__all__ = ["router", "show_dossiers_page", "show_findings_page"]

router = APIRouter(include_in_schema=False)


async def show_dossiers_page(request: Request, service: Api, unit: str) -> Response:
    """The dossiers of a unit by status, the most overdue first."""

    async def work(reader: Key) -> Response:
        choice, links = read(request, service, choose(request), "status", "procedure", "agency", "after")
        status = choice.more.get("status", STATUSES[0])
        if status not in STATUSES:
            raise wrong("status", f"it may be {', '.join(STATUSES)}", STATUSES)
        of = unit_of(service, unit)
        asked = ListAsked(
            status=status,
            pooled=True,
            limit=SHOWN,
            within=None,
            period=choice.span.period,
            after=read_cursor(choice.more.get("after"), status, 1),
            procedure=choice.more.get("procedure"),
            agency=choice.more.get("agency"),
        )
        document, stamp = await dossier_list(service, reader, of, asked, counted=True)
        return page_of(
            request,
            service,
            "dossiers.html",
            links=links,
            choice=choice,
            unit=of,
            trail=_trail(service, of),
            whole=stamp.on(document),
            tabs=[(one, document[BY_STATUS][one], one == status) for one in STATUSES],
            days=choice.span.period.to_json(),
            due_soon_hours=service.settings.due_soon_hours,
        )

    return await signed_in(request, service, work)


@router.get("/dossiers/{code:path}")
async def show_dossier_page(request: Request, service: Api, code: str) -> Response:
    """The life of one dossier."""

    async def work(reader: Key) -> Response:
        language = choose(request)
        choice, links = read(request, service, language)
        document, stamp = await one_dossier(service, reader, code)
        code_of_unit = None if document["unit"] is None else document["unit"]["code"]
        unit = service.units.get(code_of_unit) if code_of_unit else None
        return page_of(
            request,
            service,
            "dossier.html",
            links=links,
            choice=choice,
            unit=unit,
            trail=[] if unit is None else _trail(service, unit),
            whole=stamp.on(document),
            timeline=timeline_of(document, service.units, texts_of(language), Figures(language)),
        )

    return await signed_in(request, service, work)


async def show_findings_page(request: Request, service: Api, unit: str) -> Response:
    """What is wrong with what a unit's systems said."""

    async def work(reader: Key) -> Response:
        choice, links = read(request, service, choose(request), "code", "after")
        of = unit_of(service, unit)
        asked = FindingsAsked(
            code=choice.more.get("code"), pooled=True, limit=SHOWN, after=read_cursor(choice.more.get("after"), LIST, 3)
        )
        document, stamp = await finding_list(service, reader, of, asked)
        return page_of(
            request,
            service,
            "findings.html",
            links=links,
            choice=choice,
            unit=of,
            trail=_trail(service, of),
            whole=stamp.on(document),
            chosen=asked.code,
        )

    return await signed_in(request, service, work)


def _trail(service: Service, unit: Unit) -> list[Unit]:
    return above(service.order_on(service.today), unit)
