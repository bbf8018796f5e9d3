"""What Prometheus is told of each unit: how many of its dossiers are open, overdue and due soon, and how many ever became late; and how
long the systems that speak for units have been silent.
"""

from collections.abc import Iterable
from typing import Final

from prometheus_client.metrics_core import Metric

from schemas.measures import BY_NAME
from schemas.periods import Period
from schemas.units import UnitTree
from services.api.cube.order import TreeOrder
from services.api.service import Service
from services.common.metrics import (
    API_SYSTEM_HABIT_SECONDS,
    API_SYSTEM_SILENCE_SECONDS,
    API_UNIT_DUE_SOON_DOSSIERS,
    API_UNIT_LATE_DOSSIERS,
    API_UNIT_OPEN_DOSSIERS,
    API_UNIT_OVERDUE_DOSSIERS,
)

__all__ = ["UnitMetrics", "province_of"]

_STOCKS: Final = (
    (API_UNIT_OPEN_DOSSIERS, BY_NAME["open"]),
    (API_UNIT_OVERDUE_DOSSIERS, BY_NAME["open_overdue"]),
    (API_UNIT_DUE_SOON_DOSSIERS, BY_NAME["due_soon"]),
)
_RECEIVED: Final = BY_NAME["received"]


class UnitMetrics:
    """Numbers of every unit's own dossiers, without those of units below it: whoever adds them up chooses what to add.

    They are worked out once a state of the cube, and not before it is whole: a counter that is loading would jump.

    Args:
        service: whose cube.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._made: tuple[tuple[int, TreeOrder], list[Metric]] | None = None

    def __call__(self) -> Iterable[Metric]:
        """The metrics of all units that ever had a dossier."""
        service = self._service
        if service.missing():
            return ()
        key = service.cube.state.version, service.order_on(service.today)
        if self._made is None or self._made[0] != key:
            self._made = key, self._work(key[1])
        return [*self._made[1], *self._silences()]

    def _silences(self) -> list[Metric]:
        """They grow with time alone, so they are worked out each time."""
        found = self._service.silences()
        return [
            API_SYSTEM_SILENCE_SECONDS.of((sender, silence.seconds) for sender, silence in found.items()),
            API_SYSTEM_HABIT_SECONDS.of(
                (sender, silence.habit) for sender, silence in found.items() if silence.habit is not None
            ),
        ]

    def _work(self, order: TreeOrder) -> list[Metric]:
        codes = order.codes[1:]  # the country is no unit
        since_ever = Period(None, order.day)
        with self._service.cube.reading() as reading:
            stocks = [(family, reading.measure(codes, measure, since_ever)) for family, measure in _STOCKS]
            received = reading.measure(codes, _RECEIVED, since_ever)
            late = [reading.late(code) for code in codes]
        shown = [
            (row, (code, province_of(order.tree, code)))
            for row, code in enumerate(codes)
            if received[row] or late[row] or any(numbers[row] for _, numbers in stocks)
        ]
        return [
            *(family.of((labels, int(numbers[row])) for row, labels in shown) for family, numbers in stocks),
            API_UNIT_LATE_DOSSIERS.of((labels, late[row]) for row, labels in shown),
        ]


def province_of(tree: UnitTree, code: str) -> str:
    """The province that a unit lies in, or is; where there is none above it, the topmost unit."""
    unit = tree[code]
    while unit.kind != "province" and unit.parent is not None:
        unit = tree[unit.parent]
    return unit.code
