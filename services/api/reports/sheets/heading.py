"""Heading and signatures of official papers (Decree 30/2020/NĐ-CP, appendix I: agency at the left, the national heading at the right)."""

from services.api.documents.kept import Stamp
from services.api.reports.model import Report
from services.api.reports.sheets.paper import Cell, Paper
from services.api.reports.words import Words

__all__ = ["head", "sign", "standing"]


def head(paper: Paper, report: Report, words: Words) -> None:
    """Who reports, and the country with its motto."""
    above, itself = words.agency(report.unit, report.parent)
    _halves(paper, (above, "center"), (words.texts("country"), "bold center"))
    _halves(paper, (itself, "bold underlined center"), (words.texts("motto"), "bold underlined center"))
    paper.skip()


def standing(paper: Paper, report: Report, stamp: Stamp, words: Words, looks: str = "center") -> None:
    """As of when the figures hold; of a closed period also how it was closed, and whether these figures are the official ones."""
    texts = words.texts
    paper.text(words.as_of(report.published or stamp), f"italic {looks}")
    if report.published is not None:
        paper.text(texts("closed.official", how=words.closed(report.published)), f"bold {looks}")
        paper.text(texts("closed.now", as_of=words.as_of(stamp)), f"italic {looks}")
    if report.closed is not None:
        told = {"how": words.closed(report.closed), "differs": words.differs(report.closed)}
        paper.text(texts("closed.live", **told), f"bold {looks}")


def sign(paper: Paper, report: Report, words: Words) -> None:
    """Room for place and date, for who prepared the report and for who answers for it."""
    texts = words.texts
    head_of = "sign.head_office" if report.unit.kind == "province" else "sign.head"
    _halves(paper, ("", "center"), (texts("sign.place"), "italic center"))
    _halves(paper, (texts("sign.prepared"), "bold center"), (texts(head_of), "bold center"))
    _halves(paper, (texts("sign.prepared_how"), "italic center"), (texts("sign.head_how"), "italic center"))


def _halves(paper: Paper, left: tuple[str, str], right: tuple[str, str]) -> None:
    half = paper.half
    paper.line(Cell(*left, half), Cell(*right, paper.width - half))
