"""The topics of notices, read from where PostgreSQL says that they were left."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, Self

import msgspec
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import UnknownTopicOrPartitionError
from sqlalchemy import select

from schemas.notices import TOPICS, decode_notice
from schemas.units import UnitTree
from services.common.metrics import NOTICES_GATHERED, NOTICES_LAG_RECORDS
from services.common.outbox import NoticePosition
from services.common.persistent import ReadingError
from services.notices.gathering import Arrived, gather, move, receivers, wanted
from services.notices.outbox import Outbox

__all__ = ["Reading", "consumer_of"]

_log = logging.getLogger(__name__)

_POLL_MS: Final = 500
_MOST_RECORDS: Final = 2_000
_SILENCE_SECONDS: Final = 15.0
"""A consumer that hears nothing for so long, although there is something to hear, is replaced: they can stall silently."""


def consumer_of(bootstrap: str) -> Any:
    """A consumer of both topics, not started."""
    return AIOKafkaConsumer(
        *TOPICS.values(),
        bootstrap_servers=bootstrap,
        client_id="nhip-notices",
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )


class Reading:
    """One uninterrupted reading of all partitions."""

    def __init__(self, consumer: Any, outbox: Outbox, tree: Callable[[], UnitTree], wait: timedelta) -> None:
        self.reached_at = 0.0
        """When the ends of the topics were asked for that had been reached, on the monotonic clock."""
        self._consumer = consumer
        self._outbox = outbox
        self._tree = tree
        self._wait = wait
        self._heard = time.monotonic()

    @classmethod
    async def begin(cls, consumer: Any, outbox: Outbox, tree: Callable[[], UnitTree], wait: timedelta) -> Self:
        """Go on where each partition was left; in topics that were made anew, at their beginning.

        Args:
            consumer: started.
            outbox: where digests are kept.
            tree: the unit tree as it is now.
            wait: how long a digest gathers.

        Raises:
            KafkaError: the topics are not there (yet).
        """
        assigned = sorted(consumer.assignment())
        if {place.topic for place in assigned} != set(TOPICS.values()):
            raise UnknownTopicOrPartitionError("not all topics are there yet")
        async with outbox.begin() as at:
            kept = await at.execute(select(NoticePosition.topic, NoticePosition.partition, NoticePosition.next_offset))
            places = {TopicPartition(row.topic, row.partition): row.next_offset for row in kept}
        ends = await consumer.end_offsets(assigned)
        for place in assigned:
            offset = places.get(place, 0)
            if offset > ends[place]:
                _log.warning("%s/%d is not the topic that was read; reading it whole", place.topic, place.partition)
                offset = 0
            consumer.seek(place, offset)
        return cls(consumer, outbox, tree, wait)

    async def turn(self) -> None:
        """Read what is there, or wait for it for half a second, and put it into digests."""
        arrived: list[Arrived] = []
        places: dict[tuple[str, int], int] = {}
        for place, records in (await self._consumer.getmany(timeout_ms=_POLL_MS, max_records=_MOST_RECORDS)).items():
            arrived += filter(None, map(_arrived, records))
            places[place.topic, place.partition] = records[-1].offset + 1
        if not places:
            return
        self._heard = time.monotonic()
        async with self._outbox.begin() as at:
            told = wanted(arrived, await receivers(at), self._tree())
            new = await gather(at, told, self._wait)
            await move(at, places)
        NOTICES_GATHERED.inc(new)

    async def look(self) -> None:
        """See how much waits in Kafka.

        Raises:
            ReadingError: something does, and nothing is heard.
        """
        asked_at = time.monotonic()
        ends = await self._consumer.end_offsets(list(self._consumer.assignment()))
        lag = sum([max(0, end - await self._consumer.position(place)) for place, end in ends.items()])
        NOTICES_LAG_RECORDS.set(lag)
        if not lag:
            self.reached_at = asked_at
        elif time.monotonic() - self._heard > _SILENCE_SECONDS:
            raise ReadingError(f"nothing came for {_SILENCE_SECONDS:g} s, although there is something")


def _arrived(record: ConsumerRecord) -> Arrived | None:
    """A record as a notice; one that is none (somebody else wrote it) is passed over."""
    try:
        return Arrived(decode_notice(record.value or b""), record.timestamp)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        _log.warning("%s/%d@%d is no notice", record.topic, record.partition, record.offset)
        return None
