"""What the api says of a unit whose systems fell silent. Time is what the scorer says that it is: the clock of the progress rows."""

import asyncio

from deploy.local.kafka import Kafka
from schemas.rows import HeardKey
from tests.integration.api.listening import listen, next_told
from tests.integration.api.pages import page, visible
from tests.integration.api.running import Scorer
from tests.integration.api.test_metrics import metric
from tests.unit.api.watch.hearing import daily

TIMES = ("07:30", "09:30", "11:00", "14:00", "16:00")
BEFORE, AFTER = "2026-03-31T08:00:00+07:00", "2026-03-31T16:20:00+07:00"


async def hear(scorer: Scorer, first: str, last: str, *times: str) -> None:
    for day, quarters in daily(first, last, *times).items():
        await scorer.heard(HeardKey(day, "H01.187", "mot-cua"), quarters)


async def test_a_unit_whose_systems_fell_silent_is_stale_until_they_are_heard_again(own_broker: Kafka, start):
    api = start(own_broker.bootstrap, NHIP_NOW="")
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await other.write({}, clock="2026-04-01T08:00:00+07:00")
        await one.begin()
        await one.day("H01.187", "2026-03-30", {"1": {"received": 3, "open": 3}})
        await hear(one, "2026-03-02", "2026-03-30", *TIMES)
        await one.commit(clock=BEFORE)
        await asyncio.to_thread(api.until_ready)
        score, unit = "/v1/units/H01.187/score?period=2026-Q1", "/v1/units/H01.187"
        with listen(api, unit="H01.187", period="2026-Q1") as events:
            fresh = await asyncio.to_thread(next, events)
            tag = (await asyncio.to_thread(api.http.get, score)).headers["etag"]
            assert "stale" not in fresh.data
            assert "stale" not in await asyncio.to_thread(api.get, unit)
            assert "silent for longer" not in visible(await asyncio.to_thread(page, api, "/units/H01.187", lang="en"))
            await one.write({}, clock=AFTER)
            told = await asyncio.to_thread(next_told, events)
            assert told.data["stale"] is True
            assert {**told.data, "as_of": 0, "revision": 0} == {**fresh.data, "stale": True, "as_of": 0, "revision": 0}
            shown = await asyncio.to_thread(api.http.get, score)
            assert (shown.json()["stale"], shown.headers["etag"] == tag) == (True, False)
            assert (await asyncio.to_thread(api.get, unit))["stale"] is True
            above = await asyncio.to_thread(api.get, "/v1/units/H01")
            assert above["stale"] is True  # it has no systems but those below it
            assert "stale" not in await asyncio.to_thread(api.get, "/v1/units/H21.17")
            assert "silent for longer" in visible(await asyncio.to_thread(page, api, "/units/H01.187", lang="en"))
            of = '{system="mot-cua",unit="H01.187"}'
            assert (
                metric(api, f"nhip_api_system_silence_seconds{of}") == (45 + 270 + 170) * 60
            )  # since 16:15 of the day before
            assert metric(api, f"nhip_api_system_habit_seconds{of}") == 120 * 60
            await one.begin()
            await hear(one, "2026-03-31", "2026-03-31", "16:16")
            await one.commit(clock=AFTER)
            assert "stale" not in (await asyncio.to_thread(next_told, events)).data
        assert (await asyncio.to_thread(api.http.get, score)).headers["etag"] == tag
