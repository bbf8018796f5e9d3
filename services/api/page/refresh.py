"""How a page asks for itself anew (`static/refresh.js`)."""

from typing import Final

from starlette.requests import Request

__all__ = ["REFRESH", "wants_whole"]

REFRESH: Final = "Nhip-Refresh"
"""The header with which it does: the reader has chosen nothing, the language neither.

`figures`: all but charts and explanation, else `whole`.
"""


def wants_whole(request: Request) -> bool:
    """Whether charts and explanation are asked for: each point, each gain is a score of its own, so an open page asks rarely."""
    return request.headers.get(REFRESH) != "figures"
