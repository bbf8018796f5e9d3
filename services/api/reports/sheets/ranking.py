"""The units right below, ranked, with their groups."""

from services.api.page.figures import Figures
from services.api.reports.model import Report
from services.api.reports.sheets.paper import Cell, Paper
from services.api.reports.words import Words

__all__ = ["widths_of", "write"]


def widths_of(report: Report) -> list[float]:
    """The widths of its columns."""
    return [8, 9, 36, 14, *[12.0] * len(report.groups), 11, 12, 10, 10]


def write(paper: Paper, report: Report, words: Words) -> None:
    """Write the sheet."""
    texts = words.texts
    paper.text(texts("ranking.title"), "title center")
    paper.text(f"{report.unit.name} – {words.period_with_days(report.first, report.last)}", "center")
    paper.skip()
    most = Figures(texts.language).most
    paper.head(
        [
            *(texts(f"ranking.{column}") for column in ("rank", "rank_in_kind", "unit", "code")),
            *(texts("ranking.of", name=group.name, max=most(group.max)) for group in report.groups),
            texts("ranking.total", max=most(report.max)),
            *(texts(f"ranking.{column}") for column in ("handled", "late", "overdue")),
        ]
    )
    for child in report.children:
        paper.line(
            Cell(child.rank, "cell count center"),
            Cell(child.rank_in_kind, "cell count center"),
            Cell(child.unit["name"], "cell text"),
            Cell(child.unit["code"], "cell text"),
            *(Cell(child.groups[group.code], "cell points") for group in report.groups),
            Cell(child.total, "cell points bold"),
            *(Cell(count, "cell count") for count in (child.handled, child.late, child.overdue)),
        )
