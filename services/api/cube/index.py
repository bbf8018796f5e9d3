"""Small numbers for units and for (unit, procedure), in the order in which they appear."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]

NOBODY = 0
"""The slot of every unit without rows."""


class Index:
    """Slots of units; pairs of a unit and an item (a procedure). Both only grow."""

    __slots__ = ("_items", "_pairs", "_places", "_slots", "items")

    def __init__(self) -> None:
        self._slots: dict[str, int] = {}
        self._pairs: list[dict[str, int]] = [{}]
        self._items: dict[str, int] = {}
        self.items: list[str] = []
        """The procedures (for petitions: their classes) by their number."""
        self._places = _Growing()

    @property
    def slots(self) -> int:
        """How many slots there are, NOBODY included."""
        return len(self._pairs)

    @property
    def units(self) -> Iterable[str]:
        """The units that have a slot, in the order in which they got it."""
        return self._slots

    def slot(self, unit: str) -> int:
        """The slot of a unit; a new one if it has none."""
        found = self._slots.get(unit)
        if found is None:
            found = self._slots[unit] = len(self._pairs)
            self._pairs.append({})
        return found

    def known(self, units: Iterable[str]) -> Places:
        """The slots of units; NOBODY for those without rows."""
        get = self._slots.get
        return np.fromiter((get(unit, NOBODY) for unit in units), np.intp)

    def pairs_of(self, slot: int) -> dict[str, int]:
        """The pairs of a unit by item; `new_pair` adds to it."""
        return self._pairs[slot]

    def new_pair(self, slot: int, item: str) -> int:
        """A number for a unit and an item that have none."""
        number = self.item(item)
        pair = self._pairs[slot][item] = len(self._places)
        self._places.append(slot, number)
        return pair

    def item(self, name: str) -> int:
        """The number of an item; a new one if it has none."""
        number = self._items.get(name)
        if number is None:
            number = self._items[name] = len(self.items)
            self.items.append(name)
        return number

    @property
    def pairs(self) -> tuple[Places, Places]:
        """The unit's slot and the item's number of each pair, as of now (a writer may be adding more)."""
        slots, items = self._places.columns
        return slots, items


class _Growing:
    """Two columns of numbers that grow at their end."""

    __slots__ = ("_room", "_size")

    def __init__(self) -> None:
        self._room = np.zeros((2, 64), np.intp)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def append(self, one: int, other: int) -> None:
        if self._size == self._room.shape[1]:
            self._room = np.concatenate([self._room, np.zeros_like(self._room)], axis=1)
        self._room[:, self._size] = one, other
        self._size += 1

    @property
    def columns(self) -> Places:
        found: Places = self._room[:, : self._size]
        return found
