"""The parameters of a request, read once and strictly: a wrong one is a 422 that says what is allowed."""

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request

from schemas.moments import parse_day
from schemas.periods import FORMS, Period, PeriodError, between, parse_period
from services.api.problems import Problem, wrong

__all__ = ["Query"]

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
        named, first, last = (self._values.get(name) for name in ("period", "from", "to"))
        try:
            if named is not None and first is None and last is None:
                return parse_period(named, today)
            if named is None:
                return default if first is None and last is None else between(first, last, today)
        except PeriodError as error:
            raise _wrong_period(str(error), named) from error
        raise Problem(422, "give either period, or from and to, not both", members={"parameter": "period"})


def _wrong_period(detail: str, named: str | None) -> Problem:
    return wrong("from, to", detail) if named is None else wrong("period", detail, FORMS)
