"""What a reader chose in the address of a page."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from starlette.requests import Request

from schemas.periods import FORMS, Period, PeriodError, between, parse_period, year_to_date
from schemas.rulesets.document import Language
from services.api.documents.asked import Asked
from services.api.documents.series import TOTAL
from services.api.http.asked import ruleset_of
from services.api.http.query import LANGUAGES, Query
from services.api.page.links import Links
from services.api.page.presets import PRESETS
from services.api.problems import wrong
from services.api.service import Service

__all__ = ["CUSTOM", "SORTS", "YEAR_TO_DATE", "Choice", "Span", "read"]

CUSTOM: Final = "custom"
YEAR_TO_DATE: Final = "year-to-date"

SORTS: Final = ("rank", "name", "total", "overdue", "change")
"""Columns that a ranking can be sorted by; with `-` before it the other way round."""

_ORDERS: Final = (*SORTS, *(f"-{column}" for column in SORTS))
_NAMES: Final = ("period", "from", "to", "ruleset", "lang", "q", "sort", "kind", "series")


class Span(Struct, frozen=True, kw_only=True):
    """A period with its name: one of PRESETS, `year-to-date`, `custom`, or as the api writes it (2026-Q1).

    ``asked`` are the parameters with which the api's paths give the same period.
    """

    name: str
    period: Period
    asked: dict[str, str]


class Choice(Struct, frozen=True, kw_only=True):
    """What a page shows: ``asked`` are the rule set, the period of ``span`` and the language; ``kind`` None is the kind that most
    children have, ``series`` `total` or a group's code; ``more``: what chooses on one page alone.
    """

    asked: Asked
    span: Span
    search: str
    sort: str
    kind: str | None
    series: str
    more: Mapping[str, str]


def read(request: Request, service: Service, language: Language, *more: str) -> tuple[Choice, Links]:
    """The choice of an address. An empty parameter is what a form sends for "as usual": the same as none.

    Args:
        request: of the page.
        service: of the rule sets and of today.
        language: of the page.
        more: further parameters that the page knows.

    Raises:
        Problem: 404 or 422, with what is allowed.
    """
    names = (*_NAMES, *more)
    query = Query(request, *names)
    said = {name: text for name in names if (text := (query.text(name) or "").strip())}
    if said.pop("lang", "vi") not in LANGUAGES:
        raise wrong("lang", "it may be vi or en", LANGUAGES)
    if said.get("sort", SORTS[0]) not in _ORDERS:
        raise wrong("sort", f"it may be {', '.join(_ORDERS)}", _ORDERS)
    ruleset = ruleset_of(service, said.get("ruleset"))
    if said.get("series") not in {group.code for group in ruleset.groups}:
        said.pop("series", None)  # the total, or a group of another rule set
    span = _span(said, service.today)
    if span.name != CUSTOM:
        said.pop("from", None)  # the form sends its days along
        said.pop("to", None)
    choice = Choice(
        asked=Asked(ruleset, span.period, pooled=True, language=language),
        span=span,
        search=said.get("q", ""),
        sort=said.get("sort", SORTS[0]),
        kind=said.get("kind"),
        series=said.get("series", TOTAL),
        more={name: said[name] for name in more if name in said},
    )
    return choice, Links(request.scope.get("root_path", "") + "/", said)


def _span(said: Mapping[str, str], today: int) -> Span:
    days = {name: said[name] for name in ("from", "to") if name in said}
    name = said.get("period", CUSTOM)
    try:
        if name == CUSTOM and days:
            return Span(name=CUSTOM, period=between(days.get("from"), days.get("to"), today), asked=days)
        if name in (CUSTOM, YEAR_TO_DATE):
            return Span(name=YEAR_TO_DATE, period=year_to_date(today), asked={})
        text = PRESETS[name](today) if name in PRESETS else name
        return Span(name=name, period=parse_period(text, today), asked={"period": text})
    except PeriodError as error:
        raise wrong("period", str(error), (*PRESETS, *FORMS)) from error
