"""Signing in with a read key, for people at the page: `GET /login` asks, `POST /login` and `POST /logout` answer with a redirection."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.api.http.asked import Api
from services.api.http.readers import reader_of_token
from services.api.page.form import form_of
from services.api.page.rendering import login_page
from services.api.problems import Problem

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_MOST_BYTES: Final = 4_096
_SEE_OTHER: Final = 303


@router.get("/login")
async def ask_for_key(request: Request, service: Api) -> Response:
    """The page that asks for a key; `next` is the address to go on to."""
    return login_page(request, service, _next(request, request.query_params.get("next", "")))


@router.post("/login")
async def sign_in(request: Request, service: Api) -> Response:
    """Begin a session with the `key` of the form; a key that may not read is told so on the page."""
    try:
        form = await form_of(request, _MOST_BYTES)
        onward = _next(request, form.get("next", ""))
    except Problem as problem:
        return login_page(request, service, _root(request), problem)
    token = form.get("key", "").strip()
    try:
        await reader_of_token(token or None, service)
    except Problem as problem:
        return login_page(request, service, onward, problem)
    response = RedirectResponse(onward, _SEE_OTHER)
    service.sessions.begin(request, response, token)
    return response


@router.post("/logout")
async def sign_out(request: Request, service: Api) -> Response:
    """End the session in this browser."""
    response = RedirectResponse(_root(request), _SEE_OTHER)
    service.sessions.end(request, response)
    return response


def _next(request: Request, text: str) -> str:
    """Where to go on to: a path of this service, never another site."""
    parts = urlsplit(text) if text.isprintable() and "\\" not in text else None
    here = parts is not None and not parts.scheme and not parts.netloc and text.startswith(_root(request))
    return text if here and not text.startswith("//") else _root(request)


def _root(request: Request) -> str:
    root: str = request.scope.get("root_path", "")
    return root + "/"
