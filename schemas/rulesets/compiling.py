"""A file becomes a rule set, or says on which line it is wrong."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

import msgspec

from schemas.rulesets.checks import Checker
from schemas.rulesets.contradictions import contradictions, places
from schemas.rulesets.errors import ExpressionError, RuleSetError
from schemas.rulesets.extent import MAX_PARTS, parts_of
from schemas.rulesets.fileformat import ChildUnits, FormulaLine, GroupLine, IndicatorLine, NoDataWith, RuleSetFile
from schemas.rulesets.model import HUNDREDTHS, ChildRule, Formula, Group, Indicator, NoDataRule, RuleSet
from schemas.rulesets.parser import parse_expression
from schemas.rulesets.tree import Name, Node, Ratio, walk
from schemas.rulesets.vocabulary import Vocabulary
from schemas.rulesets.yaml_lines import Lined, Path, path_of, read_lined

_MOST: Final = 1_000_000
_DEFINED: Final = re.compile(r"[a-z_][a-z0-9_]*")


def compile_text(text: str, vocabulary: Vocabulary) -> RuleSet:
    """Read, validate and compile a rule-set file.

    Raises:
        RuleSetError: the line and what is wrong with it.
    """
    read = read_lined(text)
    try:
        file = msgspec.convert(read.value, RuleSetFile, strict=False)
    except msgspec.ValidationError as error:
        reason = str(error)
        raise RuleSetError(read.line(path_of(reason)), reason) from error
    return _Compiler(file, read, vocabulary).compile()


class _Compiler:
    def __init__(self, file: RuleSetFile, read: Lined, vocabulary: Vocabulary) -> None:
        self._file = file
        self._read = read
        self._definitions: dict[str, Node] = {}
        self._parts: dict[str, int] = {}
        self._ratios: dict[str, int] = {}
        self._checker = Checker(vocabulary, self._definitions)
        self._measures = vocabulary.measures

    def compile(self) -> RuleSet:
        file = self._file
        for path, reason in contradictions(file):
            raise self._wrong(path, reason)
        self._define()
        groups = tuple(self._group(group, ("groups", at)) for at, group in enumerate(file.groups))
        self._is_sum(file.max, [group.max for group in file.groups], ("max",))
        compiled = RuleSet(
            id=file.id,
            name=file.name,
            max=self._points(file.max, ("max",)),
            quantum=10 ** (2 - file.rounding.decimals),
            ties=file.rounding.ties,
            definitions=self._definitions,
            groups=groups,
            bands=tuple(
                (self._points(band.at_least, ("bands", at, "at_least")), band.code)
                for at, band in enumerate(file.bands)
            ),
            file=file,
        )
        self._references(compiled)
        return compiled

    def _wrong(self, path: Path, reason: str) -> RuleSetError:
        return RuleSetError(self._read.line(path), reason)

    def _define(self) -> None:
        """Definitions stand in the order of the file: each may use those above it, so that there are no circles."""
        for name, definition in self._file.definitions.items():
            path: Path = ("definitions", name)
            if not _DEFINED.fullmatch(name) or name in self._measures:
                raise self._wrong(path, f"{name!r} is a measure, or is not made of small letters, digits and _")
            node = self._definitions[name] = self._expression(definition.formula, (*path, "formula"))
            self._parts[name] = parts_of(node, self._parts, self._ratios)

    def _expression(self, text: str, path: Path) -> Node:
        try:
            return self._checked(parse_expression(text))
        except ExpressionError as error:
            raise self._wrong(path, f"in {text!r}, {error}") from error

    def _checked(self, node: Node) -> Node:
        if parts_of(node, self._parts, self._ratios) > MAX_PARTS:
            raise ExpressionError(0, f"with its names written out it has more than {MAX_PARTS} parts")
        self._checker.check(node)
        return node

    def _formula(self, line: IndicatorLine | FormulaLine, path: Path) -> Formula:
        return Formula(
            self._expression(line.numerator, (*path, "numerator")),
            self._expression(line.denominator, (*path, "denominator")),
        )

    def _group(self, line: GroupLine, path: Path) -> Group:
        self._is_sum(line.max, [each.max for each in line.indicators], (*path, "max"))
        return Group(
            code=line.code,
            name=line.name,
            max=self._points(line.max, (*path, "max")),
            round_sum=line.rounding == "sum",
            indicators=tuple(
                self._indicator(each, (*path, "indicators", at)) for at, each in enumerate(line.indicators)
            ),
        )

    def _indicator(self, line: IndicatorLine, path: Path) -> Indicator:
        most = self._points(line.max, (*path, "max"))
        outside, beside, child = line.outside_province, line.no_data_with, line.child_units
        formula = self._formula(line, path)
        self._ratios[line.code] = sum(
            parts_of(side, self._parts, self._ratios) for side in (formula.numerator, formula.denominator)
        )
        return Indicator(
            code=line.code,
            name=line.name,
            formula=formula,
            outside_province=None if outside is None else self._formula(outside, (*path, "outside_province")),
            max=most,
            curve=line.curve,
            full_from=self._threshold(line.full_from, (*path, "full_from")),
            steps=self._steps(line, most, path),
            no_data=None if line.no_data == "null" else self._given(line.no_data, most, (*path, "no_data")),
            no_data_with=None if beside is None else self._beside(beside, most, (*path, "no_data_with")),
            child=None if child is None else self._child(child, most, (*path, "child_units")),
        )

    def _steps(self, line: IndicatorLine, most: int, path: Path) -> tuple[tuple[Fraction, int], ...]:
        place = (*path, "steps")
        steps = tuple((self._threshold(step.at_least, place), self._points(step.points, place)) for step in line.steps)
        if list(steps) != sorted(steps) or any(points > most for _, points in steps):
            raise self._wrong(place, "steps rise, in at_least and in points, up to max")
        return steps

    def _beside(self, line: NoDataWith, most: int, path: Path) -> NoDataRule:
        return NoDataRule(line.indicator, self._given(line.points, most, (*path, "points")))

    def _child(self, line: ChildUnits, most: int, path: Path) -> ChildRule:
        points = None if line.status == "scored" else self._given(line.points, most, (*path, "points"))
        return ChildRule(from_province=line.values == "province", points=points)

    def _given(self, text: str, most: int, path: Path) -> int:
        """Points as a number or as the word ``full``."""
        if text == "full":
            return most
        try:
            points = self._points(msgspec.convert(text, Decimal, strict=False), path)
        except msgspec.ValidationError as error:
            raise self._wrong(path, f"{text!r} is neither points nor full nor null") from error
        if points > most:
            raise self._wrong(path, f"{text} points are more than max")
        return points

    def _points(self, points: Decimal, path: Path) -> int:
        if not points.is_finite() or not 0 <= points <= _MOST or points * HUNDREDTHS % 1:
            raise self._wrong(path, f"points lie between 0 and {_MOST} and have at most two decimals")
        return int(points * HUNDREDTHS)

    def _threshold(self, ratio: Decimal, path: Path) -> Fraction:
        if not ratio.is_finite() or not 0 < ratio <= _MOST:
            raise self._wrong(path, f"a threshold lies above 0 and not above {_MOST}")
        return Fraction(ratio)

    def _is_sum(self, total: Decimal, of: list[Decimal], path: Path) -> None:
        if total != sum(of):
            raise self._wrong(path, f"max is {total}, but its parts add up to {sum(of)}")

    def _references(self, ruleset: RuleSet) -> None:
        """``ratio(code)`` names an indicator above it, so that there are no circles; the province's values stand for themselves."""
        above: set[str] = set()
        for path, line in places(self._file):
            indicator = ruleset.indicators[line.code]
            for place, root in self._sides(indicator, path):
                for node in self._unfolded(root):
                    if isinstance(node, Ratio) and node.code not in above:
                        raise self._wrong(place, f"ratio({node.code}) names no indicator above {line.code}")
                    if isinstance(node, Ratio) and indicator.child is not None and indicator.child.from_province:
                        raise self._wrong(place, "values of the province cannot use ratio(…)")
            above.add(line.code)

    def _sides(self, indicator: Indicator, path: Path) -> Iterator[tuple[Path, Node]]:
        """Numerators and denominators, each with its place."""
        inner = (*path, "outside_province")
        for place, formula in ((path, indicator.formula), (inner, indicator.outside_province)):
            if formula is not None:
                yield (*place, "numerator"), formula.numerator
                yield (*place, "denominator"), formula.denominator

    def _unfolded(self, root: Node) -> Iterator[Node]:
        """An expression and all below it, the names that the file defines written out."""
        for node in walk(root):
            yield node
            if isinstance(node, Name) and node.name in self._definitions:
                yield from self._unfolded(self._definitions[node.name])
