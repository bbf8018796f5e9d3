"""What the api's page says of the age of its scores and of events that wait."""

import asyncio
import math

from aiokafka import AIOKafkaProducer

from deploy.local.kafka import Kafka
from schemas.moments import parse_moment
from schemas.topics import DOSSIER_EVENTS
from tests.integration.api.running import NOW, TREE, ZONE, Api, Scorer, publish_tree


def metric(api: Api, line: str) -> float | None:
    """The value of one line of /metrics; None while it is not there."""
    lines = api.http.get("/metrics").text.splitlines()
    return next((float(found.rpartition(" ")[2]) for found in lines if found.startswith(f"{line} ")), None)


async def test_the_age_of_the_scores_is_known_once_something_is_shown(own_broker: Kafka, start):
    api = start(own_broker.bootstrap)
    await asyncio.to_thread(api.until, lambda: api.health() == 503)
    assert math.isnan(metric(api, "nhip_api_as_of_timestamp_seconds") or 0)
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await one.write({})
        await other.write({})
    await asyncio.to_thread(api.until_ready)
    assert metric(api, "nhip_api_as_of_timestamp_seconds") == parse_moment(NOW, ZONE) / 1e6


async def test_a_clock_that_is_fixed_says_so(own_broker: Kafka, start):
    fixed, running = start(own_broker.bootstrap), start(own_broker.bootstrap, NHIP_NOW="")
    for api, said in ((fixed, 1), (running, 0)):
        await asyncio.to_thread(api.until, lambda api=api: api.health() is not None)
        assert metric(api, "nhip_api_clock_fixed") == said


async def test_events_wait_until_they_are_in_the_cube(own_broker: Kafka, start):
    api = start(own_broker.bootstrap)

    async def until_waiting(*expected: int) -> None:
        def as_expected() -> bool:
            return [metric(api, f'nhip_api_lag_events{{partition="{n}"}}') for n in (0, 1)] == list(expected)

        await asyncio.to_thread(api.until, as_expected)

    await asyncio.to_thread(api.until, lambda: api.health() is not None)
    await until_waiting(0, 0)
    async with AIOKafkaProducer(bootstrap_servers=own_broker.bootstrap) as sender:
        for _ in range(7):
            await sender.send_and_wait(DOSSIER_EVENTS, b"{}", partition=0)
        await until_waiting(7, 0)  # no scorer has ever said anything
        async with Scorer(own_broker.bootstrap, 0) as scorer:
            await scorer.write({})  # it has counted seven
            await until_waiting(0, 0)
        assert metric(api, 'nhip_api_counted_events{partition="0"}') == 7
        assert metric(api, 'nhip_api_counted_events{partition="1"}') is None
        await sender.send_and_wait(DOSSIER_EVENTS, b"{}", partition=0)
        await until_waiting(1, 0)
    own_broker.stop()
    own_broker.start()
    async with AIOKafkaProducer(bootstrap_servers=own_broker.bootstrap) as sender:
        await sender.send_and_wait(DOSSIER_EVENTS, b"{}", partition=0)
    await until_waiting(2, 0)


async def test_units_show_their_own_dossiers_once_all_partitions_are_there(own_broker: Kafka, start):
    await publish_tree(own_broker.bootstrap, TREE)
    api = start(own_broker.bootstrap)
    commune = '{province="H01",unit="H01.187"}'
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await one.begin()
        await one.day("H01.187", "2026-03-30", {"p": {"received": 5, "open": 4, "open_overdue": 2, "due_soon": 1}})
        await one.day("H01.06", "2026-03-30", {"p": {"received": 1, "ended": 1}})
        await one.late("H01.187", 3)
        await one.commit()
        await asyncio.to_thread(api.until, lambda: api.health() is not None)
        await asyncio.to_thread(api.until, lambda: api.get("/v1/progress")["revision"] > 0)
        assert metric(api, f"nhip_api_unit_late_dossiers_total{commune}") is None  # half a number would jump
        await other.begin()
        await other.late("H01.187", 4)
        await other.commit()
        await asyncio.to_thread(api.until_ready)
        shown = {
            name: metric(api, f"nhip_api_unit_{name}{commune}")
            for name in ("open_dossiers", "overdue_dossiers", "due_soon_dossiers", "late_dossiers_total")
        }
        assert shown == {"open_dossiers": 4, "overdue_dossiers": 2, "due_soon_dossiers": 1, "late_dossiers_total": 7}
        department = '{province="H01",unit="H01.06"}'
        assert metric(api, f"nhip_api_unit_late_dossiers_total{department}") == 0  # from the first dossier on
        assert metric(api, 'nhip_api_unit_open_dossiers{province="H01",unit="H01"}') is None  # none of its own
        await one.begin()
        await one.late("H01.187", 5)
        await one.commit()
        await asyncio.to_thread(api.until, lambda: metric(api, f"nhip_api_unit_late_dossiers_total{commune}") == 9)
