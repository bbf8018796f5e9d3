"""Every metric of the scorer, with its meaning beside it, and the observer that counts for the engine."""

from collections.abc import Collection, Mapping

from prometheus_client import Counter, Gauge, Histogram

from services.scorer.engine.observer import Observer

__all__ = ["Counted"]

EVENTS = Counter("nhip_scorer_events", "Events folded; those that come again after a crash are counted again")
POISON = Counter(
    "nhip_scorer_poison", "Records of event topics that are no events, by code; they go to rejected-events", ["code"]
)
BATCH_EVENTS = Histogram(
    "nhip_scorer_batch_events", "Events of a batch", buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
)
FOLD_SECONDS = Histogram(
    "nhip_scorer_fold_seconds",
    "Seconds in which a batch was folded",
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1),
)
TRANSACTION_SECONDS = Histogram(
    "nhip_scorer_transaction_seconds",
    "Seconds from the beginning of a commit to its confirmation",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
ROWS = Counter("nhip_scorer_written_records", "Records written to changelogs and other topics")
LAG = Gauge("nhip_scorer_lag_events", "Events that wait, in Kafka and in memory, by partition", ["partition"])
PARTITIONS = Gauge("nhip_scorer_partitions", "Partitions that this worker scores")
LOADED = Counter("nhip_scorer_loaded_records", "Records read from changelogs when a partition was taken over")
LOAD_SECONDS = Histogram(
    "nhip_scorer_load_seconds",
    "Seconds in which a partition's state was loaded",
    buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60),
)


class Counted(Observer):
    """Counts what an engine tells of its work."""

    def __init__(self) -> None:
        self._mine: set[int] = set()

    def assigned(self, partitions: Collection[int]) -> None:
        for partition in self._mine.difference(partitions):
            LAG.remove(str(partition))
        self._mine = set(partitions)
        PARTITIONS.set(len(partitions))

    def loaded(self, partition: int, records: int, seconds: float) -> None:  # noqa: ARG002  no label: one series is enough
        LOADED.inc(records)
        LOAD_SECONDS.observe(seconds)

    def batch(self, partition: int, records: int, seconds: float) -> None:  # noqa: ARG002
        EVENTS.inc(records)
        BATCH_EVENTS.observe(records)
        FOLD_SECONDS.observe(seconds)

    def committed(self, partition: int, offsets: Mapping[str, int], records: int, seconds: float) -> None:  # noqa: ARG002
        ROWS.inc(records)
        TRANSACTION_SECONDS.observe(seconds)

    def lag(self, partition: int, records: int) -> None:
        if partition in self._mine:
            LAG.labels(str(partition)).set(records)
