"""Addresses of pages that keep what was chosen."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode

__all__ = ["Links"]

_OF_ONE_PAGE: Final = frozenset({"q", "sort", "kind", "status", "procedure", "agency", "code", "after", "next"})
"""What was chosen on one page alone means nothing on another."""


class Links:
    """Addresses beside the present one.

    Args:
        root: the path that the service is reached under, ending with a slash.
        kept: the parameters of the present address that choose something.
    """

    def __init__(self, root: str, kept: Mapping[str, str]) -> None:
        self.root: Final = root
        self._kept = dict(kept)
        self._elsewhere = {name: value for name, value in kept.items() if name not in _OF_ONE_PAGE}

    def unit(self, code: str) -> str:
        """A unit's page in the same period and rule set."""
        return f"{self.root}units/{quote(code, safe='')}{_query(self._elsewhere)}"

    def unit_in(self, code: str, first: str, last: str, ruleset: str) -> str:
        """A unit's page in other days and by another rule set."""
        chosen = {"period": "custom", "from": first, "to": last, "ruleset": ruleset}
        return f"{self.root}units/{quote(code, safe='')}{_query(self._elsewhere | chosen)}"

    def of_unit(self, code: str, page: str, **chosen: str) -> str:
        """A further page of a unit (`dossiers`, `findings`, …) in the same period and rule set."""
        return f"{self.root}units/{quote(code, safe='')}/{page}{_query(self._elsewhere | chosen)}"

    def dossier(self, code: str) -> str:
        """The page of a dossier."""
        return f"{self.root}dossiers/{quote(code, safe='')}{_query(self._elsewhere)}"

    def top(self) -> str:
        """The first page in the same period and rule set."""
        return self.root + _query(self._elsewhere)

    def here(self, **changed: str) -> str:
        """This page with something else chosen, empty: not at all. `?` with nothing (an empty address would keep the present one's)."""
        return _query({name: value for name, value in {**self._kept, **changed}.items() if value}) or "?"

    def kept(self, *changed: str) -> list[tuple[str, str]]:
        """What a form has to send along that changes these parameters itself."""
        return [(name, value) for name, value in self._kept.items() if name not in changed]

    def report(self, code: str, form: str, **parameters: str) -> str:
        """A report on a unit as a file, `.xlsx`, `/lateness.txt`, …"""
        return self.api(f"v1/reports/{quote(code, safe='')}{form}", **parameters)

    def api(self, path: str, **parameters: str | None) -> str:
        """A path of the api."""
        return self.root + path + _query({name: value for name, value in parameters.items() if value is not None})


def _query(parameters: Mapping[str, str]) -> str:
    return f"?{urlencode(parameters)}" if parameters else ""
