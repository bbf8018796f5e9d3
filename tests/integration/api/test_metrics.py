"""What the api's page says of the age of its scores and of events that wait."""

import asyncio
import math
import time

from aiokafka import AIOKafkaProducer

from deploy.local.kafka import Kafka
from schemas.moments import SECOND, parse_moment
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


async def test_events_are_as_old_as_the_way_from_kafka_to_the_cube_took(own_broker: Kafka, start):
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        now = time.time_ns() // 1000
        await one.write({}, arrived=now - 90 * SECOND)
        await other.write({}, arrived=now - 90 * SECOND)
        running, fixed = start(own_broker.bootstrap, NHIP_NOW=""), start(own_broker.bootstrap)
        for api in (running, fixed):
            await asyncio.to_thread(api.until_ready)
        assert metric(running, "nhip_api_event_age_seconds_count") == 0  # what was there when it began is no news
        for arrived in (now - 100 * SECOND, None, now - 50 * SECOND):
            revision = await one.write({}, arrived=arrived)
        for api in (running, fixed):
            await asyncio.to_thread(api.until_revision, revision + other.position)
    assert metric(running, "nhip_api_event_age_seconds_count") == 2
    assert 150 <= (metric(running, "nhip_api_event_age_seconds_sum") or 0) < 250
    assert metric(fixed, "nhip_api_event_age_seconds_count") == 0


async def test_the_page_shows_the_numbers_of_units_once_the_counts_are_whole(own_broker: Kafka, start):
    api = start(own_broker.bootstrap)
    labels = '{unit="H01.187",province="H01"}'
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await one.begin()
        await one.day("H01.187", "2026-03-31", {"1": {"open": 4, "open_overdue": 1, "due_soon": 2}})
        await one.late("H01.187", 3)
        await one.commit()
        await asyncio.to_thread(api.until, lambda: api.health() == 503)
        assert metric(api, f"nhip_api_unit_late_dossiers_total{labels}") is None
        await other.write({})
    await asyncio.to_thread(api.until_ready)
    for name, number in (("open", 4), ("overdue", 1), ("due_soon", 2)):
        assert metric(api, f"nhip_api_unit_{name}_dossiers{labels}") == number
    assert metric(api, f"nhip_api_unit_late_dossiers_total{labels}") == 3
