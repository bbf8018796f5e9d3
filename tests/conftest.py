"""Fixtures that many tests share. Everything runs for real, on loopback, in temporary directories."""

from collections.abc import Iterator

import pytest

from deploy.local.kafka import Kafka


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A running broker, shared by the whole session: use topic and group names of your own."""
    broker = Kafka(tmp_path_factory.mktemp("kafka"))
    broker.start()
    yield broker
    broker.stop()
