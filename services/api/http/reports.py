"""`/v1/reports`: the report of a unit on a period, and its late dossiers, as files."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from schemas.periods import Period, year_to_date
from schemas.rulesets.document import Language
from services.api.documents.asked import Asked
from services.api.documents.kept import Made, Stamp
from services.api.documents.late import late_document
from services.api.documents.naming import unit_json
from services.api.documents.procedures_form import ROWS, WAITING, FormAsked
from services.api.documents.report import report_document
from services.api.http.answers import respond_with
from services.api.http.asked import Api, ruleset_of, unit_of
from services.api.http.published import PUBLISHED, frozen_unit, is_published
from services.api.http.query import Query
from services.api.problems import not_found, wrong
from services.api.published.report import published_report, with_closing
from services.api.reports.filenames import disposition
from services.api.reports.model import lateness_of, report_of
from services.api.reports.notice import notice_of
from services.api.reports.sheets.workbook import workbook_of
from services.api.reports.table import lateness_table, report_table
from services.api.reports.texts import texts_of

__all__ = ["router"]

router = APIRouter(tags=["reports"])


class _Form(NamedTuple):
    """How a document is written: its media type, and what makes the bytes."""

    media_type: str
    write: Callable[[Made, Stamp, Language], bytes]


_JSON: Final = _Form("application/json", lambda made, stamp, _: made.with_stamp(stamp))
_CSV: Final = "text/csv; charset=utf-8"

_REPORTS: Final = {
    "xlsx": _Form(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda made, stamp, language: workbook_of(report_of(made.body), stamp, language),
    ),
    "csv": _Form(_CSV, lambda made, stamp, _: report_table(report_of(made.body), stamp)),
    "json": _JSON,
}
_NOTICES: Final = {
    "json": _JSON,
    "csv": _Form(_CSV, lambda made, stamp, _: lateness_table(lateness_of(made.body), stamp)),
    "txt": _Form(
        "text/plain; charset=utf-8",
        lambda made, stamp, language: notice_of(lateness_of(made.body), stamp, language).encode(),
    ),
}


def _described(forms: dict[str, _Form], *parameters: str) -> dict[str, Any]:
    """What the description of the interface says of a path: parameters, and the media types that it answers with."""
    return {
        "responses": {200: {"content": {form.media_type.partition(";")[0]: {} for form in forms.values()}}},
        "openapi_extra": {
            "parameters": [{"name": name, "in": "query", "schema": {"type": "string"}} for name in parameters]
        },
    }


_DAYS: Final = ("period", "from", "to", "lang")
_ASKED: Final = (*_DAYS, "ruleset", "rows", "waiting", PUBLISHED)


@router.get("/v1/reports/{unit:path}/lateness.{form}", response_class=Response, **_described(_NOTICES, *_DAYS))
async def send_lateness(request: Request, service: Api, unit: str, form: str) -> Response:
    """Dossiers handled late ("đã xử lý trễ") and being handled late ("đang xử lý trễ") by unit and by field, the worst first.

    `form`: `json`, `csv`, or `txt`, a notice ready to send. Without a period: the year to date.
    """
    query = Query(request, *_DAYS, PUBLISHED)
    if query.yes(PUBLISHED):
        raise wrong(PUBLISHED, "a notice is about what is late now; official are reports, scores and counts")
    written = _form(_NOTICES, form)
    of, language = unit_of(service, unit), query.language()
    period = query.period(service.today, year_to_date(service.today))

    def work() -> Response:
        file = _file("lateness", unit_json(of), period, form, language)
        return _send(request, late_document(service, of, period), written, language, file)

    return await asyncio.to_thread(work)


@router.get("/v1/reports/{unit:path}.{form}", response_class=Response, **_described(_REPORTS, *_ASKED))
async def send_report(request: Request, service: Api, unit: str, form: str) -> Response:
    """The report of a unit on a period, as an office files it: result, form II.06a/VPCP/KSTT, units below ranked, sources.

    `form`: `xlsx`, `csv` or `json`. `rows=unit|sector`: a row of form II.06a is a unit or a sector. `waiting=in_time|separate`: where it
    counts open dossiers that wait for a supplement. Without a period: the year to date. `published=true`: the official report of a closed
    period, with what later events would have changed beside it.
    """
    query = Query(request, *_ASKED)
    written = _form(_REPORTS, form)
    language = query.language()
    period = query.period(service.today, year_to_date(service.today))
    asked = Asked(ruleset_of(service, query.text("ruleset")), period, language=language)
    procedures = FormAsked(query.one_of("rows", ROWS, ROWS[0]), query.one_of("waiting", WAITING, WAITING[0]))
    official = is_published(query, asked)
    if official:
        made, stamp = await published_report(service, frozen_unit(service, unit), asked, procedures)
    else:
        of = unit_of(service, unit)
        made, stamp = await asyncio.to_thread(report_document, service, of, asked, procedures)
        made = await with_closing(service, of, asked, made)
    file = _file("published" if official else "report", made.document["unit"], period, form, language)
    return await asyncio.to_thread(_send, request, (made, stamp), written, language, file)


def _form(forms: dict[str, _Form], name: str) -> _Form:
    if name not in forms:
        allowed = [f".{one}" for one in forms]
        raise not_found("report", f".{name}", f"there are {', '.join(allowed)}", {"allowed": allowed})
    return forms[name]


def _send(request: Request, found: tuple[Made, Stamp], form: _Form, language: Language, file: str) -> Response:
    def write() -> bytes:
        return form.write(*found, language)

    return respond_with(request, *found, write, {"Content-Type": form.media_type, "Content-Disposition": file})


def _file(what: str, unit: Mapping[str, str], period: Period, extension: str, language: Language) -> str:
    days = " ".join(day for day in period.to_json().values() if day)
    return disposition(f"{texts_of(language)(f'file.{what}')} {unit['name']} {unit['code']} {days}", extension)
