"""One broker, one database and one service for all tests of this folder; those that break things start their own."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import insert, update
from sqlalchemy.sql import func

from deploy.local.kafka import Kafka
from deploy.local.postgres import Postgres
from services.common import database as tables
from services.common.keys import hash_key, new_key
from services.common.topics import create_topics, topics
from tests.integration.ingest.running import TREE, Ingest, publish_tree


class Keys:
    """Keys in a database, made and revoked as the command line does it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def prepare(self) -> None:
        asyncio.run(self._prepare())

    def create(self, unit: str, system: str = "mc-test") -> str:
        key = new_key()
        asyncio.run(self._run(insert(tables.SystemKey).values(system=system, unit=unit, hash=hash_key(key))))
        return key

    def revoke(self, key: str) -> None:
        which = tables.SystemKey.hash == hash_key(key)
        asyncio.run(self._run(update(tables.SystemKey).where(which).values(revoked_at=func.now())))

    async def _prepare(self) -> None:
        engine = tables.connect(self.url)
        async with engine.begin() as connection:
            await connection.run_sync(tables.Base.metadata.create_all)
            rows = [{"code": u.code, "name": u.name, "kind": u.kind, "parent": u.parent} for u in TREE]
            await connection.execute(insert(tables.Unit), rows)
        await engine.dispose()

    async def _run(self, statement) -> None:
        engine = tables.connect(self.url)
        async with engine.begin() as connection:
            await connection.execute(statement)
        await engine.dispose()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    server = Postgres(tmp_path_factory.mktemp("postgres"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def keys(postgres_server: Postgres) -> Keys:
    made = Keys(postgres_server.url)
    made.prepare()
    return made


@pytest.fixture(scope="session")
def bootstrap(kafka: Kafka) -> str:
    """The broker with all topics and the unit tree."""
    asyncio.run(create_topics(kafka.bootstrap, topics(4)))
    publish_tree(kafka.bootstrap, TREE)
    return kafka.bootstrap


@pytest.fixture(scope="session")
def ingest(bootstrap: str, keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingest]:
    service = Ingest(tmp_path_factory.mktemp("ingest"), bootstrap, keys.url).until_ready()
    yield service
    assert service.stop() == 0


@pytest.fixture(scope="session")
def key(keys: Keys) -> str:
    """A key of the province H01."""
    return keys.create("H01")


@pytest.fixture
def start(bootstrap: str, keys: Keys, tmp_path) -> Iterator[Callable[..., Ingest]]:
    """Starts services with settings of their own."""
    started: list[Ingest] = []

    def start_one(**settings: str) -> Ingest:
        started.append(Ingest(tmp_path, settings.pop("bootstrap", bootstrap), keys.url, **settings))
        return started[-1]

    yield start_one
    for service in started:
        service.stop()
