"""A Faust store that loads itself from the changelog, partition by partition."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from faust.stores import memory
from faust.types import TP

from services.scorer.engine.job import TableSpec
from services.scorer.engine.settings import EngineSettings

__all__ = ["LoadedStore", "load"]

_LOAD_FETCH_BYTES = 4 << 20
_DECODE_AT_ONCE = 20_000


class LoadedStore(memory.Store):  # type: ignore[misc]  # Faust ships no types
    """Live values in memory: `data` maps a partition number to its dict.

    Faust's own recovery reads 14,600 records/s and waits for ever where the last record is a transaction marker.
    Here a plain consumer reads in batches (see `load`), as a task of the partition: the group's rebalance does not
    wait for it, so that no session ends while a big state is read, and partitions that stay are not read again.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self.data: dict[int, dict[bytes, Any]] = {}
        self._raw: dict[int, dict[bytes, bytes | None]] = {}
        self._persisted: dict[int, int] = {}

    def partition(self, number: int) -> dict[bytes, Any]:
        """The live values of a loaded partition."""
        return self.data[number]

    def persisted_offset(self, tp: TP) -> int | None:
        """The last changelog offset that is in memory; Faust's recovery then has nothing to do."""
        return self._persisted.get(tp.partition)

    def begin(self, number: int) -> None:
        """Start loading a partition, from nothing."""
        self.drop(number)
        self._raw[number] = {}

    def add(self, number: int, records: Sequence[ConsumerRecord]) -> None:
        """Take changelog records, in order; the last one of a key counts."""
        self._raw[number].update((record.key, record.value) for record in records)

    async def finish(self, number: int, end: int, spec: TableSpec) -> None:
        """All records up to `end` are here: decode what is in force, a piece at a time."""
        raw = self._raw.pop(number)
        live: dict[bytes, Any] = {}
        decode = spec.decode
        while raw:
            for _ in range(min(len(raw), _DECODE_AT_ONCE)):
                key, value = raw.popitem()
                if value is not None:
                    live[key] = decode(value)
            await asyncio.sleep(0)
        self.data[number] = live
        self._persisted[number] = end - 1

    def drop(self, number: int) -> None:
        """Forget a partition that left."""
        self._raw.pop(number, None)
        self.data.pop(number, None)
        self._persisted.pop(number, None)


async def load(
    stores: Sequence[tuple[str, TableSpec, LoadedStore]],
    partition: int,
    settings: EngineSettings,
    on_progress: Callable[[int], None],
) -> int:
    """Read one partition of several changelogs (topic, its table, its store); returns the number of records read.

    Call it when nobody else can write there any more (the partition's producer is started): then the end offsets
    do not move, and all before them is committed or aborted. `on_progress` hears of every batch's records.
    """
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.bootstrap,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        max_partition_fetch_bytes=_LOAD_FETCH_BYTES,
        request_timeout_ms=int(settings.request_timeout * 1000),
    )
    store_of = {TopicPartition(topic, partition): store for topic, _, store in stores}
    for store in store_of.values():
        store.begin(partition)
    count = 0
    try:
        await consumer.start()
        consumer.assign(list(store_of))
        ends: dict[TopicPartition, int] = await consumer.end_offsets(list(store_of))
        # A position, not a record, tells the end: the last record may be a marker that no consumer is shown.
        unread = {tp for tp in store_of if await consumer.position(tp) < ends[tp]}
        while unread:
            for tp, records in (await consumer.getmany(*unread, timeout_ms=200)).items():
                store_of[tp].add(partition, records)
                count += len(records)
                on_progress(len(records))
            unread = {tp for tp in unread if await consumer.position(tp) < ends[tp]}
    finally:
        await consumer.stop()
    for topic, spec, store in stores:
        await store.finish(partition, ends[TopicPartition(topic, partition)], spec)
    return count
