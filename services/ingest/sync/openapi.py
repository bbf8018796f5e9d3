"""What the OpenAPI document says of the two services."""

from typing import Any, Final

from starlette.responses import Response

from services.ingest.formats import MAX_EVENTS

__all__ = ["operation"]

_EXAMPLES: Final = {
    "DongBoHoSoMC": {
        "MaHoSo": "H01.06-260312-0042",
        "MaTTHC": "1.000105.000.00.00.H01",
        "TrangThaiHoSo": "4",
        "NgayTiepNhan": "20260312080000",
        "NgayHenTra": "20260320000000",
        "KenhThucHien": "2",
    },
    "CapNhatTienDoHoSoMC": {"MaHoSo": "H01.06-260312-0042", "TrangThai": "4", "ThoiDiemXuLy": "20260312093000"},
}
_RECORDS: Final = {"type": "array", "minItems": 1, "maxItems": MAX_EVENTS, "items": {"type": "object"}}
_PAYLOAD: Final = {
    "oneOf": [
        {
            "type": "object",
            "required": ["data"],
            "properties": {
                "data": {"oneOf": [_RECORDS, {"type": "object"}]},
                "isUpdating": {"type": ["string", "boolean"], "description": "True or False, in any case"},
                "session": {"type": "string", "description": "the key, of those who cannot set headers"},
            },
        },
        _RECORDS,
    ]
}
_ANSWER: Final = {
    "type": "object",
    "required": ["error_code", "message", "accepted", "rejected"],
    "properties": {
        "error_code": {
            "type": ["integer", "string"],
            "description": "0 (or `NHIP_SYNC_OK_CODE`); -1 if any was rejected",
        },
        "message": {"type": "string"},
        "accepted": {"type": "integer", "description": "records"},
        "rejected": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["index", "MaHoSo", "code", "detail"],
                "properties": {
                    "index": {"type": "integer"},
                    "MaHoSo": {"type": ["string", "null"]},
                    "code": {"type": "string", "description": "see docs/sync.md"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "error_code", "message"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "error_code": {"const": -1},
        "message": {"type": "string"},
    },
}
_PROBLEMS: Final = {
    400: "No payload, or one without a record",
    401: "No key, or one that is unknown or revoked",
    413: f"More than {MAX_EVENTS} records, or a body that is too large",
    415: "An unknown content coding",
    429: "Too many events in flight",
    503: "Kafka did not confirm all in time, or the key cannot be looked up; send the whole payload again",
}


def operation(name: str) -> dict[str, Any]:
    """The description of one of the services, for FastAPI."""
    example = {"service": name, "isUpdating": "False", "data": [_EXAMPLES[name]], "session": "KEY"}
    body = {"required": True, "content": {"application/json": {"schema": _PAYLOAD, "example": example}}}
    answers: dict[int | str, dict[str, Any]] = {
        status: {"description": text, "content": {"application/problem+json": {"schema": _PROBLEM}}}
        for status, text in _PROBLEMS.items()
    }
    answers[200] = {
        "description": "Kafka has all records but those `rejected`",
        "content": {"application/json": {"schema": _ANSWER}},
    }
    return {
        "tags": ["sync"],
        "operation_id": name,
        "status_code": 200,
        "response_class": Response,
        "response_model": None,
        "responses": answers,
        "openapi_extra": {"requestBody": body, "security": [{"key": []}, {}]},
    }
