"""Works out expressions for all units at once."""

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce

from msgspec import Struct

from schemas.rulesets.counts import Attributes, Counts
from schemas.rulesets.exact import Exact, Ints
from schemas.rulesets.figures import of_last_year
from schemas.rulesets.procedures import ByProcedure
from schemas.rulesets.tree import (
    Binary,
    Figure,
    Having,
    LastYear,
    Name,
    Node,
    Number,
    OfClass,
    Operator,
    Pick,
    Procedures,
    Ratio,
    Units,
)


class Filters(Struct, frozen=True):
    """What the brackets around an expression ask of every measure in it."""

    attributes: Attributes = ()
    petition_class: str | None = None


_ALL = Filters()


class Formulas:
    """Checked expressions over one `Counts`; `ratios` are those of the indicators worked out before (``ratio(1.4)``)."""

    def __init__(self, counts: Counts, definitions: Mapping[str, Node], ratios: Mapping[str, Exact]) -> None:
        self._counts = counts
        self._split = ByProcedure(counts, definitions)
        self._definitions = definitions
        self._ratios = ratios
        self._known: dict[tuple[str, Filters], Exact] = {}

    def value(self, node: Node, filters: Filters = _ALL) -> Exact:
        """The value of an expression for every unit."""
        match node:
            case Number(_, value):
                return self._constant(value)
            case Name(_, name):
                return self._named(name, filters)
            case Binary(_, sign, left, right):
                return _joined(sign, self.value(left, filters), self.value(right, filters))
            case Pick(_, how, of):
                return reduce(Exact.maximum if how == "max" else _first, [self.value(each, filters) for each in of])
            case Procedures():
                return Exact.whole(self._split.number_of(node, filters.attributes))
            case Figure(_, name):
                return self._figure(name)
            case LastYear(_, name):
                return self._figure(of_last_year(name))
            case Units(_, kind, figure, value):
                return Exact.whole(self._counts.units(kind, figure, value))
            case Ratio(_, code):
                return self._ratios[code]
            case Having(_, of, attribute, wanted):
                return self.value(of, Filters((*filters.attributes, (attribute, wanted)), filters.petition_class))
            case OfClass(_, of, petition_class):
                return self.value(of, Filters(filters.attributes, petition_class))

    def _figure(self, name: str) -> Exact:
        figures = self._counts.figure(name)
        return Exact.whole(figures.value) * self._constant(Fraction(1, figures.scale))

    def _named(self, name: str, filters: Filters) -> Exact:
        """A measure or a definition; each is worked out once."""
        key = (name, filters)
        if key not in self._known:
            defined = self._definitions.get(name)
            self._known[key] = (
                Exact.whole(self._measure(name, filters)) if defined is None else self.value(defined, filters)
            )
        return self._known[key]

    def _measure(self, name: str, filters: Filters) -> Ints:
        if filters.attributes:
            return self._split.sum_of(name, filters.attributes)
        if filters.petition_class is not None:
            return self._counts.measure_of_class(name, filters.petition_class)
        return self._counts.measure(name)

    def _constant(self, value: Fraction) -> Exact:
        return Exact.constant(value, self._counts.size)


def _joined(sign: Operator, left: Exact, right: Exact) -> Exact:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left.over_positive(right)


def _first(one: Exact, other: Exact) -> Exact:
    return one.where(one.over != 0, other)
