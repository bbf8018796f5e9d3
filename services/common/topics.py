"""The topics with their settings; created before any service starts, because no topic appears by itself."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code

from schemas import topics as names

__all__ = ["Topic", "TopicError", "create_topics", "topics"]

_FOREVER = {"retention.ms": "-1", "cleanup.policy": "delete"}

_EVENTS = _FOREVER | {"message.timestamp.type": "LogAppendTime"}  # the record's time is that of its arrival

_CHANGELOG = {
    "cleanup.policy": "compact",
    # Only closed segments are cleaned. Rows are written over and over: small segments, closed within the hour,
    # keep what a recovering worker must read near to the number of keys.
    "segment.bytes": str(64 << 20),
    "segment.ms": str(3_600_000),
    "min.cleanable.dirty.ratio": "0.3",
    # A reader from the beginning has a day to get past a tombstone before it is gone.
    "delete.retention.ms": str(86_400_000),
}

_TREE = {
    "cleanup.policy": "compact",
    "max.message.bytes": str(16 << 20),  # one record holds the whole tree
    "segment.ms": str(86_400_000),
}


_VISIBLE_SECONDS = 30.0
_ASK_SECONDS = 0.05


class TopicError(Exception):
    """Topics cannot be made as the settings want them; the message says which and why."""


@dataclass(frozen=True)
class Topic:
    """One topic as it must be."""

    name: str
    partitions: int
    settings: Mapping[str, str]


def topics(partitions: int) -> list[Topic]:
    """All topics. Event topics and changelogs are co-partitioned: what concerns a subject meets in one partition."""
    return [
        *(Topic(name, partitions, _EVENTS) for name in names.EVENTS),
        Topic(names.DOSSIER_LATE, partitions, _FOREVER),
        Topic(names.DOSSIER_DUE_SOON, partitions, _FOREVER),
        Topic(names.REJECTED_EVENTS, partitions, _FOREVER),
        Topic(names.UNIT_TREE, 1, _TREE),
        Topic(names.DOSSIERS_CHANGELOG, partitions, _CHANGELOG),
        Topic(names.PETITIONS_CHANGELOG, partitions, _CHANGELOG),
        Topic(names.PROCEDURES_CHANGELOG, partitions, _CHANGELOG),
        Topic(names.FIGURES_CHANGELOG, partitions, _CHANGELOG),
        Topic(names.INDICATOR_DAYS_CHANGELOG, partitions, _CHANGELOG),
    ]


async def create_topics(bootstrap: str, wanted: Iterable[Topic], replication: int = 1) -> None:
    """Create the topics that are missing and bring the settings of the others up to date; return once all are seen.

    Raises:
        TopicError: one is there with another number of partitions (keys would move), or Kafka refuses.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, client_id="nhip-topics")
    await admin.start()
    try:
        wanted = list(wanted)
        before = await _partitions(admin)
        missing = [topic for topic in wanted if topic.name not in before]
        if missing:
            answer = await admin.create_topics([_new(topic, replication) for topic in missing])
            _check((name, code, text) for name, code, text, *_ in answer.topic_errors)
        await _update(admin, wanted, await _visible(admin, {topic.name for topic in wanted}))
    finally:
        await admin.close()


def _new(topic: Topic, replication: int) -> NewTopic:
    return NewTopic(topic.name, topic.partitions, replication, topic_configs=dict(topic.settings))


async def _partitions(admin: AIOKafkaAdminClient) -> dict[str, int]:
    found = await admin.describe_topics()
    return {topic["topic"]: len(topic["partitions"]) for topic in found}


async def _visible(admin: AIOKafkaAdminClient, wanted: set[str]) -> dict[str, int]:
    """Brokers learn of a new topic a moment after its creation: wait for that."""
    async with asyncio.timeout(_VISIBLE_SECONDS):
        while not wanted <= (there := await _partitions(admin)).keys():
            await asyncio.sleep(_ASK_SECONDS)
    return there


async def _update(admin: AIOKafkaAdminClient, wanted: list[Topic], there: Mapping[str, int]) -> None:
    for topic in wanted:
        if there[topic.name] != topic.partitions:
            raise TopicError(
                f"Topic {topic.name} has {there[topic.name]} partitions, NHIP_PARTITIONS asks for {topic.partitions}: "
                "the number is fixed once the topics are there"
            )
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic.name, dict(topic.settings)) for topic in wanted]
    if resources:
        for answer in await admin.alter_configs(resources):
            _check((name, code, text) for code, text, _kind, name in answer.resources)


def _check(results: Iterable[tuple[str, int, str | None]]) -> None:
    """Raise for the first error code. A topic that somebody else has just made is as good."""
    already_there = 36
    for name, code, text in results:
        if code not in (0, already_there):
            raise TopicError(f"Kafka refuses topic {name}: {text or for_code(code).__name__}")
