"""How a page asks for itself anew (`static/refresh.js`)."""

from typing import Final

from starlette.requests import Request

__all__ = ["REFRESH", "wants_charts"]

REFRESH: Final = "Nhip-Refresh"
"""The header with which it does: the reader has chosen nothing, the language neither. `figures`: all but charts, else `whole`."""


def wants_charts(request: Request) -> bool:
    """Whether charts are asked for: each of their points is a period of its own to score, so an open page reads them more rarely."""
    return request.headers.get(REFRESH) != "figures"
