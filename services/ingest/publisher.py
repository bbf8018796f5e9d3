"""From accepted events to records that Kafka has confirmed."""

import asyncio
from collections.abc import Sequence

from services.ingest.partitions import Record, by_partition
from services.ingest.producer import NotConfirmed, Producer

__all__ = ["Publisher"]


class Publisher:
    """Writes records to the partitions of their keys and tells how many are confirmed.

    Batches clock themselves: what requests bring while a batch of a partition is on its way becomes the next one. So many small
    requests cost as little as a few large ones.
    """

    def __init__(self, producer: Producer, *, timeout: float) -> None:
        """`timeout`: seconds that a caller waits for the confirmation at most."""
        self._producer = producer
        self._timeout = timeout
        self._lanes: dict[tuple[str, int], _Lane] = {}

    async def publish(self, topic: str, records: Sequence[Record]) -> int:
        """Write the records; return how many of them are confirmed: all, unless Kafka was away for too long.

        The others may arrive later or not at all.
        """
        deadline = asyncio.get_running_loop().time() + self._timeout
        try:
            async with asyncio.timeout_at(deadline):
                partitions = await self._producer.partitions(topic)
        except (TimeoutError, NotConfirmed):
            return 0
        groups = by_partition(records, partitions)
        waiting = {self._lane(topic, number).add(group): len(group) for number, group in groups.items()}
        try:
            done, _ = await asyncio.wait(waiting, timeout=deadline - asyncio.get_running_loop().time())
            return sum(waiting[future] for future in done if future.exception() is None)
        finally:
            for future in waiting:
                future.cancel()  # nobody waits any more; those that are done stay as they are

    def _lane(self, topic: str, partition: int) -> "_Lane":
        lane = self._lanes.get((topic, partition))
        if lane is None:
            lane = self._lanes[topic, partition] = _Lane(self._producer, topic, partition)
        return lane


class _Lane:
    """The way into one partition: one batch on its way, the next one gathering."""

    def __init__(self, producer: Producer, topic: str, partition: int) -> None:
        self._producer = producer
        self._topic = topic
        self._partition = partition
        self._gathering: dict[asyncio.Future[None], list[Record]] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, records: list[Record]) -> asyncio.Future[None]:
        """Queue records; the future ends when they are confirmed, or with `NotConfirmed`. Cancel it to give up."""
        future = asyncio.get_running_loop().create_future()
        self._gathering[future] = records
        future.add_done_callback(self._forget)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return future

    def _forget(self, future: asyncio.Future[None]) -> None:
        """Let go of what nobody waits for any more: a broker that is away must not fill the memory."""
        self._gathering.pop(future, None)

    async def _run(self) -> None:
        while self._gathering:
            taken, self._gathering = self._gathering, {}
            try:
                await self._producer.send(
                    self._topic, self._partition, [record for records in taken.values() for record in records]
                )
            except NotConfirmed as error:
                _end(taken, error)
            except Exception as error:  # noqa: BLE001  whoever waits must hear of it, and the next batch must go
                _end(taken, NotConfirmed(repr(error)))
            else:
                _end(taken, None)


def _end(futures: dict[asyncio.Future[None], list[Record]], error: NotConfirmed | None) -> None:
    for future in futures:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
