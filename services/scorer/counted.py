"""The observer that counts for the engine, which knows no metrics library."""

import time
from collections.abc import Collection, Mapping

from services.common import metrics
from services.scorer.engine.observer import Observer

__all__ = ["Counted"]

_OF_A_PARTITION = (
    metrics.SCORER_LAG_EVENTS,
    metrics.SCORER_LAG_SECONDS,
    metrics.SCORER_TIMERS,
    metrics.SCORER_MOVED_TIMESTAMP,
    metrics.SCORER_COMMITTED_TIMESTAMP,
    metrics.SCORER_CLOCK_TIMESTAMP,
)


class Counted(Observer):
    """Counts what an engine tells of its work. Only partitions of this worker have numbers: others show their own."""

    def __init__(self) -> None:
        self._mine: set[int] = set()

    def assigned(self, partitions: Collection[int]) -> None:
        for partition in self._mine.difference(partitions):
            for gauge in _OF_A_PARTITION:
                gauge.remove(partition)
        self._mine = set(partitions)
        metrics.SCORER_PARTITIONS.set(len(partitions))

    def loaded(self, partition: int, records: int, seconds: float) -> None:  # noqa: ARG002  no label: one series is enough
        metrics.SCORER_LOADED_RECORDS.inc(records)
        metrics.SCORER_LOAD_SECONDS.observe(seconds)

    def moved(self, partition: int) -> None:
        if partition in self._mine:
            metrics.SCORER_MOVED_TIMESTAMP.labels(partition).set(time.time())

    def batch(self, partition: int, records: int, seconds: float, waited: float) -> None:  # noqa: ARG002
        metrics.SCORER_EVENTS.inc(records)
        metrics.SCORER_INBOX_SECONDS.observe(waited)
        metrics.SCORER_BATCH_EVENTS.observe(records)
        metrics.SCORER_FOLD_SECONDS.observe(seconds)

    def committed(self, partition: int, offsets: Mapping[str, int], records: int, seconds: float) -> None:  # noqa: ARG002
        metrics.SCORER_WRITTEN_RECORDS.inc(records)
        metrics.SCORER_TRANSACTION_SECONDS.observe(seconds)
        if partition in self._mine:
            metrics.SCORER_COMMITTED_TIMESTAMP.labels(partition).set(time.time())

    def lag(self, partition: int, records: int, seconds: float) -> None:
        if partition in self._mine:
            metrics.SCORER_LAG_EVENTS.labels(partition).set(records)
            metrics.SCORER_LAG_SECONDS.labels(partition).set(seconds)
