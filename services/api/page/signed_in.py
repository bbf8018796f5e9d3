"""Pages that need a read key: whoever has not signed in is asked to, and comes back."""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.api.http.readers import reader_of
from services.api.page.rendering import problem_page
from services.api.problems import Problem
from services.api.service import Service
from services.common.bearer import bearer_of
from services.common.keyring import Key

__all__ = ["here", "login_address", "signed_in"]

_SEE_OTHER: Final = 303
_PRIVATE: Final = {"Cache-Control": "private, no-cache"}
"""Only the reader's own browser may keep what a key was needed for."""


async def signed_in(request: Request, service: Service, work: Callable[[Key], Awaitable[Response]]) -> Response:
    """The answer of `work` for the reader of a request; problems are pages, a missing key leads to the sign-in page."""
    try:
        response = await work(await reader_of(request, service, bearer_of(request)))
    except Problem as problem:
        if problem.status == 401:
            return RedirectResponse(login_address(request), _SEE_OTHER)
        return problem_page(request, service, problem, login_address(request))
    response.headers.update(_PRIVATE)
    return response


def login_address(request: Request) -> str:
    """The sign-in page that leads back to the present one."""
    root: str = request.scope.get("root_path", "")
    return f"{root}/login?{urlencode({'next': here(request)})}"


def here(request: Request) -> str:
    """The address of a request below the host, encoded as it was sent: a unit's code may hold a slash."""
    path: str = request.scope["raw_path"].decode("ascii")
    return path + (f"?{request.url.query}" if request.url.query else "")
