"""The last sheet: where each indicator comes from, and its formula, as the file of the rule set says it."""

from typing import Final

from services.api.documents.kept import Stamp
from services.api.reports.model import Report
from services.api.reports.sheets.paper import Cell, Paper
from services.api.reports.words import Words

__all__ = ["WIDTHS", "write"]

_COLUMNS: Final[dict[str, float]] = {
    "code": 18, "name": 36, "source": 40, "numerator": 34, "denominator": 32, "points": 20,
}  # fmt: skip

WIDTHS: Final = list(_COLUMNS.values())

_TEXT: Final = "cell text"


def write(paper: Paper, report: Report, stamp: Stamp, words: Words) -> None:
    """Write the sheet."""
    texts, rules = words.texts, report.rules
    paper.text(texts("sources.title"), "title center")
    paper.text(texts("result.rules", name=words.name(rules.name), law=f"{rules.law} ({rules.id})"), "center")
    paper.text(words.as_of(report.published or stamp), "italic center")
    paper.skip()
    paper.head([texts(f"sources.{column}") for column in _COLUMNS])
    for group in rules.groups:
        _row(paper, group.code, words.name(group.name), group.source, looks="cell group text")
        for line in group.indicators:
            name = words.name(line.name)
            _row(paper, line.code, name, line.source, line.numerator, line.denominator, words.points(line))
    _row(paper, "", texts("sources.definitions"), looks="cell group text")
    for name, definition in rules.definitions.items():
        _row(paper, name, "", definition.source, definition.formula)
    paper.skip()
    paper.text(texts("sources.keys"), "bold")
    for key, source in rules.sources.items():
        paper.text(f"{key}: {source}")


def _row(paper: Paper, *values: str, looks: str = _TEXT) -> None:
    filled = [*values, *[""] * (len(WIDTHS) - len(values))]
    paper.line(*(Cell(value or None, looks) for value in filled))
