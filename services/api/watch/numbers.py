"""The numbers of every unit by itself, as lines of /metrics: open, overdue and due soon now, late ever."""

from collections.abc import Mapping
from typing import Final

from schemas.measures import BY_NAME
from schemas.periods import Period
from services.api.cube.cube import Reading
from services.api.cube.order import TreeOrder
from services.api.service import Service
from services.common import metrics
from services.common.exposition import Family

__all__ = ["UnitNumbers"]

_STOCKS: Final = (
    (metrics.API_UNIT_OPEN_DOSSIERS, BY_NAME["open"]),
    (metrics.API_UNIT_OVERDUE_DOSSIERS, BY_NAME["open_overdue"]),
    (metrics.API_UNIT_DUE_SOON_DOSSIERS, BY_NAME["due_soon"]),
)
_LATE: Final = metrics.API_UNIT_LATE_DOSSIERS
_PROVINCE: Final = "province"

_State = tuple[TreeOrder, int, int]
"""What the lines depend on: the tree, the day, the version of the cube."""


class UnitNumbers:
    """Works them out, once a state of the cube. One thread at a time.

    A unit is there from its first row on, also when it has left the tree: a counter that vanishes looks like one that begins anew. Each
    counts its own rows, one that was taken over too: if the heir's counter took them in, it would jump.
    """

    def __init__(self, service: Service) -> None:
        """Nothing is worked out yet."""
        self._service = service
        self._order: TreeOrder | None = None
        self._labels: dict[str, str] = {}
        self._state: _State | None = None
        self._made: dict[Family, str] = {}

    def lines(self) -> Mapping[Family, str]:
        """The lines of all units; none while the counts are not complete: they would jump when they are."""
        service = self._service
        if service.missing():
            return {}
        today = service.today
        order = service.order_on(today)
        if self._state != (order, today, service.cube.state.version):
            with service.cube.reading() as reading:
                self._state = order, today, reading.state.version
                self._made = self._work_out(reading, order, today)
        return self._made

    def _work_out(self, reading: Reading, order: TreeOrder, today: int) -> dict[Family, str]:
        units = reading.named
        if self._order is not order:
            self._order, self._labels = order, {}
        labels = [self._labels.get(unit) or self._labelled(unit, order) for unit in units]
        now = Period(None, today)
        found = {
            family: family.lines(labels, reading.measure(units, measure, now).tolist()) for family, measure in _STOCKS
        }
        found[_LATE] = _LATE.lines(labels, reading.told.late_notices(units))
        return found

    def _labelled(self, unit: str, order: TreeOrder) -> str:
        labels = self._labels[unit] = _LATE.labelled(unit, _province_of(unit, order))
        return labels


def _province_of(unit: str, order: TreeOrder) -> str:
    """The province that a unit is or lies in, without one the unit at the top of its line; "" of a unit that is in no tree."""
    place = order.places.get(unit)
    if place is None:
        return ""
    province = int(order.lies_in(_PROVINCE)[place])
    while province < 0 < (above := int(order.parents[place])):
        place = above
    return order.codes[place if province < 0 else province]
