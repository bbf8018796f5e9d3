"""JSON Schemas of the events, derived from the structs that check them; committed under `schemas/jsonschema`."""

from typing import Any, Final, get_args

import msgspec

from schemas.events.dossier import DossierEvent

__all__ = ["DOSSIER_EVENT", "components", "document"]

DOSSIER_EVENT: Final = "DossierEvent"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def components(template: str) -> dict[str, Any]:
    """The schema of each struct by name, and `DossierEvent`, which is any of them; `template` says how one refers to another."""
    (union,), named = msgspec.json.schema_components([DossierEvent], ref_template=template)
    mapping = {event.__struct_config__.tag: template.format(name=event.__name__) for event in get_args(DossierEvent)}
    union["discriminator"] = {"propertyName": "type", "mapping": mapping}
    return {DOSSIER_EVENT: union, **named}


def document() -> dict[str, Any]:
    """One self-contained document: an event about a dossier as it is sent and as it is stored on `dossier-events`.

    Unknown fields are allowed (they are ignored); `null` is the same as absent.
    """
    definitions = components("#/$defs/{name}")
    union = definitions.pop(DOSSIER_EVENT)
    union.pop("discriminator")  # a word of OpenAPI
    return {
        "$schema": _DIALECT,
        "title": DOSSIER_EVENT,
        "description": "A CloudEvent about a dossier (hồ sơ); see docs/events.md.",
        **union,
        "$defs": definitions,
    }
