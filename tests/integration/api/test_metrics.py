"""What the api's page says of the age of its scores and of events that wait."""

import asyncio
import math

from aiokafka import AIOKafkaProducer

from deploy.local.kafka import Kafka
from schemas.moments import parse_moment
from schemas.topics import DOSSIER_EVENTS
from tests.integration.api.running import NOW, ZONE, Api, Scorer


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
