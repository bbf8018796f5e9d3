"""What /docs says of the paths that need a read key: parameters, documents, problems."""

from typing import Any, Final

from services.api.archive.dossiers import STATUSES
from services.api.archive.shapes import DossierDocument, DossierList, FindingList
from services.api.http.query import SCOPES

__all__ = ["DOSSIER", "DOSSIERS", "FINDINGS"]


def _parameter(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string", **schema}}


def _problem(description: str) -> dict[str, Any]:
    schema = {"type": "object", "required": ["type", "title", "status", "detail"]}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}


def _operation(document: type, *parameters: dict[str, Any]) -> dict[str, Any]:
    """What FastAPI is told of a route."""
    responses: dict[int | str, dict[str, Any]] = {
        200: {
            "model": document,
            "description": "As of `as_of` of the archive, with an ETag over all but `as_of` and `archive`",
        },
        304: {"description": "`If-None-Match` names what would be answered"},
        401: _problem("No key, an unknown or a revoked one"),
        403: _problem("The key may not read, or not this unit"),
        404: _problem("There is no such unit or dossier"),
        422: _problem("A wrong parameter; `detail` says what is allowed"),
        503: _problem("PostgreSQL is away, or the archive is still being filled: `Retry-After` says when to ask again"),
    }
    return {"responses": responses, "openapi_extra": {"parameters": list(parameters)}}


_SCOPE: Final = _parameter("scope", "with all units below it, or alone", enum=list(SCOPES), default=SCOPES[0])
_LIMIT: Final = _parameter("limit", "entries of a page", type="integer", minimum=0, maximum=500, default=50)
_AFTER: Final = _parameter("after", "`next` of the page before")

DOSSIERS: Final = _operation(
    DossierList,
    _parameter("status", "which dossiers", enum=list(STATUSES), default=STATUSES[0]),
    _parameter(
        "within",
        "of `due_soon`: calendar days ahead (0: today) in place of working hours (NHIP_DUE_SOON_HOURS)",
        type="integer",
        minimum=0,
        maximum=366,
    ),
    _SCOPE,
    _parameter("procedure", "code of a procedure"),
    _parameter("agency", "unit that holds the dossier"),
    _parameter("period", "of `late`: in which it ended", examples=["2026-Q1", "last-30-days"]),
    _parameter("from", "of `late`: first day", format="date"),
    _parameter("to", "of `late`: last day", format="date"),
    _LIMIT,
    _AFTER,
)
DOSSIER: Final = _operation(DossierDocument)
FINDINGS: Final = _operation(
    FindingList, _parameter("code", "only these, such as `foreign_sender`"), _SCOPE, _LIMIT, _AFTER
)
