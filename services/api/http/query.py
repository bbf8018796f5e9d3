"""The parameters of a request, read once and strictly: a wrong one is a 422 that says what is allowed."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from starlette.requests import Request

from schemas.moments import parse_day
from schemas.periods import FORMS, Period, PeriodError, between, parse_period
from schemas.rulesets.document import Language
from services.api.problems import Problem, wrong

__all__ = ["Query", "Span"]

SCOPES: Final = ("subtree", "own")
LANGUAGES: Final = ("vi", "en")


class Query:
    """The query of a request.

    Args:
        request: with the query.
        allowed: the parameters that mean something here.

    Raises:
        Problem: another one, or one twice. (A misspelt `form=` would else be answered with figures that nobody asked for.)
    """

    def __init__(self, request: Request, *allowed: str) -> None:
        self._values: dict[str, str] = {}
        for name, value in request.query_params.multi_items():
            if "\x00" in value:
                raise wrong(name[:80], "it holds a character that no name has (U+0000)")
            if name not in allowed:
                raise wrong(name[:80], "there is no such parameter here", allowed)
            if name in self._values:
                raise wrong(name, "it is there twice")
            self._values[name] = value

    def text(self, name: str) -> str | None:
        """A parameter as it was sent."""
        return self._values.get(name)

    def one_of(self, name: str, allowed: Sequence[str], default: str) -> str:
        """A parameter with few possible values."""
        value = self._values.get(name, default)
        if value not in allowed:
            raise wrong(name, f"it may be {' or '.join(allowed)}", allowed)
        return value

    def pooled(self) -> bool:
        """`scope`: whether a unit is counted with all below it (subtree, the default) or alone (own)."""
        return self.one_of("scope", SCOPES, SCOPES[0]) == SCOPES[0]

    def language(self) -> Language:
        """`lang`: in which the names are, Vietnamese by default."""
        return "vi" if self.one_of("lang", LANGUAGES, LANGUAGES[0]) == "vi" else "en"

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 0."""
        text = self._values.get(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit()) or int(text[:12]) > most:
            raise wrong(name, f"it is a whole number up to {most}")
        return int(text)

    def yes(self, name: str) -> bool:
        """A parameter that is true or false; absent: false."""
        return self.one_of(name, ("true", "false"), "false") == "true"

    def day(self, name: str, default: int) -> int:
        """A day such as 2026-03-12."""
        text = self._values.get(name)
        try:
            return default if text is None else parse_day(text)
        except ValueError as error:
            raise wrong(name, str(error)) from error

    def period(self, today: int, default: Period) -> Period:
        """The period of `period`, or of `from` and `to`; without any of them the default."""
        return self.span().period(today, default)

    def span(self) -> "Span":
        """The same as it was asked for: ``last-30-days`` are other days tomorrow."""
        span = Span(*(self._values.get(name) for name in ("period", "from", "to")))
        if span.named is not None and (span.first is not None or span.last is not None):
            raise Problem(422, "give either period, or from and to, not both", members={"parameter": "period"})
        return span


class Span(NamedTuple):
    """A period as it was asked for: its name, or its first and last day; all None: the default."""

    named: str | None
    first: str | None
    last: str | None

    def period(self, today: int, default: Period) -> Period:
        """Its days.

        Raises:
            Problem: 422, it is none.
        """
        try:
            if self.named is not None:
                return parse_period(self.named, today)
            return default if self.first is None and self.last is None else between(self.first, self.last, today)
        except PeriodError as error:
            raise _wrong_period(str(error), self.named) from error


def _wrong_period(detail: str, named: str | None) -> Problem:
    return wrong("from, to", detail) if named is None else wrong("period", detail, FORMS)
