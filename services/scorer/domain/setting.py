"""What the counts depend on besides the facts and now."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from schemas.calendar import Allowed, WorkingCalendar, calendar_of
from schemas.moments import Zone
from schemas.units import UnitTree


class Setting(NamedTuple):
    """The unit tree, the zone whose days are counted, the working calendar of that zone.

    ``statutory``: the statutory time ("thời hạn giải quyết") of procedures, by their code. ``own_calendars``: calendars of units with
    working hours of their own. ``soon_seconds``: how much working time before its due moment a dossier begins to be due soon (0: never).
    """

    tree: UnitTree
    zone: Zone
    calendar: WorkingCalendar
    statutory: Mapping[str, Allowed] = MappingProxyType({})
    own_calendars: Mapping[str, WorkingCalendar] = MappingProxyType({})
    soon_seconds: float = 0.0

    def calendar_of(self, unit: str) -> WorkingCalendar:
        """The calendar that a unit works by: its own, else that of the next unit above it that has one, else everybody's."""
        return calendar_of(unit, self.tree, self.own_calendars, self.calendar)
