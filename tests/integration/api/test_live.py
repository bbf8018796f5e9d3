"""The way of rows into the cube, with a real broker: whole transactions, restarts of either side, readiness."""

import asyncio
from collections.abc import Callable

from deploy.local.kafka import Kafka
from schemas.units import Unit, UnitTree
from tests.integration.api.running import TREE, Api, Scorer, publish_tree

DAY = "2026-03-31"


def received(api: Api, unit: str = "H01") -> int:
    return api.get(f"/v1/units/{unit}/counts")["counts"]["received"]


def cell(n: int) -> dict:
    return {"1.000105": {"received": n, "open": n}}


async def in_thread(what: Callable, *args):
    """Ask the service while the producer goes on sending its heartbeats."""
    return await asyncio.to_thread(what, *args)


async def test_nothing_is_shown_as_of_another_moment_than_the_one_that_is_set(own_broker: Kafka, start):
    """NHIP_NOW was set back: what an earlier run left holds things that have not happened yet."""
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await one.write({("H01.06", DAY): cell(1)}, clock="2026-04-02T00:00:00+07:00")
        await other.write({})
        api = start(own_broker.bootstrap)
        await in_thread(api.until, lambda: "clock" in missing(api))
        assert api.http.get("/v1/units/H01/counts").status_code == 503
        await one.write({("H01.06", DAY): cell(0)})
        await in_thread(api.until, lambda: api.health() == 200)


async def test_nothing_is_shown_before_every_partition_has_said_how_far_it_is(own_broker: Kafka, start):
    api = start(own_broker.bootstrap)
    await in_thread(api.until, lambda: "progress" in missing(api))
    assert "0, 1" in missing(api)["progress"]
    answer = api.http.get("/v1/units/H01/counts")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "progress" in answer.json()["missing"]
    progress = api.get("/v1/progress")
    assert (progress["partitions"], progress["as_of"], progress["ready"]) == ([], None, False)
    assert "Đang nạp" in api.http.get("/").text
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await one.write({("H01.06", DAY): cell(1)})
        await in_thread(api.until, lambda: len(api.get("/v1/progress")["partitions"]) == 1)
        assert api.health() == 503
        assert missing(api)["progress"].endswith(": 1")
        await other.write({})
    await in_thread(api.until_ready)
    assert received(api) == 1


async def test_a_transaction_is_shown_whole_or_not_at_all(own_broker: Kafka, start):
    api = start(own_broker.bootstrap)
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await other.write({})
        await one.write({("H01.06", DAY): cell(0), ("H01.187", DAY): cell(100)})
        await in_thread(api.until_ready)
        seen: set[tuple[int, int]] = set()

        async def look() -> None:
            while True:
                entries = await in_thread(lambda: api.get("/v1/counts?parent=H01"))
                seen.add((entries[0]["counts"]["received"], entries[1]["counts"]["received"]))

        looking = asyncio.create_task(look())
        turns = 0
        while turns < 40 or len(seen) <= 5:
            turns += 1
            gained = turns % 101  # what one unit gains the other loses
            await one.begin()
            await one.day("H01.06", DAY, cell(gained))
            await asyncio.sleep(0.01)  # the half is in the topic
            await one.day("H01.187", DAY, cell(100 - gained))
            revision = await one.commit()
        await in_thread(api.until_revision, revision + other.position)
        looking.cancel()
    assert {first + second for first, second in seen} == {100}
    assert received(api, "H01.06") == gained


async def test_what_was_aborted_is_never_shown(own_broker: Kafka, start):
    api = start(own_broker.bootstrap)
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await other.write({})
        await one.write({("H01.06", DAY): cell(3)})
        await in_thread(api.until_ready)
        await one.begin()
        await one.day("H01.06", DAY, cell(999))
        await one.abort()
        revision = await one.write({("H01.187", DAY): cell(4)})
        await in_thread(api.until_revision, revision + other.position)
    assert received(api) == 7


async def test_rows_of_a_rebuild_are_shown_at_its_end(own_broker: Kafka, start):
    api = start(own_broker.bootstrap)
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await one.write({("H01.06", DAY): cell(3)}, whole=False)
        await other.write({})
        await in_thread(api.until, lambda: "rebuild" in missing(api))
        await one.write({("H01.06", DAY): cell(5), ("H01.187", DAY): cell(1)})
        await in_thread(api.until_ready)
        assert received(api) == 6
        await one.write({("H01.06", DAY): {}}, whole=False)
        revision = await other.write({("H01", DAY): cell(10)})
        await in_thread(api.until_revision, revision)
        await in_thread(api.until, lambda: received(api) == 16)
        await one.write({("H01.187", DAY): cell(2)})
        await in_thread(api.until, lambda: received(api) == 12)


async def test_a_restarted_broker_is_followed_on(own_broker: Kafka, start):
    api = start(own_broker.bootstrap)
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await other.write({})
        await one.write({("H01.06", DAY): cell(3)})
    await in_thread(api.until_ready)
    before = api.get("/v1/progress")
    own_broker.stop()
    assert received(api) == 3  # what is known stays readable
    own_broker.start()
    async with Scorer(own_broker.bootstrap, 0) as one:
        await one.write({("H01.06", DAY): cell(4)})
        await in_thread(api.until, lambda: received(api) == 4)
    assert api.get("/v1/progress")["revision"] > before["revision"]


async def test_a_restarted_service_shows_the_same(own_broker: Kafka, start):
    api = start(own_broker.bootstrap)
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        for n in range(20):
            await one.write({("H01.06", f"2026-03-{n + 1:02}"): cell(n), ("H01.187", DAY): cell(n)})
        await other.write({("H01.06", "2026-03-05"): cell(1)})
        await one.write({("H01.06", "2026-03-20"): {}})
        await in_thread(api.until_ready)
        await in_thread(api.until, lambda: received(api) == sum(range(19)) + 19 + 1)
    before = api.http.get("/v1/units/H01/counts?group_by=procedure")
    assert api.stop() == 0
    again = start(own_broker.bootstrap).until_ready()
    after = again.http.get("/v1/units/H01/counts?group_by=procedure")
    assert after.headers["etag"] == before.headers["etag"]
    assert after.json() == before.json()


async def test_a_changed_tree_pools_anew(own_broker: Kafka, start):
    api = start(own_broker.bootstrap)
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await other.write({("H21.17", DAY): cell(5)})
        await one.write({("H01.06", DAY): cell(3)})
    await in_thread(api.until_ready)
    assert received(api) == 3
    moved = [unit for unit in TREE if unit.code != "H21.17"]
    await publish_tree(
        own_broker.bootstrap, UnitTree([*moved, Unit(code="H21.17", name="Xã", kind="commune", parent="H01")])
    )
    await in_thread(api.until, lambda: received(api) == 8)


def missing(api: Api) -> dict[str, str]:
    """What /healthz/ready says is missing."""
    if api.health() is None:
        return {}
    return api.http.get("/healthz/ready").json()["missing"]
