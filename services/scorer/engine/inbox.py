"""What has been fetched for one partition number and is not folded yet."""

import asyncio
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Mapping
from operator import attrgetter

from aiokafka import ConsumerRecord

__all__ = ["Inbox"]

_offset = attrgetter("offset")


class Inbox:
    """A queue of records that trusts offsets alone.

    Around a rebalance Faust and aiokafka may deliver records twice (fetched before a seek, handed over after it) or
    drop them (fetched, then the flow was stopped). So the inbox knows which offset comes next: it cuts off what it
    has had, and names the offset to read again where something is missing.
    """

    def __init__(self, offsets: Mapping[str, int]) -> None:
        """`offsets`: the next offset to read, by topic; every input topic is in it."""
        self.size = 0
        """Records waiting."""
        self.offsets = dict(offsets)
        """The next offset after what was taken, by topic."""
        self._expected = dict(offsets)
        self._gaps: dict[str, tuple[int, int]] = {}
        self._batches: deque[list[ConsumerRecord]] = deque()
        self._put_at: deque[float] = deque()
        self._arrived = asyncio.Event()

    def put(self, topic: str, records: list[ConsumerRecord]) -> int | None:
        """Add one fetch of a topic (not empty, in order). Returns the offset to seek back to if records are missing.

        A gap may be real: compaction, expiry and transaction markers leave them. So one that is seen a second time,
        after the reader was sent back, is believed.
        """
        expected = self._expected[topic]
        first = records[0].offset
        if first > expected and self._gaps.get(topic) != (expected, first):
            self._gaps[topic] = (expected, first)
            return expected
        if first < expected:
            records = records[bisect_left(records, expected, key=_offset) :]
            if not records:
                return None
        self._expected[topic] = records[-1].offset + 1
        self._batches.append(records)
        self._put_at.append(time.monotonic())
        self.size += len(records)
        self._arrived.set()
        return None

    def take(self, limit: int) -> list[ConsumerRecord]:
        """Take the oldest records, at most `limit`; `offsets` then lie behind them."""
        taken: list[ConsumerRecord] = []
        while self._batches and len(taken) < limit:
            batch = self._batches[0]
            room = limit - len(taken)
            if len(batch) > room:
                self._batches[0] = batch[room:]
                batch = batch[:room]
            else:
                self._batches.popleft()
                self._put_at.popleft()
            self.offsets[batch[-1].topic] = batch[-1].offset + 1
            taken = taken + batch if taken else batch
        self.size -= len(taken)
        return taken

    @property
    def oldest(self) -> int | None:
        """When the oldest record that waits arrived in Kafka, milliseconds; None where none waits."""
        return self._batches[0][0].timestamp if self._batches else None

    @property
    def waits_since(self) -> float:
        """When the oldest record that waits was put here, on the monotonic clock; now where none waits."""
        return self._put_at[0] if self._put_at else time.monotonic()

    def forget(self) -> None:
        """Drop what waits; it has to be read again, from `offsets` on."""
        self._batches.clear()
        self._put_at.clear()
        self.size = 0
        self._expected = dict(self.offsets)
        self._gaps.clear()

    def wake(self) -> None:
        """End a `wait`, whatever it waits for."""
        self._arrived.set()

    async def wait(self, seconds: float) -> None:
        """Return when a record has arrived, `wake` was called or `seconds` have passed."""
        self._arrived.clear()
        if self.size:
            return
        timer = asyncio.get_running_loop().call_later(seconds, self._arrived.set)
        try:
            await self._arrived.wait()
        finally:
            timer.cancel()
