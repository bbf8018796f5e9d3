"""Reading what transactions have written, as soon as it can be read."""

import asyncio
import time
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

_ENDING_SECONDS = 5.0
_ASK_SECONDS = 0.02


async def committed(bootstrap: str, topic: str, partitions: int) -> list[Any]:
    """All committed records of a topic so far.

    A broker answers a commit before it is seen in every partition, so transactions that are open now have some seconds to end; what is
    still open then (its writer was killed) is not waited for.
    """
    places = [TopicPartition(topic, number) for number in range(partitions)]
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        written = await consumer.end_offsets(places)
    async with AIOKafkaConsumer(
        bootstrap_servers=bootstrap, isolation_level="read_committed", auto_offset_reset="earliest"
    ) as consumer:
        consumer.assign(places)
        patience = time.monotonic() + _ENDING_SECONDS
        ends = await consumer.end_offsets(places)
        while any(ends[place] < written[place] for place in places) and time.monotonic() < patience:
            await asyncio.sleep(_ASK_SECONDS)
            ends = await consumer.end_offsets(places)
        records = []
        while any([await consumer.position(place) < ends[place] for place in places]):
            for batch in (await consumer.getmany(*places, timeout_ms=100)).values():
                records += batch
        return records
