"""Push → visible: from the start of the request that brings an event to the moment at which the api says that it is counted."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

import aiohttp
import msgspec
from aiokafka.partitioner import murmur2

from schemas.moments import canonical
from schemas.topics import DOSSIER_EVENTS

PACE = 0.01
"""Seconds between two requests."""
GLANCE = 0.005
"""Seconds between two looks at the api: the figures are that much too large at most."""


@dataclass
class Watch:
    """What the api was seen to have counted: (seconds, next offset by partition)."""

    seen: list[tuple[float, dict[int, int]]] = field(default_factory=list)


async def run(ingest: str, api: str, key: str, unit: str, rate: int = 1_000, seconds: int = 20) -> dict[str, Any]:
    """Percentiles in milliseconds at a steady rate of events a second, sent a hundred times a second."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as client:
        watch, stop = Watch(), asyncio.Event()
        base = await _offsets(client, api)
        watching = asyncio.create_task(_watch(client, api, watch, stop))
        sent = await _send(client, ingest, unit, rate, seconds, len(base))
        wanted = dict(base)
        for _, partition in sent:
            wanted[partition] += 1
        while any(watch.seen[-1][1][p] < offset for p, offset in wanted.items()):
            await asyncio.sleep(0.05)
        stop.set()
        await watching
    waits = sorted(_waits(sent, base, watch))
    cuts = quantiles(waits, n=100)
    return {
        "events": len(waits),
        "p50 ms": round(cuts[49], 1),
        "p99 ms": round(cuts[98], 1),
        "max ms": round(waits[-1], 1),
    }


async def _send(
    client: aiohttp.ClientSession, ingest: str, unit: str, rate: int, seconds: int, partitions: int
) -> list[tuple[float, int]]:
    """(start of the request, partition) of each event, in the order of sending."""
    sent: list[tuple[float, int]] = []
    requests = []
    began = time.perf_counter()
    for turn in range(int(seconds / PACE)):
        await asyncio.sleep(max(0.0, began + turn * PACE - time.perf_counter()))
        events = [_event(unit, len(sent) + i) for i in range(int(rate * PACE))]
        start = time.perf_counter()
        sent += [(start, (murmur2(event["subject"].encode()) & 0x7FFFFFFF) % partitions) for event in events]
        requests.append(asyncio.create_task(_post(client, ingest, events)))
    await asyncio.gather(*requests)
    return sent


async def _post(client: aiohttp.ClientSession, ingest: str, events: list[dict[str, Any]]) -> None:
    media = {"Content-Type": "application/cloudevents-batch+json"}
    async with client.post(f"{ingest}/v1/events", data=msgspec.json.encode(events), headers=media) as answer:
        body = await answer.json()
    if answer.status != 202 or body["rejected"]:
        raise RuntimeError(f"ingest answered {answer.status}: {body}")


def _event(unit: str, number: int) -> dict[str, Any]:
    now = canonical(time.time_ns() // 1000)
    return {
        "specversion": "1.0",
        "type": "nhip.dossier.received",
        "id": f"visible-{now}-{number}",
        "source": "/bench",
        "subject": f"{unit}-visible-{time.time_ns()}-{number}",
        "time": now,
        "data": {"unit": unit, "procedure": "1.004194"},
    }


async def _watch(client: aiohttp.ClientSession, api: str, watch: Watch, stop: asyncio.Event) -> None:
    while not stop.is_set():
        offsets = await _offsets(client, api)
        watch.seen.append((time.perf_counter(), offsets))
        await asyncio.sleep(GLANCE)


async def _offsets(client: aiohttp.ClientSession, api: str) -> dict[int, int]:
    async with client.get(f"{api}/v1/progress") as answer:
        progress = msgspec.json.decode(await answer.read())
    return {row["partition"]: row["offsets"][DOSSIER_EVENTS] for row in progress["partitions"]}


def _waits(sent: list[tuple[float, int]], base: dict[int, int], watch: Watch) -> Iterator[float]:
    """Milliseconds of each event; what a partition took in was sent in this order."""
    next_offset = dict(base)
    look = dict.fromkeys(base, 0)
    for start, partition in sent:
        offset = next_offset[partition]
        next_offset[partition] += 1
        while watch.seen[look[partition]][1][partition] <= offset:
            look[partition] += 1
        yield (watch.seen[look[partition]][0] - start) * 1000
