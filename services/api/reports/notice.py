"""The notice of late dossiers, ready to send: counts, the worst units and fields; no dossier, no person."""

from collections.abc import Iterator, Sequence
from typing import Final

from schemas.rulesets.document import Language
from services.api.documents.kept import Stamp
from services.api.documents.late import Late
from services.api.reports.model import Lateness
from services.api.reports.texts import texts_of
from services.api.reports.words import Words

__all__ = ["notice_of"]

NAMED: Final = 10
"""Units, and fields, that are named; of the others the sums."""


def notice_of(lateness: Lateness, stamp: Stamp, language: Language) -> str:
    """The text; lines end with a line feed."""
    words = Words(texts_of(language))
    return "\n".join([*_lines(lateness, stamp, words), ""])


def _lines(lateness: Lateness, stamp: Stamp, words: Words) -> Iterator[str]:
    texts, figures, total = words.texts, words.figures, lateness.total
    period = words.period(lateness.first, lateness.last)
    said = {"until": words.until(lateness.last, stamp), "unit": lateness.unit.name, "period": period}
    yield texts("notice.title")
    yield texts("notice.about", period=period)
    yield ""
    if not total.late:
        yield texts("notice.none", **said)
        yield words.as_of(stamp)
        return
    yield texts("notice.summary", late=figures.count(total.late), **said)
    yield texts("notice.ended_late", late=figures.count(total.ended_late), of=figures.count(total.ended))
    yield texts("notice.open_overdue", late=figures.count(total.open_overdue), of=figures.count(total.open))
    units, fields = ([row for row in rows if row.late] for rows in (lateness.units, lateness.fields))
    for heading, rows in (("notice.units", units), ("notice.fields", fields)):
        yield ""
        yield texts(heading)
        yield from _named(rows, words)
    asked = [row for row in units if row.of != "ended"]
    if asked:
        yield ""
        yield texts("notice.request", unit=_name(asked[0], words), field=_field(fields[0], words))
    yield ""
    yield words.as_of(stamp)


def _named(rows: Sequence[Late], words: Words) -> Iterator[str]:
    texts, count = words.texts, words.figures.count
    for place, row in enumerate(rows[:NAMED], 1):
        ended, still = count(row.ended_late), count(row.open_overdue)
        yield texts("notice.line", place=place, name=_name(row, words), ended=ended, open=still)
    rest = rows[NAMED:]
    if rest:
        ended, still = (count(sum(getattr(row, name) for row in rest)) for name in ("ended_late", "open_overdue"))
        yield texts("notice.more", count=len(rest), ended=ended, open=still)


def _name(row: Late, words: Words) -> str:
    return words.part(row.of, row.code, row.name)


def _field(row: Late, words: Words) -> str:
    name = _name(row, words)
    return words.texts("notice.sector", name=name) if row.of == "sector" else name
