"""The units right below, ranked, with their groups."""

from typing import Final

from msgspec import UNSET

from services.api.documents.kept import Stamp
from services.api.documents.report import Child
from services.api.page.figures import Figures
from services.api.reports.model import Report
from services.api.reports.sheets.heading import standing
from services.api.reports.sheets.paper import Cell, Paper, or_dash
from services.api.reports.words import Words

__all__ = ["widths_of", "write"]


_BESIDE: Final[dict[str, float]] = {"rank_now": 9, "total_now": 11, "total_difference": 11}
"""Columns of official reports alone."""


def widths_of(report: Report) -> list[float]:
    """The widths of its columns."""
    return [8, 9, 36, 14, *[12.0] * len(report.groups), 11, *_beside(report).values(), 12, 10, 10]


def write(paper: Paper, report: Report, stamp: Stamp, words: Words) -> None:
    """Write the sheet."""
    texts = words.texts
    paper.text(texts("ranking.title"), "title center")
    paper.text(f"{report.unit.name} – {words.period_with_days(report.first, report.last)}", "center")
    standing(paper, report, stamp, words)
    paper.skip()
    most = Figures(texts.language).most
    paper.head(
        [
            *(texts(f"ranking.{column}") for column in ("rank", "rank_in_kind", "unit", "code")),
            *(texts("ranking.of", name=group.name, max=most(group.max)) for group in report.groups),
            texts("ranking.total", max=most(report.max)),
            *(texts(f"ranking.{column}") for column in (*_beside(report), "handled", "late", "overdue")),
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
            *_now(child),
            *(Cell(count, "cell count") for count in (child.handled, child.late, child.overdue)),
        )


def _beside(report: Report) -> dict[str, float]:
    return {} if report.published is None else _BESIDE


def _now(child: Child) -> list[Cell]:
    """The cells of `_BESIDE`."""
    if child.now is UNSET or child.difference is UNSET:
        return []
    now, difference = child.now or {}, child.difference or {}
    return [
        or_dash(now.get("rank"), "cell count"),
        or_dash(now.get("total"), "cell points"),
        or_dash(difference.get("total"), "cell change"),
    ]
