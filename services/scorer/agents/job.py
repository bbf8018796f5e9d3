"""The scorer as a job of the engine: which topics it reads, which tables it keeps, who folds a partition."""

from collections.abc import Callable, Mapping
from typing import Final

from services.scorer.agents.families import FAMILIES
from services.scorer.agents.partition import INDICATOR_DAYS, Making, Partition
from services.scorer.engine.job import TableSpec


class ScoringJob:
    """Folds the events of all families into a table of facts each, and into the table `indicator-days`.

    Args:
        making: what rows are to be made by now.
        now: the clock, microseconds.
        may_step_back: how far the clock may lie behind what was applied without a rebuild, microseconds.
    """

    topics: Final = tuple(family.topic for family in FAMILIES)
    tables: Final = (*(TableSpec(family.table) for family in FAMILIES), TableSpec(INDICATOR_DAYS))

    def __init__(self, making: Callable[[], Making], now: Callable[[], int], may_step_back: int) -> None:
        self._making = making
        self._now = now
        self._may_step_back = may_step_back

    def open(self, partition: int, tables: Mapping[str, Mapping[bytes, bytes]]) -> Partition:
        """Take over a partition whose state is loaded."""
        return Partition(partition, tables, self._making, self._now, self._may_step_back)
