"""Views as HTML."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from schemas.moments import format_day
from schemas.periods import Period
from schemas.rulesets.document import Language, name_in
from schemas.rulesets.library import load, offered
from services.api.page import bundle
from services.api.page.board import kind_text
from services.api.page.choice import CUSTOM, YEAR_TO_DATE, Choice
from services.api.page.figures import NO_DATA, Figures
from services.api.page.language import choose, remember
from services.api.page.links import Links
from services.api.page.presets import PRESETS
from services.api.page.sources import sources_of
from services.api.page.texts import texts_of
from services.api.page.trends import FLOWS
from services.api.page.view import View
from services.api.problems import Problem
from services.api.service import Service

__all__ = ["login_page", "page_of", "problem_page", "view_page"]

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_RETRY_SECONDS: Final = 2

_PAGES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def view_page(request: Request, service: Service, view: View | None) -> Response:
    """The page of a view; None: no unit is known yet."""
    if view is None:
        return page_of(request, service, "empty.html")
    return page_of(
        request,
        service,
        "unit.html",
        view=view,
        links=view.links,
        choice=view.choice,
        periods=_periods(view.choice),
        days=_days(view.choice.span.period),
        rulesets=_rulesets(view.choice.asked.ruleset.id, view.texts.language),
        sources=sources_of(view.choice.asked.ruleset.id),
        flows=FLOWS,
    )


def _rulesets(shown: str, language: Language) -> list[tuple[str, str]]:
    """What the picker offers: (id, name) of all but drafts, and the one that is shown, whatever it is."""
    names = [*offered(), *({shown} - set(offered()))]
    return [(name, name_in(load(name).name, language)) for name in names]


def problem_page(request: Request, service: Service, problem: Problem, login: str | None = None) -> Response:
    """The page of a problem. What is not ready yet is tried again by itself; `login`: where one can sign in with another key."""
    headers = dict(problem.headers)
    if problem.status == 503 and request.method == "GET":
        headers["Refresh"] = headers.get("Retry-After", str(_RETRY_SECONDS))
    return page_of(
        request, service, "problem.html", status=problem.status, headers=headers, problem=problem, login=login
    )


def login_page(request: Request, service: Service, onward: str, problem: Problem | None = None) -> Response:
    """The page that asks for a read key, to go `onward` then; with the problem of the last try."""
    status, headers = (200, {}) if problem is None else (problem.status, problem.headers)
    return page_of(
        request,
        service,
        "login.html",
        status=status,
        headers=headers,
        problem=problem,
        onward=onward,
        links=Links(request.scope.get("root_path", "") + "/", {"next": onward}),
        signed_in=service.sessions.hash_of(request) is not None,
    )


def page_of(
    request: Request,
    service: Service,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """A template filled in, in the language of the reader; `more` is what it shows."""
    language = choose(request)
    texts = texts_of(language)
    other: Language = "en" if language == "vi" else "vi"
    links = more.setdefault("links", Links(request.scope.get("root_path", "") + "/", {}))
    html = _PAGES.get_template(template).render(
        t=texts,
        f=Figures(language),
        language=language,
        other=other,
        other_link=links.here(lang=other),
        demo=service.settings.demo,
        bundle=f"{links.root}page/{bundle.NAME}",
        no_data=NO_DATA,
        now=None if service.settings.now_us is not None else time.time_ns() // 1_000_000,
        json=_json,
        kind_text=lambda kind: kind_text(kind, texts),
        unit_name=lambda code: service.units[code].name if code in service.units else code,
        **more,
    )
    policy = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache", "Content-Language": language}
    response = HTMLResponse(html, status, {**policy, **(headers or {})})
    remember(request, response)
    return response


def _periods(choice: Choice) -> list[str]:
    """What the picker offers: the presets, and a period of the address that is none of them."""
    offered = [YEAR_TO_DATE, *PRESETS, CUSTOM]
    return offered if choice.span.name in offered else [choice.span.name, *offered]


def _days(period: Period) -> tuple[str, str]:
    """A period as the fields of a form hold it; empty without a first day."""
    return "" if period.first is None else format_day(period.first), format_day(period.last)


def _json(value: Any) -> Markup:
    """JSON inside a script element: no text can end it."""
    return Markup(msgspec.json.encode(value).decode().replace("<", "\\u003c"))  # noqa: S704 - that is what was just made sure of
