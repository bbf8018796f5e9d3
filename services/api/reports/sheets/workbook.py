"""The report as a workbook (Office Open XML): the result, form II.06a, the units below ranked, sources and formulas."""

from datetime import datetime
from io import BytesIO
from typing import Final

from xlsxwriter.workbook import Workbook

from schemas.rulesets.document import Language
from services.api.documents.kept import Stamp
from services.api.reports.model import Report
from services.api.reports.sheets import form, ranking, result, sources
from services.api.reports.sheets.paper import FONT, Paper, Styles
from services.api.reports.texts import texts_of
from services.api.reports.words import Words

__all__ = ["workbook_of"]

_OPTIONS: Final = {"in_memory": True, "default_format_properties": FONT, "default_row_height": 23}


def workbook_of(report: Report, stamp: Stamp, language: Language) -> bytes:
    """The bytes of the workbook; the same report and stamp make the same bytes."""
    words = Words(texts_of(language))
    made = BytesIO()
    with Workbook(made, _OPTIONS) as book:
        book.set_properties(
            {
                "title": f"{words.texts('result.title')} – {report.unit.name}",
                "author": "Nhịp",
                "created": datetime.fromisoformat(stamp.as_of).replace(tzinfo=None),
            }
        )
        styles = Styles(book)
        footer = f"{words.as_of(report.published or stamp)}    {words.texts('page')}"

        def paper(name: str, widths: list[float]) -> Paper:
            return Paper(book, styles, words.texts(f"sheet.{name}"), widths, footer)

        result.write(paper("result", result.widths_of(report)), report, stamp, words)
        form.write(paper("form", form.widths_of(report)), report, stamp, words)
        if report.children:
            ranking.write(paper("ranking", ranking.widths_of(report)), report, stamp, words)
        sources.write(paper("sources", sources.WIDTHS), report, stamp, words)
    return made.getvalue()
