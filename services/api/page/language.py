"""Which language a reader gets: `?lang=`, else what was chosen before (a cookie), else what the browser asks for, else Vietnamese."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from schemas.rulesets.document import Language
from services.api.page.refresh import REFRESH

__all__ = ["choose", "remember"]

_COOKIE: Final = "nhip-lang"
_A_YEAR_SECONDS: Final = 365 * 86_400
_KNOWN: Final[dict[str, Language]] = {"vi": "vi", "en": "en"}


def choose(request: Request) -> Language:
    """The language of an answer; a word that is no language of ours is passed over."""
    for said in (request.query_params.get("lang"), request.cookies.get(_COOKIE)):
        if said in _KNOWN:
            return _KNOWN[said]
    return _accepted(request.headers.get("accept-language", ""))


def remember(request: Request, response: Response) -> None:
    """Keep a language that was chosen with `?lang=`; answers differ by what it was chosen from."""
    response.headers["Vary"] = "Accept-Language, Cookie"
    said = request.query_params.get("lang")
    if said in _KNOWN and REFRESH not in request.headers:
        response.set_cookie(_COOKIE, said, max_age=_A_YEAR_SECONDS, httponly=True, samesite="lax")


def _accepted(header: str) -> Language:
    """The language of ours that `Accept-Language` weighs most (RFC 9110, 12.5.4); the first of equal ones, Vietnamese without any."""
    best: Language = "vi"
    most = 0.0
    for entry in header.split(","):
        tag, _, parameters = entry.partition(";")
        language = _KNOWN.get(tag.strip().lower().partition("-")[0])
        weight = _weight(parameters)
        if language is not None and weight > most:
            best, most = language, weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
