"""Which counts lose an indicator's points: the difference of its denominator and numerator, put in words.

``denominator - numerator`` is written as a sum of terms, each a measure or what one measure has less than another ("ended without an
electronic result"); the values of the terms always add up to the difference.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from msgspec import Struct

from schemas.measures import BY_NAME
from schemas.rulesets.curves import points
from schemas.rulesets.evaluate import Counted, rounded
from schemas.rulesets.exact import Exact
from schemas.rulesets.formulas import Filters, Formulas
from schemas.rulesets.model import Formula, Indicator, RuleSet
from schemas.rulesets.tree import (
    Binary,
    Figure,
    Having,
    LastYear,
    Name,
    Node,
    Number,
    OfClass,
    Pick,
    Procedures,
    Ratio,
    Units,
)
from schemas.rulesets.words import differences

_ALL: Final = Filters()


class Term(Struct, frozen=True):
    """One term of the difference. ``key``: of its text (`schemas.rulesets.words`); ``value``: what it adds, below zero where it
    takes off; ``worth``: hundredths that the indicator would win without it.
    """

    key: str
    filters: Filters
    value: Fraction
    worth: int


class Told(Struct, frozen=True):
    """A measure (or another expression, of which only the value is known) with what the brackets around it ask."""

    key: str
    filters: Filters


class Losses:
    """Tells the terms of one unit.

    Args:
        ruleset: with the definitions.
        formulas: over the counts of which the indicator is made.
        row: of the unit in these.
    """

    def __init__(self, ruleset: RuleSet, formulas: Formulas, row: int) -> None:
        self._ruleset = ruleset
        self._formulas = formulas
        self._row = row

    def terms(self, indicator: Indicator, formula: Formula, counted: Counted) -> list[Term]:
        """The terms of an indicator, what loses most first; of `formula` comes what is `counted` in row 0. Without data there are none."""
        whole = counted.denominator[0]
        if whole <= 0 or indicator.curve == "analysis":
            return []
        values = self._difference(formula)
        have = counted.numerator[0]
        ratios = [(have + value) / whole for value in values.values()]
        reached = rounded(self._ruleset, points(indicator, Exact.of([*ratios, have / whole]))).tolist()
        found = [
            Term(told.key, told.filters, value, max(0, worth - reached[-1]))
            for (told, value), worth in zip(values.items(), reached, strict=False)
        ]
        return sorted(found, key=lambda term: -term.value)

    def _difference(self, formula: Formula) -> dict[Told, Fraction]:
        times: dict[Told, Fraction] = {}
        apart: dict[Told, Fraction] = {}
        for node, sign in ((formula.denominator, 1), (formula.numerator, -1)):
            for told, by in self._parts(node, _ALL, Fraction(sign)):
                found = times if told.key in BY_NAME else apart
                found[told] = found.get(told, Fraction(0)) + by
        self._by_lateness(times)
        self._by_receipt(times, apart)
        for whole, part in differences():
            self._less(times, apart, whole, part)
        measured = {told: by * self._of(told) for told, by in times.items()}
        return {told: value for told, value in (measured | apart).items() if value}

    def _parts(self, node: Node, filters: Filters, by: Fraction) -> Iterator[tuple[Told, Fraction]]:
        """Measures with how often they are added; of what is no sum of measures its value."""
        match node:
            case Name(_, name) if name in self._ruleset.definitions:
                yield from self._parts(self._ruleset.definitions[name], filters, by)
            case Name(_, name):
                yield Told(name, filters), by
            case Binary(_, "+" | "-", left, right):
                yield from self._parts(left, filters, by)
                yield from self._parts(right, filters, by if node.operator == "+" else -by)
            case Binary(_, "*", left, Ratio(_, code)):
                yield from self._parts(left, filters, by)
                yield Told(f"ratio:{code}", _ALL), by * (self._value(node, filters) - self._value(left, filters))
            case Pick(_, _, of):
                wanted = self._value(node, filters)
                yield from self._parts(next(one for one in of if self._value(one, filters) == wanted), filters, by)
            case Having(_, of, attribute, wanted):
                inner = Filters((*filters.attributes, (attribute, wanted)), filters.petition_class)
                yield from self._parts(of, inner, by)
            case OfClass(_, of, petition_class):
                yield from self._parts(of, Filters(filters.attributes, petition_class), by)
            case _:
                yield Told(_kind_of(node), _ALL), by * self._value(node, filters)

    def _by_lateness(self, times: dict[Told, Fraction]) -> None:
        """What ended is on time, late or without a due moment: where those on time are taken off, the late ones are left."""
        for ended in [told for told in times if told.key == "ended"]:
            on_time, late, free = (
                Told(name, ended.filters) for name in ("ended_on_time", "ended_late", "ended_no_due")
            )
            if times.get(on_time, 0) < 0 < times[ended]:
                by = times.pop(ended)
                for part in (on_time, late, free):
                    times[part] = times.get(part, Fraction(0)) + by

    def _by_receipt(self, times: dict[Told, Fraction], apart: dict[Told, Fraction]) -> None:
        """What is handled (ended or open) was received in the period or carried over: where some of those received are taken off, so it is
        told.
        """
        handled = Told("ended", _ALL), Told("open", _ALL)
        cohorts = {part for whole, part in differences() if whole == "received"}
        some = any(told.key in cohorts and by == -1 for told, by in times.items())
        if some and all(times.get(told) == 1 for told in handled):
            received = Told("received", _ALL)
            apart[Told("carried_over", _ALL)] = sum(map(self._of, handled), -self._of(received))
            for told in handled:
                times.pop(told)
            times[received] = times.get(received, Fraction(0)) + 1

    def _less(self, times: dict[Told, Fraction], apart: dict[Told, Fraction], whole: str, part: str) -> None:
        """Write the whole less a part of it as one term; of a part with some attribute, the rest of the whole stands beside."""
        for less in [told for told in times if told.key == part and times[told] == -1]:
            of = Told(whole, less.filters)
            if times.get(of) != 1:
                if times.get(Told(whole, _ALL)) != 1 or len(less.filters.attributes) != 1:
                    continue
                ((attribute, wanted),) = less.filters.attributes
                times.pop(Told(whole, _ALL))
                times[Told(whole, Filters(((attribute, not wanted),)))] = Fraction(1)
            times.pop(of, None)
            times.pop(less)
            apart[Told(f"{whole}/{part}", less.filters)] = self._of(of) - self._of(less)

    def _of(self, told: Told) -> Fraction:
        return self._value(Name(0, told.key), told.filters)

    def _value(self, node: Node, filters: Filters) -> Fraction:
        return self._formulas.value(node, filters)[self._row]


def _kind_of(node: Node) -> str:
    match node:
        case Procedures():
            return node.what
        case Figure(_, name):
            return f"figure:{name}"
        case LastYear(_, name):
            return f"last_year:{name}"
        case Units(_, kind, _, _):
            return f"units:{kind}"
        case Ratio(_, code):
            return f"ratio:{code}"
        case Number():
            return "number"
        case _:
            return "expression"
