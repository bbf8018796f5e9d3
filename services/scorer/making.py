"""What rows are made by: code, time zone, working calendar, unit tree; and the fingerprint that says whether they must be made anew."""

import hashlib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from schemas.calendar import WorkingCalendar
from services.common.tree import TreeFollower
from services.scorer.agents.partition import Making
from services.scorer.domain.setting import Setting

_MADE_OF = ("schemas", "services.scorer.domain")
"""The packages whose code decides what a dossier counts for."""


class Maker:
    """The present `Making`: follows the unit tree.

    Args:
        calendar: whose working time is counted, and whose zone's days. A corrected one makes all rows anew.
        tree: the follower of the topic of the tree, started.
    """

    def __init__(self, calendar: WorkingCalendar, tree: TreeFollower) -> None:
        self._calendar = calendar
        self._tree = tree
        self._making = self._make()
        self._version = tree.version

    def __call__(self) -> Making:
        """What rows are to be made by now."""
        if self._tree.version != self._version:
            self._version = self._tree.version
            self._making = self._make()
        return self._making

    def _make(self) -> Making:
        calendar, tree = self._calendar, self._tree
        made_by = f"{code_fingerprint()} {calendar.zone.name} {calendar.fingerprint} {tree.version}"
        return Making(Setting(tree.tree, calendar.zone, calendar), made_by)


@cache
def code_fingerprint() -> str:
    """A short hash of the kernel's source: rows of other code are made anew."""
    digest = hashlib.sha256()
    for package in _MADE_OF:
        for name, source in sorted(_sources(resources.files(package), "")):
            digest.update(name.encode())
            digest.update(source)
    return digest.hexdigest()[:12]


def _sources(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _sources(entry, f"{path}{entry.name}/")
        elif entry.name.endswith(".py"):
            found.append((path + entry.name, entry.read_bytes()))
    return found
