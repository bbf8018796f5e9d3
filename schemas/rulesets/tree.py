"""The tree of an expression, as the parser makes it. Every node knows the character at which it begins (``at``).

An expression gives one number a unit. A condition stands inside ``procs(…)`` and ``services(…)`` and is asked of every procedure.
"""

from fractions import Fraction
from typing import Literal

from msgspec import Struct

Operator = Literal["+", "-", "*", "/"]
Relation = Literal[">", ">=", "<", "<=", "="]


class Number(Struct, frozen=True):
    """A number as written, exact."""

    at: int
    value: Fraction


class Name(Struct, frozen=True):
    """A measure, or a name that the rule set defines."""

    at: int
    name: str


class Binary(Struct, frozen=True):
    """Two expressions joined by ``+ - * /``."""

    at: int
    operator: Operator
    left: "Node"
    right: "Node"


class Pick(Struct, frozen=True):
    """``max(a, b, …)``: the greatest; ``first(a, b, …)``: the first that is not zero (else zero)."""

    at: int
    how: Literal["max", "first"]
    of: tuple["Node", ...]


class Comparison(Struct, frozen=True):
    """One comparison of a condition."""

    at: int
    relation: Relation
    left: "Node"
    right: "Node"


class Procedures(Struct, frozen=True):
    """``procs(c)``: how many procedures fulfil all comparisons; ``services(c)``: how many online services these have."""

    at: int
    what: Literal["procs", "services"]
    condition: tuple[Comparison, ...]


class Figure(Struct, frozen=True):
    """``figure(name)``: a figure that the unit declared; zero where it did not."""

    at: int
    name: str


class LastYear(Struct, frozen=True):
    """``last_year(name)``: the share of the period in the yearly figure of the year before (see `figures`); zero where there is none."""

    at: int
    name: str


class Units(Struct, frozen=True):
    """``units(kind)``: units of a kind within the scope; ``units(kind, figure = 1)``: those that declared this value."""

    at: int
    kind: str
    figure: str | None
    value: int


class Ratio(Struct, frozen=True):
    """``ratio(1.4)``: numerator by denominator of another indicator, not rounded; zero where it has no data."""

    at: int
    code: str


class Having(Struct, frozen=True):
    """``x[fee]``, ``x[!fee]``: only what procedures with (without) an attribute contribute to x."""

    at: int
    of: "Node"
    attribute: str
    wanted: bool


class OfClass(Struct, frozen=True):
    """``x[class=rules]``: only petitions of a class."""

    at: int
    of: "Node"
    petition_class: str


Node = Number | Name | Binary | Pick | Procedures | Figure | LastYear | Units | Ratio | Having | OfClass


def parts(node: Node) -> tuple[Node, ...]:
    """The expressions right inside one; those inside a condition too."""
    match node:
        case Binary():
            return (node.left, node.right)
        case Pick():
            return node.of
        case Procedures():
            return tuple(side for comparison in node.condition for side in (comparison.left, comparison.right))
        case Having() | OfClass():
            return (node.of,)
        case _:
            return ()


def walk(node: Node) -> tuple[Node, ...]:
    """A node and all below it."""
    return (node, *(below for part in parts(node) for below in walk(part)))
