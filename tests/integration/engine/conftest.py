import pytest

from deploy.local.kafka import Kafka
from tests.integration.engine.kafka_side import KafkaSide


@pytest.fixture
async def side(kafka: Kafka) -> KafkaSide:
    side = KafkaSide(kafka.bootstrap)
    await side.create_topics()
    return side
