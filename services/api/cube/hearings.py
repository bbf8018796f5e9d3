"""When senders were heard, over all partitions (rows of the kind HEARD)."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from schemas.rows import HeardKey

__all__ = ["Heard", "Hearings", "Sender"]


class Sender(NamedTuple):
    """A system that speaks by keys of a unit."""

    system: str
    unit: str


class Heard(NamedTuple):
    """The senders that were heard anew up to a version: by day (days since 1970, UTC) in which quarters of an hour each was, all of them.

    Bit 0 is the first quarter of the day.
    """

    version: int
    senders: Mapping[Sender, Mapping[int, int]]


class Hearings:
    """Keeps the last row of each. One thread at a time."""

    __slots__ = ("_changed", "_quarters", "_version")

    def __init__(self) -> None:
        self._quarters: dict[Sender, dict[tuple[int, int], int]] = defaultdict(dict)
        self._changed: dict[Sender, int] = {}
        self._version = 0

    def put(self, partition: int, heard: HeardKey, quarters: int) -> None:
        """Keep a row instead of the former one; without any quarters it is gone."""
        sender, where = Sender(heard.system, heard.unit), (partition, heard.day)
        if quarters:
            self._quarters[sender][where] = quarters
        else:
            self._quarters[sender].pop(where, None)
        self._version += 1
        self._changed[sender] = self._version

    def since(self, version: int) -> Heard:
        """The senders whose rows changed after a version."""
        found = {}
        for sender, changed in self._changed.items():
            if changed > version:
                days: dict[int, int] = defaultdict(int)
                for (_, day), quarters in self._quarters[sender].items():
                    days[day] |= quarters
                found[sender] = dict(days)
        return Heard(self._version, found)
