"""Form II.06a/VPCP/KSTT, columns 1 to 13 (and 14 where what waits for a supplement stands apart)."""

from typing import Final

from msgspec import UNSET

from services.api.documents.kept import Stamp
from services.api.documents.procedures_form import CELLS, Cells
from services.api.reports.model import Report
from services.api.reports.sheets.heading import head, sign, standing
from services.api.reports.sheets.paper import Cell, Paper, or_dash
from services.api.reports.words import Words

__all__ = ["widths_of", "write"]

_OVER: Final[dict[str, str]] = {
    "handled": "received", "online": "received", "direct": "received", "carried_over": "received",
    "ended": "ended", "ended_early": "ended", "ended_in_time": "ended", "ended_late": "ended",
    "open": "open", "open_in_time": "open", "open_overdue": "open", "open_waiting": "open",
}  # fmt: skip
"""Cell -> the heading above it."""

_IN_PERIOD: Final = "form.over.in_period"


def widths_of(report: Report) -> list[float]:
    """The widths of its columns."""
    return [7, 42, *[11.0] * len(report.form.total)]


def write(paper: Paper, report: Report, stamp: Stamp, words: Words) -> None:
    """Write the sheet."""
    texts, form = words.texts, report.form
    cells = list(form.total)
    paper.text(texts("form.number"), "bold")
    head(paper, report, words)
    paper.text(texts("form.title"), "title center")
    paper.text(texts("result.period", period=words.period_with_days(report.first, report.last)), "center")
    paper.text(texts("form.reporting", name=report.unit.name), "center")
    standing(paper, report, stamp, words)
    paper.text(texts("form.counted"), "italic right")
    rows = [texts("form.place"), texts(f"form.rows.{form.rows_by}")]
    paper.head(
        [*rows, *(texts(f"form.over.{_OVER[cell]}") for cell in cells)],
        [*rows, *(texts(_IN_PERIOD if cell in ("online", "direct") else f"form.cell.{cell}") for cell in cells)],
        [*rows, *(texts(f"form.cell.{cell}") for cell in cells)],
        ["(1)", "(2)", *(f"({CELLS[cell]})" for cell in cells)],
    )
    for place, row in enumerate(form.rows, 1):
        counts = (Cell(row.cells[cell], "cell count") for cell in cells)
        paper.line(Cell(place, "cell count center"), Cell(words.part(row.of, row.code, row.name), "cell text"), *counts)
    _sums(paper, cells, "total", form.total, words)
    if form.now is not UNSET and form.difference is not UNSET:
        _sums(paper, cells, "now", form.now, words)
        _sums(paper, cells, "difference", form.difference, words, number="count_change")
    paper.skip()
    sign(paper, report, words)


def _sums(
    paper: Paper, cells: list[str], name: str, sums: Cells | None, words: Words, *, number: str = "count"
) -> None:
    counts = (or_dash(None if sums is None else sums[cell], f"cell group {number}") for cell in cells)
    paper.line(Cell(None, "cell group"), Cell(words.texts(f"form.{name}"), "cell group text"), *counts)
