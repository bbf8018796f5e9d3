"""What the counts depend on besides the facts and now."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from schemas.calendar import Allowed, WorkingCalendar
from schemas.moments import Zone
from schemas.units import UnitTree


class Setting(NamedTuple):
    """The unit tree, the zone whose days are counted, the working calendar of that zone.

    ``statutory``: the statutory time ("thời hạn giải quyết") of procedures, by their code.
    """

    tree: UnitTree
    zone: Zone
    calendar: WorkingCalendar
    statutory: Mapping[str, Allowed] = MappingProxyType({})
