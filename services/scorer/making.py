"""What rows are made by: code, zone, calendars, tree, statutory times, settings; and the fingerprint by which they are made anew."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from schemas.calendar import WorkingCalendar
from services.common.tree import TreeFollower
from services.scorer.agents.partition import Making
from services.scorer.catalogue import Held, fingerprint
from services.scorer.domain.setting import Setting

_MADE_OF = ("schemas", "services.scorer.domain")
"""The packages whose code decides what a dossier counts for."""


class Maker:
    """The present `Making`: follows the unit tree.

    Args:
        calendar: whose working time is counted, and whose zone's days.
        own_calendars: of units that work by hours of their own.
        tree: the follower of the topic of the tree, started.
        catalogue: gives the statutory times of procedures as they hold now.
        due_soon_hours: of working time, from which on before its due moment a dossier is due soon.
    """

    def __init__(
        self,
        calendar: WorkingCalendar,
        own_calendars: Mapping[str, WorkingCalendar],
        tree: TreeFollower,
        catalogue: Callable[[], Held],
        due_soon_hours: float = 0.0,
    ) -> None:
        self._calendar = calendar
        self._own_calendars = own_calendars
        own = ",".join(f"{unit}={own_calendars[unit].fingerprint}" for unit in sorted(own_calendars))
        self._soon_seconds = due_soon_hours * 3600
        self._made_of = f"{code_fingerprint()} {calendar.zone.name} {calendar.fingerprint},{own} {due_soon_hours:g}"
        self._tree = tree
        self._catalogue = catalogue
        self._version, self._held = tree.version, catalogue()
        self._making = self._make()

    def __call__(self) -> Making:
        """What rows are to be made by now."""
        version, held = self._tree.version, self._catalogue()
        if version != self._version or held is not self._held:
            anew = version != self._version or held.statutory is not self._held.statutory
            self._version, self._held = version, held
            self._making = self._make() if anew else self._making._replace(catalogue=held.events)
        return self._making

    def _make(self) -> Making:
        statutory = self._held.statutory
        zone, soon = self._calendar.zone, self._soon_seconds
        setting = Setting(self._tree.tree, zone, self._calendar, statutory, self._own_calendars, soon)
        made_by = " ".join(filter(None, (self._made_of, fingerprint(statutory), self._version)))
        return Making(setting, made_by, self._held.events)


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
