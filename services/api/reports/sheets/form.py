"""Form II.06a/VPCP/KSTT, columns 1 to 13 (and 14 where what waits for a supplement stands apart)."""

from typing import Final

from services.api.documents.procedures_form import CELLS
from services.api.reports.model import Report
from services.api.reports.sheets.heading import head, sign
from services.api.reports.sheets.paper import Cell, Paper
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


def write(paper: Paper, report: Report, words: Words) -> None:
    """Write the sheet."""
    texts, form = words.texts, report.form
    cells = list(form.total)
    paper.text(texts("form.number"), "bold")
    head(paper, report, words)
    paper.text(texts("form.title"), "title center")
    paper.text(texts("result.period", period=words.period_with_days(report.first, report.last)), "center")
    paper.text(texts("form.reporting", name=report.unit.name), "center")
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
    counts = (Cell(form.total[cell], "cell group count") for cell in cells)
    paper.line(Cell(None, "cell group"), Cell(texts("form.total"), "cell group text"), *counts)
    paper.skip()
    sign(paper, report, words)
