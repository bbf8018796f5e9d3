"""Numbers, days and moments as a language writes them: 1.234,56 and 12/03/2026, or 1,234.56 and 12 Mar 2026.

`static/figures.js` writes the same in the browser.
"""

from datetime import date, datetime
from typing import Final

from schemas.rulesets.document import Language

__all__ = ["NO_DATA", "Figures"]

NO_DATA: Final = "–"
"""Shown where there is nothing to count: never a zero."""

_MINUS: Final = "−"
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SWAPPED: Final = str.maketrans(",.", ".,")


class Figures:
    """How one language writes figures. Everything that may be absent (None) becomes a dash."""

    def __init__(self, language: Language) -> None:
        self._vi = language == "vi"

    def count(self, value: float | None) -> str:
        """A whole number, or (a weighted count) one with up to four decimals."""
        if value is None:
            return NO_DATA
        text = f"{value:,}" if isinstance(value, int) else f"{value:,.4f}".rstrip("0").rstrip(".")
        return self._written(text)

    def points(self, value: float | None) -> str:
        """Points, two decimals."""
        return NO_DATA if value is None else self._written(f"{value:,.2f}")

    def most(self, value: float) -> str:
        """The points that there are, as short as it goes: 20, 2,5."""
        return self._written(f"{value:,.2f}".rstrip("0").rstrip("."))

    def change(self, value: float | None) -> str:
        """A difference of points with its sign."""
        return NO_DATA if value is None else self._written(f"{value:+,.2f}")

    def percent(self, ratio: float | None) -> str:
        """A ratio as a percentage, two decimals."""
        return NO_DATA if ratio is None else self._written(f"{100 * ratio:,.2f}") + ("\u00a0%" if self._vi else "%")

    def duration(self, seconds: float | None, days: str) -> str:
        """A mean of seconds as days; `days` is their word."""
        return NO_DATA if seconds is None else f"{self.points(seconds / 86_400)} {days}"

    def day(self, text: str | None) -> str:
        """A day such as 2026-03-12."""
        if text is None:
            return NO_DATA
        day = date.fromisoformat(text)
        return f"{day:%d/%m/%Y}" if self._vi else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def month(self, text: str) -> str:
        """The month of a day such as 2026-03-12."""
        day = date.fromisoformat(text)
        return f"{day:%m/%Y}" if self._vi else f"{_MONTHS[day.month - 1]} {day.year}"

    def step(self, day: str, step: str) -> str:
        """A step of a chart by its first day: the month of a month, of a day or week the day."""
        return self.month(day) if step == "month" else self.day(day)

    def days(self, first: str | None, last: str) -> str:
        """A period of days; without a first one it began before all counting."""
        if first == last:
            return self.day(last)
        return f"{'…' if first is None else self.day(first)} – {self.day(last)}"

    def moment(self, text: str | None) -> str:
        """A moment (RFC 3339) by its own offset, to the second."""
        if text is None:
            return NO_DATA
        at = datetime.fromisoformat(text)
        return f"{at:%H:%M:%S} {self.day(at.date().isoformat())}"

    def minute(self, text: str | None) -> str:
        """The same to the minute."""
        return NO_DATA if text is None else f"{datetime.fromisoformat(text):%H:%M} {self.moment(text)[9:]}"

    def _written(self, text: str) -> str:
        return (text.translate(_SWAPPED) if self._vi else text).replace("-", _MINUS)
