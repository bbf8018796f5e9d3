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
    working hours of their own.
    """

    tree: UnitTree
    zone: Zone
    calendar: WorkingCalendar
    statutory: Mapping[str, Allowed] = MappingProxyType({})
    own_calendars: Mapping[str, WorkingCalendar] = MappingProxyType({})

    def calendar_of(self, unit: str) -> WorkingCalendar:
        """The calendar that a unit works by: its own, else that of the next unit above it that has one, else everybody's."""
        return calendar_of(unit, self.tree, self.own_calendars, self.calendar)
