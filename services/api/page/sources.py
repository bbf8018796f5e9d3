"""Where an indicator comes from, for the page: what the rule set's file says about it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from schemas.rulesets.library import load
from schemas.rulesets.readable import readable

__all__ = ["sources_of"]


@cache
def sources_of(ruleset: str) -> Mapping[str, Mapping[str, Any]]:
    """The readable indicators of a packaged rule set, by code: `source`, `numerator`, `denominator`, `note`."""
    groups = readable(load(ruleset))["groups"]
    return {indicator["code"]: indicator for group in groups for indicator in group["indicators"]}
