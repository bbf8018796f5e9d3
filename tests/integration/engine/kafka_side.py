"""The other side of an engine under test: topics, numbers sent in, sums read out of the changelog."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace

from aiokafka import AIOKafkaProducer, ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from services.scorer.engine.engine import Engine
from services.scorer.engine.observer import Observer
from services.scorer.engine.settings import EngineSettings
from tests.committed import committed
from tests.integration.engine.sums import PROGRESS, Sums

PARTITIONS = 4
PATIENCE = 60.0


class KafkaSide:
    """Names are new for every object, so that tests share a broker."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        name = uuid.uuid4().hex[:8]
        self.settings = EngineSettings(
            app_id=f"app-{name}",
            bootstrap=bootstrap,
            session_timeout=15.0,  # nobody here ends without a word
            heartbeat_interval=0.5,
            rebalance_timeout=30.0,
        )
        self.input = f"numbers-{name}"
        self.second_input = f"more-numbers-{name}"
        self.notices = f"notices-{name}"
        self.changelog = f"app-{name}-sums-changelog"

    async def create_topics(self) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            compacted = {"cleanup.policy": "compact"}
            await admin.create_topics(
                [NewTopic(name, PARTITIONS, 1) for name in (self.input, self.second_input, self.notices)]
                + [NewTopic(self.changelog, PARTITIONS, 1, topic_configs=compacted)]
            )
        finally:
            await admin.close()

    async def send(self, numbers: Iterable[tuple[bytes, int]], topic: str = "", *, transactional: bool = False) -> None:
        transaction = f"sender-{uuid.uuid4().hex}" if transactional else None
        async with AIOKafkaProducer(
            bootstrap_servers=self.bootstrap, transactional_id=transaction, enable_idempotence=True
        ) as producer:
            if transactional:
                await producer.begin_transaction()
            for key, number in numbers:
                await producer.send(topic or self.input, b"%d" % number, key=key)
            if transactional:
                await producer.commit_transaction()

    async def read(self, topic: str) -> list[ConsumerRecord]:
        """All committed records of a topic so far."""
        return await committed(self.bootstrap, topic, PARTITIONS)

    async def sums(self) -> dict[bytes, int]:
        """The table as its readers see it: the last record of each key."""
        last = {record.key: record.value for record in await self.read(self.changelog)}
        return {key: int(value) for key, value in last.items() if value is not None and not key.startswith(PROGRESS)}

    async def sums_become(self, expected: dict[bytes, int]) -> None:
        """Return once the table says so; fail with what it says instead after PATIENCE seconds."""
        found: dict[bytes, int] = {}
        try:
            async with asyncio.timeout(PATIENCE):
                while (found := await self.sums()) != expected:
                    await asyncio.sleep(0.1)
        except TimeoutError:
            wrong = {key: (expected.get(key), found.get(key)) for key in expected.keys() | found.keys()}
            wrong = {key: pair for key, pair in wrong.items() if pair[0] != pair[1]}
            raise AssertionError(f"{len(wrong)} sums are wrong (expected, found): {list(wrong.items())[:5]}") from None

    @asynccontextmanager
    async def engine(
        self, job: Sums | None = None, observer: Observer | None = None, **settings: float
    ) -> AsyncIterator[Engine]:
        """An engine that has partitions and runs; stopped at the end. A failure of it fails the test."""
        codes: list[int] = []
        engine = Engine(job or Sums(self.input), replace(self.settings, **settings), observer, codes.append)
        await engine.start()
        try:
            await until(lambda: engine.ready or bool(codes))
            yield engine
        finally:
            await engine.stop()
            assert not codes, "the engine would have ended its process"


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.02)
