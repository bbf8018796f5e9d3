"""The AsyncAPI document of all topics, derived from what is written to them; committed as `schemas/asyncapi/nhip.json`."""

from typing import Any, Final

import msgspec

from schemas import topics
from schemas.dead_letters import DeadLetter
from schemas.events.families import FAMILIES, tag_of
from schemas.events.jsonschema import components
from schemas.notices import Notice
from schemas.rows import Counters, FigureRow, Progress
from schemas.unit import Unit

__all__ = ["document"]

_REF: Final = "#/components/schemas/{name}"
_JSON, _MSGPACK = "application/json", "application/msgpack"
_CLOUDEVENT: Final = "application/cloudevents+json"

_ABOUT: Final = {
    **{family.topic: f"What ingest accepted about {family.about}, keyed by subject" for family in FAMILIES},
    topics.SURVEY_EVENTS: "Surveys: nothing is taken yet",
    topics.ASSESSMENT_EVENTS: "Assessment rounds: nothing is taken yet",
    topics.DOSSIER_LATE: "Notices: dossiers whose due moment passed while they were open, one a lateness; keyed by dossier",
    topics.DOSSIER_DUE_SOON: "Notices: open dossiers that came near to their due moment; keyed by dossier",
    topics.REJECTED_EVENTS: "Dead letters: events that were not accepted, without personal data",
    topics.UNIT_TREE: "The whole tree of units as one record, key `tree`; the last one holds",
    topics.DOSSIERS_CHANGELOG: "Facts of dossiers: the scorer's own, compacted",
    topics.PETITIONS_CHANGELOG: "Facts of petitions: the scorer's own, compacted",
    topics.PROCEDURES_CHANGELOG: "Facts of procedures: the scorer's own, compacted",
    topics.FIGURES_CHANGELOG: "Declared figures: the scorer's own, compacted",
    topics.INDICATOR_DAYS_CHANGELOG: "The cube, compacted: rows by (partition, unit, day), notes on procedures and declared "
    "figures, and last in every transaction the row `progress`; see `schemas/rows.py`",
}


def document() -> dict[str, Any]:
    """AsyncAPI 3.0: each topic as a channel with its messages."""
    schemas, messages = _components()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Nhịp",
            "version": "1",
            "description": "The topics between the services. Event topics keep everything for ever.",
        },
        "defaultContentType": _JSON,
        "channels": {topic: _channel(topic, about) for topic, about in _ABOUT.items()},
        "operations": {
            **{f"accept-{family.name}": _operation("send", family.topic) for family in FAMILIES},
            "tell-late": _operation("send", topics.DOSSIER_LATE),
            "tell-due-soon": _operation("send", topics.DOSSIER_DUE_SOON),
            "reject": _operation("send", topics.REJECTED_EVENTS),
            "tell-tree": _operation("send", topics.UNIT_TREE),
            "follow": _operation("receive", topics.INDICATOR_DAYS_CHANGELOG),
        },
        "components": {"messages": messages, "schemas": schemas},
    }


def _components() -> tuple[dict[str, Any], dict[str, Any]]:
    """Schemas and messages by name."""
    others = [DeadLetter, Progress, Counters, dict[str, int], FigureRow, list[Unit], Notice]
    (letter, progress, counters, attributes, figure, tree, told), named = msgspec.json.schema_components(
        others, ref_template=_REF
    )
    messages: dict[str, Any] = {
        tag_of(event): _message(_CLOUDEVENT, {"$ref": _REF.format(name=event.__name__)})
        for family in FAMILIES
        for event in family.types
    }
    messages |= {
        "notice": _message(_CLOUDEVENT, told),
        "dead-letter": _message(_JSON, letter),
        "tree": _message(_JSON, tree),
        "progress": _message(_JSON, progress),
        "counters": _message(_MSGPACK, counters),
        "procedure": _message(_MSGPACK, attributes),
        "figure": _message(_MSGPACK, figure),
    }
    return components(_REF) | named, messages


def _message(content_type: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {"contentType": content_type, "payload": payload}


_MESSAGES: Final[dict[str, list[str]]] = {
    **{family.topic: [tag_of(event) for event in family.types] for family in FAMILIES},
    topics.DOSSIER_LATE: ["notice"],
    topics.DOSSIER_DUE_SOON: ["notice"],
    topics.REJECTED_EVENTS: ["dead-letter"],
    topics.UNIT_TREE: ["tree"],
    topics.INDICATOR_DAYS_CHANGELOG: ["counters", "procedure", "figure", "progress"],
}
"""By topic the names of its messages."""


def _channel(topic: str, about: str) -> dict[str, Any]:
    messages = {name: {"$ref": f"#/components/messages/{name}"} for name in _MESSAGES.get(topic, [])}
    return {"address": topic, "description": about, "messages": messages}


def _operation(action: str, topic: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{topic}"}}
