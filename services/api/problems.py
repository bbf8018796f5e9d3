"""The problems of the api: what is not there, what is not allowed, what is not known yet."""

from collections.abc import Mapping, Sequence
from typing import Final

from services.common.problems import Problem, respond

__all__ = ["Problem", "not_found", "not_yet", "respond", "wrong"]

_SHOWN: Final = 80


def wrong(parameter: str, detail: str, allowed: Sequence[str] = ()) -> Problem:
    """422: a parameter has a value that means nothing here."""
    members: dict[str, object] = {"parameter": parameter}
    if allowed:
        members["allowed"] = list(allowed)
    return Problem(422, f"{parameter}: {detail}", members=members)


def not_found(what: str, name: str, hint: str, members: Mapping[str, object] | None = None) -> Problem:
    """404: there is no such thing."""
    shown = name if len(name) <= _SHOWN else name[:_SHOWN] + "…"
    return Problem(404, f"there is no {what} {shown!r}; {hint}", members=members)


def not_yet(missing: Mapping[str, str]) -> Problem:
    """503: the counts have not been read yet."""
    detail = "the counts are not complete yet; `missing` says why"
    return Problem(503, detail, headers={"Retry-After": "2"}, members={"missing": dict(missing)})
