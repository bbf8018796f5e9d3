"""`/v1/stream`: an event when a shown number changes, resuming, heartbeats, those who do not read."""

import asyncio
import socket

import pytest

from deploy.local.kafka import Kafka
from tests.integration.api.listening import listen, next_told
from tests.integration.api.running import Api, Scorer

DAY = "2026-03-31"


def cell(received: int, late: int = 0) -> dict:
    return {"1.000105": {"received": received, "ended": received, "ended_on_time": received - late, "ended_late": late}}


@pytest.fixture
async def scorer(own_broker: Kafka):
    """The partition that a test writes to; the other one is there and empty."""
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await other.write({})
        await one.write({("H01.06", DAY): cell(4), ("H01.187", DAY): cell(4, late=1)})
        yield one


async def ready(start, broker: Kafka, **settings: str) -> Api:
    api = start(broker.bootstrap, **settings)
    await asyncio.to_thread(api.until_ready)
    return api


async def test_a_listener_is_told_at_once_and_whenever_a_shown_number_changes(own_broker: Kafka, scorer, start):
    api = await ready(start, own_broker)
    with listen(api, unit="H01.06", period="2026-Q1") as events:
        first = await asyncio.to_thread(next, events)
        assert (first.event, first.data) == (
            "score",
            await asyncio.to_thread(api.get, "/v1/units/H01.06/score?period=2026-Q1"),
        )
        await scorer.write({("H01.187", DAY): cell(9)})  # another unit: no number of this one changes
        await scorer.write({("H01.06", DAY): cell(4, late=2)})
        second = await asyncio.to_thread(next_told, events)
        shown = await asyncio.to_thread(api.get, "/v1/units/H01.06/score?period=2026-Q1")
        assert (second.event, second.data["total"]) == ("score", shown["total"])
        assert second.data["total"] != first.data["total"]
        assert second.data["revision"] > first.data["revision"]


async def test_a_ranking_is_told_too(own_broker: Kafka, scorer, start):
    api = await ready(start, own_broker)
    with listen(api, parent="H01", period="2026-Q1") as events:
        first = await asyncio.to_thread(next, events)
        assert first.event == "ranking"
        assert [row["unit"]["code"] for row in first.data["units"]] == ["H01.06", "H01.187"]
        await scorer.write({("H01.06", DAY): cell(4, late=4)})
        second = await asyncio.to_thread(next_told, events)
        assert [row["unit"]["code"] for row in second.data["units"]] == ["H01.187", "H01.06"]


async def test_who_comes_back_is_told_only_of_what_changed_meanwhile(own_broker: Kafka, scorer, start):
    api = await ready(start, own_broker)
    with listen(api, unit="H01.06") as events:
        seen = (await asyncio.to_thread(next, events)).id
    with listen(api, last=seen, unit="H01.06") as events:
        assert (await asyncio.to_thread(next, events)).event == "heartbeat"
    await scorer.write({("H01.06", DAY): cell(8)})
    with listen(api, last=seen, unit="H01.06") as events:
        told = await asyncio.to_thread(next_told, events)
    assert (told.event, told.id != seen) == ("score", True)


async def test_a_heartbeat_says_as_of_when_the_last_event_still_holds(own_broker: Kafka, scorer, start):
    api = await ready(start, own_broker)
    with listen(api, unit="H01") as events:
        first = await asyncio.to_thread(next, events)
        await scorer.write({})
        beat = first
        while beat.data["revision"] == first.data["revision"]:
            beat = await asyncio.to_thread(next, events)
            assert (beat.event, set(beat.data)) == ("heartbeat", {"as_of", "revision"})
    assert beat.data["revision"] > first.data["revision"]


async def test_nobody_waits_for_a_listener_who_does_not_read(own_broker: Kafka, scorer, start):
    api = await ready(start, own_broker, NHIP_STREAM_PATIENCE="1")
    slow = [_connect(api) for _ in range(5)]
    try:
        with listen(api, unit="H01.06") as events:
            await asyncio.to_thread(next, events)
            for late in range(1, 4):
                await scorer.write({("H01.06", DAY): cell(9, late)})
                told = await asyncio.to_thread(next_told, events)
                assert told.event == "score"
            assert _dropped(await asyncio.to_thread(api.http.get, "/metrics")) == 0  # all the while they were there
        number = 0
        while _dropped(await asyncio.to_thread(api.http.get, "/metrics")) < len(slow):
            number += 1
            assert number < 3_000, "nobody was left"
            await scorer.write({("H01.06", DAY): cell(9 + number)})
    finally:
        for one in slow:
            one.close()


@pytest.mark.usefixtures("scorer")
async def test_streams_end_when_the_service_stops(own_broker: Kafka, start):
    api = await ready(start, own_broker)
    with listen(api, unit="H01") as events:
        await asyncio.to_thread(next, events)
        api.process.terminate()
        assert await asyncio.to_thread(list, events) == []
        assert await asyncio.to_thread(api.process.wait, 60) == 0
    assert "shutdown exceeded" not in api.log.read_text(), "a stream was waited for, and cut off"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"unit": "X"}, 404),
        ({"unit": "H01", "parent": "H01"}, 422),
        ({"unit": "H01", "period": "soon"}, 422),
        ({"parent": "H01", "scope": "own"}, 422),
    ],
)
def test_wrong_questions_are_answered_as_everywhere(api: Api, query, status):
    api.get("/v1/stream", status, params=query)


def _connect(api: Api) -> socket.socket:
    """A listener who never reads; small buffers, so that it soon cannot take any more."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    one.connect(("127.0.0.1", int(api.url.rpartition(":")[2])))
    one.sendall(b"GET /v1/stream?unit=H01.06 HTTP/1.1\r\nHost: x\r\n\r\n")
    return one


def _dropped(metrics) -> float:
    (line,) = (each for each in metrics.text.splitlines() if each.startswith("nhip_api_dropped_listeners_total "))
    return float(line.split()[1])
