"""The parts of the api without Kafka and PostgreSQL, over a cube that a test fills by hand."""

import asyncio
from collections.abc import Mapping
from typing import Any

from schemas.measures import BY_NAME
from schemas.rows import HeardKey, Progress, day_key, encode_counters, encode_number, heard_key, late_key
from schemas.units import UnitTree
from services.api.service import Service
from services.api.settings import Settings


class Filled(Service):
    """A service that waits for nothing; `absent` is what it lacks."""

    def __init__(self, tree: UnitTree, now: str = "2026-03-31T12:00:00+07:00", **settings: Any) -> None:
        super().__init__(Settings(now=now, **settings), lambda: None)
        self.absent: dict[str, str] = {}
        self.plant(tree)
        self._revision = 0

    def plant(self, tree: UnitTree) -> None:
        """Put a tree in force."""
        self._tree_changed(tree)
        self.tree.tree = tree

    def missing(self) -> dict[str, str]:
        return self.absent

    def count(self, unit: str, day: int, *, partition: int = 0, **counts: int) -> None:
        """Put the counts of a unit on a day in place of those that were there."""
        row = encode_counters({"1": {BY_NAME[name].number: n for name, n in counts.items()}})
        self._apply(partition, {day_key(partition, unit, day): row})

    def late(self, unit: str, number: int, *, partition: int = 0) -> None:
        """Say how many late notices there were about a unit."""
        self._apply(partition, {late_key(partition, unit): encode_number(number)})

    def heard(self, heard: HeardKey, quarters: int, *, partition: int = 0) -> None:
        """Say when a sender was heard; nothing: its row is gone."""
        self._apply(partition, {heard_key(partition, heard): encode_number(quarters) if quarters else None})

    def _apply(self, partition: int, rows: Mapping[bytes, bytes | None]) -> None:
        self._revision += 1
        progress = Progress(partition=partition, offsets={}, clock=self.now, made_by="")
        self.cube.apply(partition, rows, progress, self._revision)


def filled(tree: UnitTree, **settings: Any) -> Filled:
    """One; its parts belong to a loop that runs when they are made."""

    async def make() -> Filled:
        return Filled(tree, **settings)

    return asyncio.run(make())
