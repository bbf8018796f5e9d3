"""How large expressions are once the names in them are written out. A few lines can grow without bounds: each definition may name the one
above it twice.
"""

from collections.abc import Mapping
from typing import Final

from schemas.rulesets.model import RuleSet
from schemas.rulesets.tree import Name, Node, Procedures, Ratio, walk

MAX_PARTS: Final = 1000
"""Parts of one expression; those of the packaged rule sets have some 20."""


def parts_of(node: Node, definitions: Mapping[str, int], ratios: Mapping[str, int]) -> int:
    """How many parts an expression has, those of its definitions and of the indicators whose ratio it uses included."""
    return sum(
        definitions.get(part.name, 1)
        if isinstance(part, Name)
        else ratios.get(part.code, 1)
        if isinstance(part, Ratio)
        else 1
        for part in walk(node)
    )


def extent(ruleset: RuleSet) -> int:
    """How many parts all formulas of a rule set have together; each condition on procedures counts as many as it takes to answer."""
    definitions: dict[str, int] = {}
    for name, node in ruleset.definitions.items():
        definitions[name] = _weight(node, definitions, {})
    ratios: dict[str, int] = {}
    for code, indicator in ruleset.indicators.items():
        formulas = filter(None, (indicator.formula, indicator.outside_province))
        sides = [side for formula in formulas for side in (formula.numerator, formula.denominator)]
        ratios[code] = sum(_weight(side, definitions, ratios) for side in sides)
    return sum(ratios.values())


_CONDITION: Final = 20


def _weight(node: Node, definitions: Mapping[str, int], ratios: Mapping[str, int]) -> int:
    conditions = sum(isinstance(part, Procedures) for part in walk(node))
    return parts_of(node, definitions, ratios) + _CONDITION * conditions
