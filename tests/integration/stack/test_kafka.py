"""The embedded broker: durable over a clean stop and over kill -9."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local.kafka import Kafka
from deploy.local.process import StackError
from services.common.topics import Topic, TopicError, create_topics, topics

KEPT = Topic("kept", 1, {"retention.ms": "-1"})


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A broker of this module's own, because it is stopped and killed."""
    made = Kafka(tmp_path_factory.mktemp("broker"))
    made.start()
    yield made
    made.stop()


@asynccontextmanager
async def admin_of(broker: Kafka) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def write(broker: Kafka, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(KEPT.name, value, partition=0)
    finally:
        await producer.stop()


async def read(broker: Kafka) -> list[bytes]:
    consumer = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        place = TopicPartition(KEPT.name, 0)
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        return [(await consumer.getone()).value for _ in range(end)]
    finally:
        await consumer.stop()


async def test_records_survive_a_stop_and_a_kill_on_the_same_port(broker: Kafka):
    await create_topics(broker.bootstrap, [KEPT])
    address = broker.bootstrap
    for end, value in ((broker.stop, b"before the stop"), (broker.kill, b"before the kill")):
        await write(broker, value)
        end()
        assert not broker.alive
        broker.start()
    assert broker.bootstrap == address
    assert (await read(broker))[-2:] == [b"before the stop", b"before the kill"]


async def test_no_topic_appears_by_itself(broker: Kafka):
    async with admin_of(broker) as admin:
        await admin.describe_topics(["misspelt"])
        assert "misspelt" not in await admin.list_topics()


async def test_a_second_broker_on_the_port_is_refused_in_one_line(broker: Kafka, tmp_path: Path):
    with pytest.raises(StackError, match=rf"Port {broker.port} \(Kafka\) is in use") as refused:
        Kafka(tmp_path, broker.port).start()
    assert "\n" not in str(refused.value)


def test_a_broker_that_a_crashed_parent_left_is_replaced(broker: Kafka):
    left = broker.pid
    heir = Kafka(broker.home, broker.port, broker.settings)
    heir.start()
    try:
        assert heir.pid != left
        assert not broker.alive
    finally:
        heir.stop()
        broker.start()


def test_a_broken_setting_is_told_with_what_kafka_says(tmp_path: Path):
    with pytest.raises(StackError, match=r"(?s)Kafka .*num\.io\.threads"):
        Kafka(tmp_path, settings={"num.io.threads": "none"}).start()


async def test_topics_are_made_as_they_must_be_and_again_without_harm(broker: Kafka):
    for _ in range(2):
        await create_topics(broker.bootstrap, topics(3))
    async with admin_of(broker) as admin:
        found = {topic["topic"]: topic for topic in await admin.describe_topics()}
    for topic in topics(3):
        assert len(found[topic.name]["partitions"]) == topic.partitions
    assert {topic.name: topic.partitions for topic in topics(3)} == {
        "dossier-events": 3,
        "petition-events": 3,
        "procedure-events": 3,
        "survey-events": 3,
        "assessment-events": 3,
        "unit-events": 3,
        "dossier-late": 3,
        "dossier-due-soon": 3,
        "rejected-events": 3,
        "unit-tree": 1,
        "nhip-scorer-dossiers-changelog": 3,
        "nhip-scorer-petitions-changelog": 3,
        "nhip-scorer-procedures-changelog": 3,
        "nhip-scorer-figures-changelog": 3,
        "nhip-scorer-indicator-days-changelog": 3,
    }


async def test_the_number_of_partitions_is_fixed(broker: Kafka):
    await create_topics(broker.bootstrap, [Topic("fixed", 2, {})])
    with pytest.raises(TopicError, match="fixed has 2 partitions, NHIP_PARTITIONS asks for 3"):
        await create_topics(broker.bootstrap, [Topic("fixed", 3, {})])


async def test_a_setting_that_kafka_refuses_is_told(broker: Kafka):
    with pytest.raises(TopicError, match="Kafka refuses topic wrong"):
        await create_topics(broker.bootstrap, [Topic("wrong", 1, {"cleanup.policy": "burn"})])
