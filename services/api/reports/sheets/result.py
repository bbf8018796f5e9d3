"""The first sheet: groups and indicators with what they are made of, total, rank, signatures."""

from typing import Final

from schemas.rulesets.document import GroupDocument, IndicatorDocument, Number
from schemas.rulesets.fileformat import IndicatorLine
from services.api.documents.kept import Stamp
from services.api.page.figures import NO_DATA
from services.api.reports.model import Report, unit_of_ratio
from services.api.reports.sheets.heading import head, sign
from services.api.reports.sheets.paper import Cell, Paper
from services.api.reports.words import Words

__all__ = ["WIDTHS", "write"]

_COLUMNS: Final[dict[str, float]] = {
    "code": 11, "name": 60, "numerator": 20, "denominator": 16, "ratio": 12, "score": 10, "max": 11, "status": 22,
}  # fmt: skip

WIDTHS: Final = list(_COLUMNS.values())


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
    paper.text(words.as_of(stamp), "italic")
    paper.skip()
    paper.head([texts(f"result.{column}") for column in _COLUMNS])
    lines = report.lines
    for group in report.groups:
        paper.line(*_group(group))
        for indicator in group.indicators:
            paper.line(*_indicator(indicator, lines[indicator.code], words))
    paper.line(*_bold(None, texts("result.total"), report.total, report.max, "points"))
    paper.line(*_bold(None, texts("result.rank"), report.rank, report.ranked, "count"))
    paper.text(texts("result.note"), "italic small")
    paper.skip()
    sign(paper, report, words)


def _group(group: GroupDocument) -> list[Cell]:
    return _bold(group.code, group.name, group.score, group.max, "points")


def _bold(code: str | None, name: str, score: float | None, most: Number, number: str) -> list[Cell]:
    looks = "cell group"
    return [
        Cell(code, f"{looks} text"),
        Cell(name, f"{looks} text"),
        *[Cell(None, looks)] * 3,
        _or_dash(score, f"{looks} {number}"),
        Cell(most, f"{looks} most"),
        Cell(None, looks),
    ]


def _indicator(indicator: IndicatorDocument, line: IndicatorLine, words: Words) -> list[Cell]:
    return [
        Cell(indicator.code, "cell text"),
        Cell(indicator.name, "cell text"),
        _count(indicator.numerator),
        _count(indicator.denominator),
        _or_dash(indicator.ratio, f"cell {unit_of_ratio(indicator, line)}"),
        _or_dash(indicator.score, "cell points"),
        Cell(indicator.max, "cell most"),
        Cell(words.texts(f"status.{indicator.status}"), "cell wrap center"),
    ]


def _count(value: Number) -> Cell:
    return Cell(value, "cell count" if isinstance(value, int) else "cell weighted")


def _or_dash(value: Number | None, looks: str) -> Cell:
    """A dash where there is nothing to count: never a zero."""
    return Cell(NO_DATA, f"{looks} center") if value is None else Cell(value, looks)
