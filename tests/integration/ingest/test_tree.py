"""The unit tree is followed as it changes, also through restarts of the broker."""

import asyncio

import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.kafka import Kafka
from schemas.topics import UNIT_TREE, UNIT_TREE_KEY
from schemas.units import Unit, UnitTree
from services.common.topics import create_topics, topics
from services.common.tree import TreeFollower

ONE = UnitTree([Unit(code="H01", name="An Giang")])
TWO = UnitTree([Unit(code="H01", name="An Giang"), Unit(code="H02", name="Bắc Ninh")])
THREE = UnitTree([*TWO, Unit(code="H03", name="Cà Mau")])


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory):
    """A broker of this file's own, to kill."""
    own = Kafka(tmp_path_factory.mktemp("tree-kafka"))
    own.start()
    yield own
    own.stop()


async def put(broker: Kafka, value: bytes | None) -> None:
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap) as producer:
        await producer.send_and_wait(UNIT_TREE, value, key=UNIT_TREE_KEY)


class Changes:
    """What a follower tells, to be awaited."""

    def __init__(self) -> None:
        self.seen: asyncio.Queue[UnitTree] = asyncio.Queue()

    async def next(self) -> list[str]:
        async with asyncio.timeout(60):
            return [unit.code for unit in await self.seen.get()]


async def test_a_follower_holds_the_latest_tree_through_everything(broker: Kafka) -> None:
    changes = Changes()
    follower = TreeFollower(broker.bootstrap, changes.seen.put_nowait)
    follower.follow()  # before the topic is there
    await create_topics(broker.bootstrap, topics(1))
    async with asyncio.timeout(60):
        while not follower.ready:
            await asyncio.sleep(0.05)
    assert len(follower.tree) == 0
    assert follower.version == ""

    await put(broker, ONE.to_json())
    assert await changes.next() == ["H01"]
    first = follower.version

    await put(broker, b"no tree")
    await put(broker, ONE.to_json())
    await put(broker, TWO.to_json())
    assert await changes.next() == ["H01", "H02"]
    assert follower.version != first

    broker.kill()
    broker.start()
    await put(broker, THREE.to_json())
    assert await changes.next() == ["H01", "H02", "H03"]
    await follower.stop()
    assert len(follower.tree) == 3

    late = TreeFollower(broker.bootstrap)
    await late.start()
    assert late.tree.to_json() == THREE.to_json()
    assert late.version == follower.version
    await late.stop()

    await put(broker, None)
    empty = TreeFollower(broker.bootstrap)
    await empty.start()
    assert len(empty.tree) == 0
    await empty.stop()
