"""The first sheet: groups and indicators with what they are made of, total, rank, signatures."""

from typing import Final

from schemas.rulesets.document import Number
from schemas.rulesets.fileformat import IndicatorLine
from services.api.documents.kept import Stamp
from services.api.reports.model import Group, Indicator, Report, unit_of_ratio
from services.api.reports.sheets.heading import head, sign, standing
from services.api.reports.sheets.paper import Cell, Paper, Value, or_dash
from services.api.reports.words import Words

__all__ = ["widths_of", "write"]

_COLUMNS: Final[dict[str, float]] = {
    "code": 11, "name": 60, "numerator": 20, "denominator": 16, "ratio": 12, "score": 10, "max": 11, "status": 22,
}  # fmt: skip

_BESIDE: Final[dict[str, float]] = {"numerator_now": 16, "denominator_now": 14, "score_now": 10, "score_difference": 11}
"""Columns of official reports alone."""


def widths_of(report: Report) -> list[float]:
    """The widths of its columns."""
    return list(_columns(report).values())


def _columns(report: Report) -> dict[str, float]:
    return _COLUMNS if report.published is None else _COLUMNS | _BESIDE


def write(paper: Paper, report: Report, stamp: Stamp, words: Words) -> None:
    """Write the sheet."""
    texts = words.texts
    head(paper, report, words)
    paper.text(texts("result.title"), "title center")
    paper.text(texts("result.subtitle"), "bold center")
    paper.skip()
    paper.text(texts("result.unit", name=report.unit.name, code=report.unit.code))
    paper.text(texts("result.period", period=words.period_with_days(report.first, report.last)))
    paper.text(texts("result.rules", name=words.name(report.rules.name), law=report.rules.law))
    standing(paper, report, stamp, words, "")
    paper.skip()
    paper.head([texts(f"result.{column}") for column in _columns(report)])
    lines, official = report.lines, report.published is not None

    def line(cells: list[Cell], part: Indicator | Group | Report, member: str = "score") -> None:
        paper.line(*cells, *(_beside(part, member) if official else ()))

    for group in report.groups:
        line(_group(group), group)
        for indicator in group.indicators:
            line(_indicator(indicator, lines[indicator.code], words), indicator)
    line(_bold(None, texts("result.total"), report.total, report.max, "points"), report, "total")
    line(_bold(None, texts("result.rank"), report.rank, report.ranked, "count"), report, "rank")
    paper.text(texts("result.note"), "italic small")
    paper.skip()
    sign(paper, report, words)


def _group(group: Group) -> list[Cell]:
    return _bold(group.code, group.name, group.score, group.max, "points")


def _bold(code: str | None, name: str, score: float | None, most: Number, number: str) -> list[Cell]:
    looks = "cell group"
    return [
        Cell(code, f"{looks} text"),
        Cell(name, f"{looks} text"),
        *[Cell(None, looks)] * 3,
        or_dash(score, f"{looks} {number}"),
        Cell(most, f"{looks} most"),
        Cell(None, looks),
    ]


def _indicator(indicator: Indicator, line: IndicatorLine, words: Words) -> list[Cell]:
    return [
        Cell(indicator.code, "cell text"),
        Cell(indicator.name, "cell text"),
        _count(indicator.numerator),
        _count(indicator.denominator),
        or_dash(indicator.ratio, f"cell {unit_of_ratio(indicator, line)}"),
        or_dash(indicator.score, "cell points"),
        Cell(indicator.max, "cell most"),
        Cell(words.texts(f"status.{indicator.status}"), "cell wrap center"),
    ]


def _beside(part: Indicator | Group | Report, member: str) -> list[Cell]:
    """The cells of `_BESIDE`; dashes where the unit has left the tree."""
    now, difference = part.now or {}, part.difference or {}
    counted, looks = isinstance(part, Indicator), "cell" if isinstance(part, Indicator) else "cell group"
    number, change = ("count", "count_change") if member == "rank" else ("points", "change")
    return [
        *(_count(now.get(name)) if counted else Cell(None, looks) for name in ("numerator", "denominator")),
        or_dash(now.get(member), f"{looks} {number}"),
        or_dash(difference.get(member), f"{looks} {change}"),
    ]


def _count(value: Value) -> Cell:
    return or_dash(value, "cell weighted" if isinstance(value, float) else "cell count")
