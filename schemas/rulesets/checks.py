"""Whether an expression makes sense: known words, filters on what can be filtered, conditions that say something."""

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from schemas.rulesets.errors import ExpressionError
from schemas.rulesets.tree import (
    Binary,
    Comparison,
    Figure,
    Having,
    LastYear,
    Name,
    Node,
    Number,
    OfClass,
    Procedures,
    Relation,
    Units,
    parts,
)
from schemas.rulesets.vocabulary import Vocabulary

RELATIONS: Final[dict[Relation, Callable[..., object]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
}


class Checker:
    """Checks expressions against a vocabulary and the names that a rule set defines."""

    def __init__(self, vocabulary: Vocabulary, definitions: Mapping[str, Node]) -> None:
        self._words = vocabulary
        self._definitions = definitions

    def check(self, node: Node) -> None:
        """Check one expression.

        Raises:
            ExpressionError: what makes no sense, and where.
        """
        match node:
            case Name(at, name) if name not in self._definitions:
                _known(at, name, self._words.measures, "measure")
            case Figure(at, name) | LastYear(at, name):
                _known(at, name, self._words.figures, "figure")
            case Units(at, kind, figure, _):
                _known(at, kind, self._words.kinds, "kind of unit")
                if figure is not None:
                    _known(at, figure, self._words.figures, "figure")
            case Binary(at, "/", _, right) if not isinstance(right, Number) or right.value == 0:
                raise ExpressionError(
                    at, "only a number other than zero can divide; a ratio is numerator and denominator"
                )
            case Having(at, of, attribute, _):
                _known(at, attribute, self._words.attributes, "attribute of procedures")
                self._split(at, of, self._words.by_procedure, "by procedure", counted=True)
            case OfClass(at, of, petition_class):
                _known(at, petition_class, self._words.classes, "class of petitions")
                self._split(at, of, self._words.by_class, "by class of petition", counted=False)
            case Procedures(at):
                self._condition(at, node.condition)
            case _:
                pass
        for part in parts(node):
            self.check(part)

    def _split(self, at: int, node: Node, allowed: frozenset[str], how: str, *, counted: bool) -> None:
        """A filter stands on sums and differences of what is split that way, so that it can be moved to each of them."""
        match node:
            case Name(_, name) if name in self._definitions:
                self._split(at, self._definitions[name], allowed, how, counted=counted)
            case Name(_, name) if name in allowed:
                pass
            case Name(_, name):
                raise ExpressionError(at, f"{name!r} is not split {how}")
            case Binary(_, "+" | "-", left, right):
                self._split(at, left, allowed, how, counted=counted)
                self._split(at, right, allowed, how, counted=counted)
            case Procedures() | Having() if counted:
                pass  # what is inside is checked on its own
            case _:
                raise ExpressionError(at, "a filter stands behind measures, their sums, procs(…) and services(…) only")

    def _condition(self, at: int, condition: tuple[Comparison, ...]) -> None:
        sides = [side for comparison in condition for side in (comparison.left, comparison.right)]
        for side in sides:
            self._per_procedure(side)
        if all(RELATIONS[each.relation](self._at_zero(each.left), self._at_zero(each.right)) for each in condition):
            raise ExpressionError(at, "the condition also holds for procedures of which nothing was counted")

    def _per_procedure(self, node: Node) -> None:
        match node:
            case Name(_, name) if name in self._definitions:
                self._per_procedure(self._definitions[name])
            case Name(at, name):
                _known(at, name, self._words.by_procedure, "measure that is split by procedure")
            case Number(at, value) if value.denominator != 1:
                raise ExpressionError(at, "conditions compare whole numbers")
            case Number():
                pass
            case Binary(_, "+" | "-", left, right):
                self._per_procedure(left)
                self._per_procedure(right)
            case _:
                raise ExpressionError(node.at, "a condition compares measures, their sums, and numbers only")

    def _at_zero(self, node: Node) -> Fraction:
        match node:
            case Number(_, value):
                return value
            case Binary(_, sign, left, right):
                one, other = self._at_zero(left), self._at_zero(right)
                return one + other if sign == "+" else one - other
            case Name(_, name) if name in self._definitions:
                return self._at_zero(self._definitions[name])
            case _:
                return Fraction(0)


def _known(at: int, word: str, known: frozenset[str], what: str) -> None:
    if word not in known:
        raise ExpressionError(at, f"unknown {what} {word!r}")
