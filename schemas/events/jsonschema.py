"""JSON Schemas of the events, derived from the structs that check them; committed under `schemas/jsonschema`."""

from typing import Any, Final

import msgspec

from schemas.events.families import FAMILIES, EventFamily, tag_of

__all__ = ["ANY_EVENT", "components", "document", "title"]

ANY_EVENT: Final = "AnyEvent"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def title(family: EventFamily) -> str:
    """The name of the schema of a family, such as `DossierEvent`."""
    return f"{family.name.capitalize()}Event"


def components(template: str) -> dict[str, Any]:
    """The schema of each struct by name, of each family (any of its events), and `AnyEvent`; `template` says how one refers to another."""
    named: dict[str, Any] = {}
    for family in FAMILIES:
        union, structs = _schemas(family, template)
        mapping = {tag_of(event): template.format(name=event.__name__) for event in family.types}
        union["discriminator"] = {"propertyName": "type", "mapping": mapping}
        named |= structs | {title(family): union}
    return {ANY_EVENT: {"anyOf": [{"$ref": template.format(name=title(family))} for family in FAMILIES]}, **named}


def document(family: EventFamily) -> dict[str, Any]:
    """One self-contained document: an event of a family as it is sent and as it is stored on its topic.

    Unknown fields are allowed (they are ignored); `null` is the same as absent.
    """
    union, definitions = _schemas(family, "#/$defs/{name}")
    return {
        "$schema": _DIALECT,
        "title": title(family),
        "description": f"A CloudEvent about {family.about}; see docs/events.md.",
        **union,
        "$defs": definitions,
    }


def _schemas(family: EventFamily, template: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Any of a family's events, and its structs by name."""
    (first, *_), named = msgspec.json.schema_components(family.types, ref_template=template)
    refs = [{"$ref": template.format(name=event.__name__)} for event in family.types]
    return (first if len(refs) == 1 else {"anyOf": refs}), named
