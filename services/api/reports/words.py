"""Periods, agencies and rules of points in words, as official papers have them (Decree 30/2020/NĐ-CP, appendix I)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from schemas.moments import parse_day
from schemas.periods import Period, months_of
from schemas.rulesets.fileformat import IndicatorLine, Names
from services.api.documents.kept import Stamp
from services.api.documents.parts import Kind
from services.api.page.figures import Figures
from services.api.page.texts import Texts
from services.api.reports.model import Closed, Official, UnitName

__all__ = ["Words"]

_ROMAN: Final = ("I", "II", "III", "IV")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_CITY: Final = ("thành phố", "tỉnh", "tp")
"""How a province's name begins that says itself what it is."""


class Words:
    """The words of one language."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.figures = Figures(texts.language)

    def period(self, first: str | None, last: str) -> str:
        """A period by its name (quý I năm 2026) where it has one, else by its days."""
        if first is None:
            return self.texts("period.until", last=self.figures.day(last))
        begin = date.fromisoformat(first)
        match months_of(Period(parse_day(first), parse_day(last))):
            case 1:
                return self.texts("period.month", month=begin.month, name=_MONTHS[begin.month - 1], year=begin.year)
            case 3:
                return self.texts("period.quarter", roman=_ROMAN[begin.month // 3], year=begin.year)
            case 6:
                return self.texts("period.half_1" if begin.month == 1 else "period.half_2", year=begin.year)
            case 12:
                return self.texts("period.year", year=begin.year)
        if first == last:
            return self.texts("period.day", day=self.figures.day(first))
        return self._days(first, last)

    def period_with_days(self, first: str | None, last: str) -> str:
        """The same with its days behind a name: quý I năm 2026 (từ ngày 01/01/2026 đến ngày 31/03/2026)."""
        name = self.period(first, last)
        if first is None or first == last or name == (days := self._days(first, last)):
            return name
        return f"{name} ({days})"

    def agency(self, unit: UnitName, parent: UnitName | None) -> tuple[str, str]:
        """The lines of the heading: the agency above, and the one that reports (its name, in capitals); the first may be empty."""
        if unit.kind == "province":
            return self._committee(unit), self.texts("office")
        if unit.kind in ("commune", "district"):
            return self.texts("committee"), unit.name.upper()
        above = "" if parent is None else self._committee(parent) if parent.kind == "province" else parent.name.upper()
        return above, unit.name.upper()

    def name(self, names: Names) -> str:
        """A name of a rule set."""
        return names.vi if self.texts.language == "vi" else names.en

    def part(self, of: Kind, code: str | None, name: str | None) -> str:
        """A part of a unit's counts (`services.api.documents.parts.Part`)."""
        if of == "sector" and code is None:
            return self.texts("part.no_sector")
        return self.texts(f"part.{of}", name=name or code or "")

    def points(self, line: IndicatorLine) -> str:
        """How an indicator's ratio becomes points."""
        filled = {"max": self._number(line.max), "full": self._share(line.full_from)}
        match line.curve:
            case "steps":
                steps = (
                    self.texts("curve.step", least=self._share(step.at_least), points=self._number(step.points))
                    for step in line.steps
                )
                return self.texts("curve.steps", steps="; ".join(steps))
            case "linear" if line.full_from != 1:
                return self.texts("curve.linear_from", **filled)
            case curve:
                return self.texts(f"curve.{curve}", **filled)

    def as_of(self, stamp: Stamp | Official) -> str:
        """As of when the figures hold."""
        return self.texts("as_of", moment=self.figures.moment(stamp.as_of), revision=stamp.revision)

    def closed(self, closed: Closed) -> str:
        """How a period was closed."""
        moment, by = self.figures.moment(closed.closed_at), closed.closed_by
        how = self.texts("closed.how", closing=closed.closing, moment=moment, system=by.system, unit=by.unit)
        return how if closed.decision is None else how + self.texts("closed.decision", decision=closed.decision)

    def differs(self, closed: Closed) -> str:
        """In how much live figures differ from the official ones."""
        if closed.differs is None:
            return self.texts("closed.not_known")
        count = len(closed.differs)
        return self.texts("closed.differs", count=self.figures.count(count)) if count else self.texts("closed.same")

    def until(self, last: str, stamp: Stamp) -> str:
        """Up to when a period counts: the end of its last day, or the moment of the figures where that has not come yet."""
        at = datetime.fromisoformat(stamp.as_of)
        if last < at.date().isoformat():
            return self.texts("end_of", day=self.figures.day(last))
        day = self.figures.day(at.date().isoformat())
        return self.texts("moment", hour=f"{at:%H}", minute=f"{at:%M}", day=day)

    def _days(self, first: str, last: str) -> str:
        return self.texts("period.days", first=self.figures.day(first), last=self.figures.day(last))

    def _committee(self, unit: UnitName) -> str:
        named = unit.name.lower().startswith(_CITY)
        name = unit.name if named else self.texts("province", name=unit.name)
        return self.texts("committee_of", name=name).upper()

    def _number(self, value: Decimal) -> str:
        return self.figures.most(float(value))

    def _share(self, value: Decimal) -> str:
        return f"{self.figures.most(float(100 * value))}\u00a0%"
