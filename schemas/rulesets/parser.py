"""Reads an expression of a rule set.

    sum        = product { ("+" | "-") product }
    product    = filtered { ("*" | "/") filtered }
    filtered   = primary { "[" ["!"] attribute "]" | "[" "class" "=" class "]" }
    primary    = number | name | "(" sum ")" | ("max" | "first") "(" sum { "," sum } ")"
               | ("procs" | "services") "(" condition ")" | ("figure" | "last_year") "(" name ")"
               | "units" "(" kind [ "," figure "=" number ] ")" | "ratio" "(" code ")"
    condition  = comparison { "and" comparison }
    comparison = sum (">" | ">=" | "<" | "<=" | "=") sum

There is nothing else: no loops, no strings, no attributes of objects. A rule set cannot do more than count.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Final, Literal, NamedTuple

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
    Operator,
    Pick,
    Procedures,
    Ratio,
    Relation,
    Units,
)

MAX_LENGTH: Final = 500
"""Characters of one expression; a longer one belongs into definitions, where it gets a name."""

_MAX_DEPTH: Final = 20
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?[a-z]?)|(?P<name>[a-z_][a-z0-9_]*)|(?P<sign>>=|<=|[-+*/()\[\],!<>=]))"
)
_OPERATORS: Final[dict[str, Operator]] = {"+": "+", "-": "-", "*": "*", "/": "/"}
_RELATIONS: Final[dict[str, Relation]] = {">": ">", ">=": ">=", "<": "<", "<=": "<=", "=": "="}


class _Token(NamedTuple):
    at: int
    kind: str  # "number", "name", "sign" or "end"
    text: str


def parse_expression(text: str) -> Node:
    """The tree of an expression.

    Raises:
        ExpressionError: with the character at which it stops making sense.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            MAX_LENGTH, f"longer than {MAX_LENGTH} characters; give a part of it a name in definitions"
        )
    return _Parser(_tokens(text)).whole()


def _tokens(text: str) -> list[_Token]:
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise ExpressionError(at, f"{text[at]!r} has no meaning here")
        found.append(_Token(match.start(match.lastgroup), match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return [*found, _Token(end, "end", "the end")]


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0
        self._calls: dict[str, Callable[[int], Node]] = {
            "max": lambda at: self._pick(at, "max"),
            "first": lambda at: self._pick(at, "first"),
            "procs": lambda at: Procedures(at, "procs", self._condition()),
            "services": lambda at: Procedures(at, "services", self._condition()),
            "figure": lambda at: Figure(at, self._word("the name of a figure")),
            "last_year": lambda at: LastYear(at, self._word("the name of a figure")),
            "units": self._units,
            "ratio": lambda at: Ratio(at, self._take("number", "the code of an indicator").text),
        }

    def whole(self) -> Node:
        node = self._sum()
        self._take("end", "an operator or the end")
        return node

    def _sum(self) -> Node:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ExpressionError(self._here.at, f"more than {_MAX_DEPTH} parentheses inside each other")
        node = self._chain(("+", "-"), lambda: self._chain(("*", "/"), self._filtered))
        self._depth -= 1
        return node

    def _chain(self, signs: tuple[str, ...], part: Callable[[], Node]) -> Node:
        node = part()
        while self._here.kind == "sign" and self._here.text in signs:
            sign = self._advance()
            node = Binary(sign.at, _OPERATORS[sign.text], node, part())
        return node

    def _filtered(self) -> Node:
        node = self._primary()
        while self._skip("["):
            at, unwanted = self._here.at, self._skip("!")
            word = self._word("an attribute")
            if word == "class" and not unwanted and self._skip("="):
                node = OfClass(at, node, self._word("a class of petitions"))
            else:
                node = Having(at, node, word, wanted=not unwanted)
            self._expect("]")
        return node

    def _primary(self) -> Node:
        token = self._advance()
        if token.kind == "number":
            return _number(token)
        if token.kind == "name" and self._skip("("):
            if token.text not in self._calls:
                raise ExpressionError(token.at, f"unknown function {token.text!r}; there are {', '.join(self._calls)}")
            return self._closed(self._calls[token.text](token.at))
        if token.kind == "name":
            return Name(token.at, token.text)
        if token.text == "(":
            return self._closed(self._sum())
        raise ExpressionError(token.at, f"expected a number, a name or '(', found {token.text!r}")

    def _pick(self, at: int, how: Literal["max", "first"]) -> Node:
        of = [self._sum()]
        while self._skip(","):
            of.append(self._sum())
        return Pick(at, how, tuple(of))

    def _units(self, at: int) -> Node:
        kind = self._word("a kind of unit")
        if not self._skip(","):
            return Units(at, kind, None, 0)
        figure = self._word("the name of a figure")
        self._expect("=")
        value = _number(self._take("number", "a number")).value
        if value.denominator != 1:
            raise ExpressionError(at, "a figure of units is compared with a whole number")
        return Units(at, kind, figure, value.numerator)

    def _condition(self) -> tuple[Comparison, ...]:
        found = [self._comparison()]
        while self._here == _Token(self._here.at, "name", "and"):
            self._advance()
            found.append(self._comparison())
        return tuple(found)

    def _comparison(self) -> Comparison:
        left, sign = self._sum(), self._advance()
        if sign.text not in _RELATIONS:
            raise ExpressionError(sign.at, f"expected one of {' '.join(_RELATIONS)}, found {sign.text!r}")
        return Comparison(sign.at, _RELATIONS[sign.text], left, self._sum())

    @property
    def _here(self) -> _Token:
        return self._tokens[self._next]

    def _advance(self) -> _Token:
        token = self._here
        if token.kind != "end":
            self._next += 1
        return token

    def _skip(self, sign: str) -> bool:
        if self._here.kind != "sign" or self._here.text != sign:
            return False
        self._next += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._skip(sign):
            raise ExpressionError(self._here.at, f"expected {sign!r}, found {self._here.text!r}")

    def _closed(self, node: Node) -> Node:
        self._expect(")")
        return node

    def _take(self, kind: str, wanted: str) -> _Token:
        token = self._here
        if token.kind != kind:
            raise ExpressionError(token.at, f"expected {wanted}, found {token.text!r}")
        return self._advance()

    def _word(self, wanted: str) -> str:
        return self._take("name", wanted).text


def _number(token: _Token) -> Number:
    if token.text[-1].isalpha():
        raise ExpressionError(
            token.at, f"{token.text!r} is no number; the ratio of an indicator is written ratio({token.text})"
        )
    return Number(token.at, Fraction(token.text))
