"""How far the served scores are behind what Kafka holds."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

import httpx
import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from schemas.topics import EVENTS, PROCEDURE_EVENTS

__all__ = ["Ends", "NotServed", "end_offsets", "lag", "places_of", "until_served"]

Ends = Mapping[tuple[str, int], int]
"""(topic, partition) -> the offset that its next record will have."""

POLL_SECONDS: Final = 0.1
ANSWER_SECONDS: Final = 5.0


class NotServed(Exception):
    """The api does not serve everything in time; ``behind`` says what is missing."""

    def __init__(self, behind: list[str]) -> None:
        super().__init__("; ".join(behind))
        self.behind = behind


class _Partition(msgspec.Struct):
    partition: int
    offsets: dict[str, int]
    made_by: str
    catalogue: int


class _Progress(msgspec.Struct):
    partitions: list[_Partition]
    unit_tree: str
    ready: bool


_PROGRESS: Final = msgspec.json.Decoder(_Progress)


async def end_offsets(bootstrap: str, topics: Iterable[str] = EVENTS) -> Ends:
    """Where the topics end now; those that are empty or not there are left out.

    The ends are exact: ingest writes without transactions, so every offset below them is a record.

    Raises:
        KafkaError: it does not answer.
    """
    consumer: Any = AIOKafkaConsumer(bootstrap_servers=bootstrap, client_id="nhip-wait")
    try:
        await consumer.start()
        ends = await consumer.end_offsets(await places_of(bootstrap, topics))
    finally:
        await consumer.stop()
    return {(place.topic, place.partition): end for place, end in ends.items() if end}


async def places_of(bootstrap: str, topics: Iterable[str]) -> list[TopicPartition]:
    """The partitions of those of the topics that are there.

    Raises:
        KafkaError: it does not answer.
    """
    admin: Any = AIOKafkaAdminClient(bootstrap_servers=bootstrap, client_id="nhip-places")
    try:
        await admin.start()
        wanted = frozenset(topics)
        return [
            TopicPartition(found["topic"], partition["partition"])
            for found in await admin.describe_topics()
            if found["topic"] in wanted
            for partition in found["partitions"]
        ]
    finally:
        await admin.close()


async def until_served(api: str, ends: Ends, timeout: float) -> None:
    """Return once the api serves everything up to `ends`; an api that is away or not ready is asked again.

    Raises:
        NotServed: it does not within `timeout` seconds.
    """
    behind = ["the api has not answered"]
    try:
        async with asyncio.timeout(timeout), httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as http:
            while behind := await _behind(http, api, ends):
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError as error:
        raise NotServed(behind) from error


async def _behind(http: httpx.AsyncClient, api: str, ends: Ends) -> list[str]:
    """What is missing now, one line each; empty when nothing is."""
    try:
        response = await http.get(f"{api.rstrip('/')}/v1/progress")
        served = _PROGRESS.decode(response.content) if response.is_success else None
    except httpx.TransportError as error:
        return [f"the api at {api} does not answer ({type(error).__name__})"]
    except msgspec.MsgspecError:
        served = None
    if served is None:
        return [f"the api at {api} does not tell its progress (it answers {response.status_code})"]
    if not served.ready:
        return [f"the api at {api} is not ready; its /healthz/ready says why"]
    old = [part.partition for part in served.partitions if not part.made_by.endswith(served.unit_tree)]
    anew = [f"partition {number} is being made anew by the present unit tree" for number in old]
    described = sum(end for (topic, _), end in ends.items() if topic == PROCEDURE_EVENTS)
    old = [part.partition for part in served.partitions if part.catalogue < described]
    anew += [f"partition {number} does not know all statutory times yet" for number in old]
    return lag(ends, {part.partition: part.offsets for part in served.partitions}) + anew


def lag(ends: Ends, served: Mapping[int, Mapping[str, int]]) -> list[str]:
    """One line a partition that is not served up to its end. `served`: partition -> topic -> next offset to read."""
    missing = {
        (topic, number): (served.get(number, {}).get(topic, 0), end)
        for (topic, number), end in ends.items()
        if served.get(number, {}).get(topic, 0) < end
    }
    return [
        f"{topic} partition {number}: {end - at} of {end} events are not in the scores yet"
        for (topic, number), (at, end) in sorted(missing.items())
    ]
