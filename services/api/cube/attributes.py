"""What is known about procedures (catalogue, `nhip.procedure.described`): flags, and how many online services each has."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

SERVICES: Final = "services"
"""The one attribute that is a number; 1 where nothing is said."""


class Attributes:
    """Attributes by procedure; what nobody said is 0."""

    __slots__ = ("_columns", "_known")

    def __init__(self) -> None:
        self._known: dict[str, dict[int, int]] = {}
        self._columns: dict[str, NDArray[np.int64]] = {}

    def of(self, item: int, name: str) -> int:
        """An attribute of one procedure."""
        return self._known.get(name, {}).get(item, _default(name))

    def column(self, name: str, size: int) -> NDArray[np.int64]:
        """An attribute of the first `size` procedures; not to be written to, because it serves until the next change."""
        column = self._columns.get(name)
        if column is None or len(column) != size:
            column = self._columns[name] = self._column(name, size)
        return column

    def _column(self, name: str, size: int) -> NDArray[np.int64]:
        found = np.full(size, _default(name), np.int64)
        known = self._known.get(name, {})
        places = np.fromiter(known.keys(), np.intp, len(known))
        values = np.fromiter(known.values(), np.int64, len(known))
        there = places < size
        found[places[there]] = values[there]
        return found

    def put(self, item: int, values: Mapping[str, int]) -> None:
        """Replace all attributes of a procedure."""
        self._columns.clear()
        for name in self._known.keys() - values.keys():
            self._known[name].pop(item, None)
        for name, value in values.items():
            self._known.setdefault(name, {})[item] = value


def _default(name: str) -> int:
    return 1 if name == SERVICES else 0
