"""Rule sets as one reads them (`GET /v1/rulesets`, `GET /v1/rulesets/{id}`): the file itself, as JSON."""

from decimal import Decimal
from typing import Any

import msgspec

from schemas.rulesets.model import RuleSet


def readable(ruleset: RuleSet) -> dict[str, Any]:
    """All that the file says, numbers as numbers; what it leaves to defaults is left out."""
    found: dict[str, Any] = _plain(msgspec.to_builtins(ruleset.file, builtin_types=(Decimal,)))
    return found


def summary(ruleset: RuleSet) -> dict[str, Any]:
    """One line of a list of rule sets."""
    whole = readable(ruleset)
    return {key: whole[key] for key in ("id", "name", "law", "status", "valid_from", "valid_to", "max") if key in whole}


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == int(value) else float(value)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value
