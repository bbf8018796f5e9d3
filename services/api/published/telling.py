"""How a closing is told of, and the rule set that it froze."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from schemas.rulesets.document import Language, name_in
from schemas.rulesets.errors import RuleSetError
from schemas.rulesets.library import available, fingerprint, load, parse, text_of
from schemas.rulesets.model import RuleSet
from services.api.documents.kept import Document
from services.api.published.known import period_of
from services.api.service import Service
from services.common.instants import from_datetime
from services.common.published import Closing

__all__ = ["closing_json", "in_language", "mark", "rules_of"]


def closing_json(service: Service, closing: Closing) -> dict[str, Any]:
    """A closing as it is listed."""
    return {
        "id": closing.id,
        "parent": closing.parent,
        **period_of(closing).to_json(),
        **mark(service, closing),
        "units": closing.units,
        "replaces": closing.replaces,
        "reason": closing.reason,
        "replaced_at": None if closing.replaced_at is None else _moment(service, closing.replaced_at),
    }


def mark(service: Service, closing: Closing) -> dict[str, Any]:
    """What a published figure says of how it became official. ``ruleset.changed``: its file is another one today."""
    return {
        "closing": closing.id,
        "closed_at": _moment(service, closing.closed_at),
        "closed_by": {"system": closing.closed_system, "unit": closing.closed_unit},
        "decision": closing.decision,
        "note": closing.note,
        "as_of": _moment(service, closing.as_of),
        "revision": closing.revision,
        "ruleset": {
            "id": closing.ruleset,
            "fingerprint": closing.ruleset_fingerprint,
            "changed": not _is_packaged(closing),
        },
    }


def _moment(service: Service, moment: datetime) -> str:
    return service.zone.format(from_datetime(moment))


def rules_of(closing: Closing) -> RuleSet | None:
    """The rule set as it was; None where this version cannot read it any more."""
    return load(closing.ruleset) if _is_packaged(closing) else _parsed(closing.ruleset_text)


def _is_packaged(closing: Closing) -> bool:
    """Whether the file that comes with the product is still the one that was frozen."""
    name = closing.ruleset
    return name in available() and fingerprint(text_of(name)) == closing.ruleset_fingerprint


@lru_cache(maxsize=64)
def _parsed(text: str) -> RuleSet | None:
    try:
        return parse(text)
    except RuleSetError:
        return None


def in_language(closing: Closing, document: Document, language: Language) -> dict[str, Any]:
    """A frozen document with the names of its groups and indicators in a language; they were frozen in Vietnamese."""
    rules = rules_of(closing)
    if rules is None or language == "vi":
        return dict(document)
    names = {group.code: group.name for group in rules.groups}
    indicators = {code: indicator.name for code, indicator in rules.indicators.items()}
    groups = []
    for group in document["groups"]:
        named = {**group, "name": name_in(names[group["code"]], language)}
        if "indicators" in group:
            named["indicators"] = [
                {**each, "name": name_in(indicators[each["code"]], language)} for each in group["indicators"]
            ]
        groups.append(named)
    return {**document, "groups": groups}
