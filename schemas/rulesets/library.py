"""The rule sets that come with the product, and the reading of others."""

import hashlib
from collections.abc import Collection
from functools import cache
from importlib.resources import files

from schemas.rulesets.compiling import compile_text
from schemas.rulesets.errors import UnknownRuleSet
from schemas.rulesets.model import RuleSet
from schemas.rulesets.vocabulary import VOCABULARY

_SUFFIX = ".yaml"


@cache
def available() -> tuple[str, ...]:
    """The ids of the packaged rule sets, sorted."""
    names = (entry.name for entry in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)))


@cache
def offered() -> tuple[str, ...]:
    """Those that are no drafts: what one may choose from. A draft is scored only when asked for by its id."""
    return tuple(ruleset for ruleset in available() if load(ruleset).file.status != "draft")


@cache
def load(ruleset: str) -> RuleSet:
    """A packaged rule set.

    Raises:
        UnknownRuleSet: no such id.
    """
    return parse(text_of(ruleset))


@cache
def text_of(ruleset: str) -> str:
    """The file of a packaged rule set.

    Raises:
        UnknownRuleSet: no such id.
    """
    if ruleset not in available():
        raise UnknownRuleSet(ruleset, available())
    return files(__package__).joinpath(ruleset + _SUFFIX).read_text("utf-8")


def fingerprint(text: str) -> str:
    """What tells a rule-set file from every other one, whatever id it gives itself: 24 hexadecimal digits."""
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def parse(text: str, known_measures: Collection[str] | None = None) -> RuleSet:
    """Read a rule-set file; `known_measures` replaces the measures that the product counts.

    Raises:
        RuleSetError: the line and what is wrong with it.
    """
    return compile_text(text, VOCABULARY if known_measures is None else VOCABULARY.with_measures(known_measures))
