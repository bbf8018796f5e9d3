"""What the packaged rule sets ask of procedures, so that whoever holds the counts can keep it ready.

Drafts do not count: what they alone ask for is added up when somebody asks, procedure by procedure.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from schemas.measures import BY_NAME
from schemas.rulesets.library import load, offered
from schemas.rulesets.model import RuleSet
from schemas.rulesets.presence import presence_of
from schemas.rulesets.tree import Having, Name, Node, Procedures, parts


class Needs(NamedTuple):
    """``present``: measures of which only matters whether a procedure has any. ``filtered``: (measure, attribute) that are added up."""

    present: frozenset[str]
    filtered: tuple[tuple[str, str], ...]


@cache
def needs() -> Needs:
    """Of all packaged rule sets that are no drafts."""
    present: set[str] = set()
    filtered: set[tuple[str, str]] = set()
    for ruleset in map(load, offered()):
        for node, attributes in expressions(ruleset):
            match node:
                case Procedures(_, _, condition):
                    present.update(name for name, _ in presence_of(condition) or ())
                case Name(_, name) if len(attributes) == 1 and name not in ruleset.definitions:
                    filtered.add((name, attributes[0]))
                case _:
                    pass
    return Needs(frozenset(present), tuple(sorted(filtered)))


def measures_of(ruleset: RuleSet) -> list[str]:
    """The measures that a rule set counts, in the order of its indicators."""
    names = (node.name for node, _ in expressions(ruleset) if isinstance(node, Name))
    return [name for name in dict.fromkeys(names) if name in BY_NAME]


def expressions(ruleset: RuleSet) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Every expression of the indicators, with the attributes asked for around it."""
    for indicator in ruleset.indicators.values():
        for formula in filter(None, (indicator.formula, indicator.outside_province)):
            yield from _below(ruleset, formula.numerator, ())
            yield from _below(ruleset, formula.denominator, ())


def _below(ruleset: RuleSet, node: Node, attributes: tuple[str, ...]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    yield node, attributes
    if isinstance(node, Having):
        attributes = (*attributes, node.attribute)
    below = (
        (ruleset.definitions[node.name],)
        if isinstance(node, Name) and node.name in ruleset.definitions
        else parts(node)
    )
    for part in () if isinstance(node, Procedures) else below:
        yield from _below(ruleset, part, attributes)
