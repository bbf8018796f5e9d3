"""What the OpenAPI document of ingest says beyond what FastAPI derives: bodies, answers, problem documents."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response

from schemas.events.jsonschema import ANY_EVENT, components
from schemas.events.rejected import CODES
from services.ingest.formats import BATCH, BINARY, LINES, MAX_EVENTS, SINGLE

__all__ = ["DESCRIPTION", "EVENTS_OPERATION", "METRICS", "READY", "install"]

DESCRIPTION: Final = """\
Takes the events that one-stop systems push: CloudEvents 1.0 about dossiers (hồ sơ), petitions (phản ánh, kiến nghị),
procedures (thủ tục hành chính) and declared figures. Nothing is acknowledged before Kafka has it.
Every error is a problem document (RFC 9457)."""

_REF: Final = "#/components/schemas/{name}"
_EXAMPLE: Final = {
    "specversion": "1.0",
    "id": "mc-000001",
    "source": "/mot-cua/H01",
    "type": "nhip.dossier.received",
    "subject": "H01.06-260312-0042",
    "time": "2026-03-12T08:00:01+07:00",
    "data": {
        "unit": "H01.06",
        "procedure": "1.000105",
        "received_at": "2026-03-12T08:00:00+07:00",
        "due_at": "2026-03-20",
        "channel": "online",
    },
}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REF.format(name=name)}


def _problem(description: str, **headers: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": description,
        "content": {"application/problem+json": {"schema": _ref("Problem")}},
    }
    if headers:
        answer["headers"] = {
            name.replace("_", "-"): {"description": text, "schema": {"type": "string"}}
            for name, text in headers.items()
        }
    return answer


_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    202: {
        "description": "Kafka has all that is `accepted` (of a dry run: they would be); `rejected` says what is wrong with the others",
        "content": {"application/json": {"schema": _ref("Accepted")}},
    },
    400: _problem("Not JSON, or no event at all"),
    401: _problem("No key, or one that is unknown or revoked", WWW_Authenticate="Bearer"),
    403: _problem("Every event names a unit that the key may not speak for"),
    413: _problem(f"More than {MAX_EVENTS} events, or a body that is too large"),
    415: _problem("Neither of the media types, or an unknown content coding", Accept_Post="the media types"),
    422: _problem("Every event was rejected, or a wrong parameter"),
    429: _problem("Too many events in flight", Retry_After="seconds"),
    503: _problem(
        "Kafka did not confirm all in time; `accepted` says how many it did. Send the whole request again: duplicates are harmless",
        Retry_After="seconds",
    ),
}

_BODY: Final = {
    "required": True,
    "description": f"At most {MAX_EVENTS} events. May be compressed (Content-Encoding: gzip).",
    "content": {
        SINGLE: {"schema": _ref(ANY_EVENT), "example": _EXAMPLE},
        BATCH: {
            "schema": {"type": "array", "minItems": 1, "maxItems": MAX_EVENTS, "items": _ref(ANY_EVENT)},
            "example": [_EXAMPLE],
        },
        LINES: {"schema": {"type": "string", "description": "one event a line; blank lines are skipped"}},
        BINARY: {
            "schema": {"type": "object", "description": "binary mode: `data` alone; the attributes are ce- headers"},
            "example": _EXAMPLE["data"],
        },
    },
}

EVENTS_OPERATION: Final[dict[str, Any]] = {
    "tags": ["events"],
    "operation_id": "postEvents",
    "status_code": 202,
    "response_class": Response,
    "response_model": None,
    "responses": _ANSWERS,
    "openapi_extra": {"requestBody": _BODY, "security": [{"key": []}]},
}
READY: Final[dict[int | str, dict[str, Any]]] = {503: {"description": "Not yet, or not now; `missing` says why"}}
METRICS: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}

_REJECTION: Final = {
    "type": "object",
    "required": ["index", "id", "code", "detail"],
    "properties": {
        "index": {"type": "integer", "description": "place in the request, from 0; of NDJSON blank lines do not count"},
        "id": {"type": ["string", "null"], "description": "the event's id, if it has one"},
        "code": {"enum": list(CODES), "description": "; ".join(f"{code}: {text}" for code, text in CODES.items())},
        "detail": {"type": "string", "description": "what is wrong and what to do; quotes no personal value"},
    },
}
_RESULT: Final = {
    "accepted": {"type": "integer", "minimum": 0},
    "rejected": {"type": "array", "items": _ref("Rejection")},
}
_OWN_SCHEMAS: Final = {
    "Rejection": _REJECTION,
    "Accepted": {"type": "object", "required": ["accepted", "rejected"], "properties": _RESULT},
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            **_RESULT,
        },
    },
}


def install(app: FastAPI) -> None:
    """Make the application serve the full document."""

    def build() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            parts = document.setdefault("components", {})
            parts["schemas"] = components(_REF) | _OWN_SCHEMAS
            parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "nhip keys create"}}
            for operation in document["paths"]["/v1/events"].values():
                answers = operation["responses"]
                answers["422"] = _ANSWERS[422]
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = build  # type: ignore[method-assign]  # FastAPI's documented way
