"""The score document of one unit, ready for JSON (`CONTRACT.md`, section 3)."""

from fractions import Fraction
from typing import Final, Literal

from msgspec import UNSET, Struct, UnsetType

from schemas.rulesets.evaluate import GroupScores, IndicatorScores, Scores, Status
from schemas.rulesets.fileformat import Names
from schemas.rulesets.model import HUNDREDTHS

Language = Literal["vi", "en"]
Number = int | float

RATIO_DECIMALS: Final = 4


class IndicatorDocument(Struct, frozen=True):
    """One indicator; ``ratio`` is null where the denominator is zero ("no data" is never 0 %), ``score`` where there is none."""

    code: str
    name: str
    numerator: Number
    denominator: Number
    ratio: float | None
    score: float | None
    max: Number
    status: str


class GroupDocument(Struct, frozen=True):
    """One group."""

    code: str
    name: str
    score: float
    max: Number
    indicators: tuple[IndicatorDocument, ...]


class ScoreDocument(Struct, frozen=True):
    """What the rule set makes of one unit; ``band`` where the rule set has bands."""

    total: float
    max: Number
    groups: tuple[GroupDocument, ...]
    band: str | UnsetType = UNSET


def document(scores: Scores, row: int, language: Language = "vi") -> ScoreDocument:
    """The document of one unit, by its place in the arrays."""
    total = int(scores.total[row])
    reached = [code for least, code in scores.ruleset.bands if total >= least]
    return ScoreDocument(
        total=total / HUNDREDTHS,
        max=in_points(scores.ruleset.max),
        groups=tuple(_group(group, row, language) for group in scores.groups),
        band=reached[-1] if reached else UNSET,
    )


def in_points(hundredths: int) -> Number:
    """Points as one writes them: 20, or 2.5."""
    return plain(Fraction(hundredths, HUNDREDTHS))


def plain(value: Fraction) -> Number:
    """A whole number as int, another as float with four decimals (ties to even)."""
    return value.numerator if value.denominator == 1 else float(round(value, RATIO_DECIMALS))


def _group(scores: GroupScores, row: int, language: Language) -> GroupDocument:
    return GroupDocument(
        code=scores.group.code,
        name=name_in(scores.group.name, language),
        score=int(scores.score[row]) / HUNDREDTHS,
        max=in_points(scores.group.max),
        indicators=tuple(_indicator(each, row, language) for each in scores.indicators),
    )


def _indicator(scores: IndicatorScores, row: int, language: Language) -> IndicatorDocument:
    numerator, denominator = scores.counted.numerator[row], scores.counted.denominator[row]
    return IndicatorDocument(
        code=scores.indicator.code,
        name=name_in(scores.indicator.name, language),
        numerator=plain(numerator),
        denominator=plain(denominator),
        ratio=float(round(numerator / denominator, RATIO_DECIMALS)) if denominator > 0 else None,
        score=int(scores.score[row]) / HUNDREDTHS if scores.scored[row] else None,
        max=in_points(scores.indicator.max),
        status=Status(int(scores.status[row])).name.lower(),
    )


def name_in(names: Names, language: Language) -> str:
    """A name in the language asked for."""
    return names.vi if language == "vi" else names.en
