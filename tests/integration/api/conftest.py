"""A broker of this folder's own, because topics have fixed names; the tests that only read share one filled service."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local.kafka import Kafka
from deploy.local.postgres import Postgres
from services.common.topics import create_topics, topics
from tests.integration.api.closing import World
from tests.integration.api.running import PARTITIONS, TREE, Api, Scorer, publish_tree
from tests.integration.api.storage import Storage

DAYS = {
    # partition -> (unit, day) -> procedure -> measure -> count
    0: {
        ("H01.06", "2025-12-30"): {"1.000105": {"received": 4, "received_online": 1, "open": 4}},
        ("H01.06", "2026-01-02"): {"1.000105": {"ended": 1, "ended_on_time": 1, "open": -1}},
        ("H01.187", "2026-03-31"): {
            "1.000105": {"received": 10, "received_online": 6, "received_synced": 3, "open": 10, "open_no_due": 2}
            | {"open_waiting": 5},
            "2.000488": {"received": 1, "open": 1, "open_overdue": 1, "became_overdue": 1},
        },
    },
    1: {
        ("H01.187", "2026-03-31"): {"1.000105": {"received": 2, "open": 2}, "": {"declined": 5}},
        ("H01.187", "2026-04-01"): {"1.000105": {"ended": 2, "ended_late": 2, "open": -2}},
        ("một cửa/7 & 8%", "2026-04-01"): {"2.000488": {"received": 1, "open": 1}},
        ("H01", "2026-02-10"): {"1.000105": {"received": 3, "open": 3}},
    },
}


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A broker with empty topics and the tree."""
    running = Kafka(tmp_path_factory.mktemp("kafka-api"))
    running.start()
    asyncio.run(_prepare(running.bootstrap))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def filled(broker: Kafka) -> str:
    """The address of the broker, with the rows of DAYS."""
    asyncio.run(_fill(broker.bootstrap))
    return broker.bootstrap


@pytest.fixture(scope="session")
def api(filled: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A service over DAYS; do not write to its topic."""
    service = Api(tmp_path_factory.mktemp("api"), filled).until_ready()
    yield service
    assert service.stop() == 0


@pytest.fixture(scope="session")
def live_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    running = Kafka(tmp_path_factory.mktemp("kafka-live"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def own_broker(live_broker: Kafka) -> Kafka:
    """A broker with empty topics that a test may write to, stop and start."""
    asyncio.run(_prepare(live_broker.bootstrap, anew=True))
    return live_broker


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[..., Api]]:
    """Starts services with settings of their own."""
    started: list[Api] = []

    def start_one(bootstrap: str, **settings: str) -> Api:
        started.append(Api(tmp_path, bootstrap, **settings))
        return started[-1]

    yield start_one
    for service in started:
        service.stop()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A database with all tables, for tests that close periods."""
    running = Postgres(tmp_path_factory.mktemp("postgres-api"))
    running.start()
    Storage(running).prepare()
    yield running
    running.stop()


@pytest.fixture
def world(own_broker: Kafka, server: Postgres, start: Callable[..., Api]) -> World:
    """A service that starts with nothing closed."""
    storage = Storage(server)
    storage.sql("truncate closing, published_result, published_ranking, system_key restart identity cascade")
    return World(own_broker, storage, start).fill()


async def _prepare(bootstrap: str, *, anew: bool = False) -> None:
    if anew:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        await admin.start()
        there = [name for name in await admin.list_topics() if not name.startswith("__")]
        await admin.delete_topics(there)
        while set(there) & set(await admin.list_topics()):  # brokers learn of it a moment later
            await asyncio.sleep(0.02)
        await admin.close()
    await create_topics(bootstrap, topics(PARTITIONS))
    await publish_tree(bootstrap, TREE)


async def _fill(bootstrap: str) -> None:
    for partition, days in DAYS.items():
        async with Scorer(bootstrap, partition) as scorer:
            await scorer.begin()
            await scorer.last("H01.187", f"2026-03-31T0{partition + 1}:00:00+07:00")
            for (unit, day), cell in days.items():
                await scorer.day(unit, day, cell)
            await scorer.commit()
