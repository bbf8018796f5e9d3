"""Push → visible: from the start of the request that brings an event to the moment at which the api says that it is counted."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

import httpx
import msgspec
from aiokafka.partitioner import murmur2

from schemas.moments import canonical
from schemas.topics import DOSSIER_EVENTS

PACE = 0.01
"""Seconds between two requests."""


@dataclass
class Watch:
    """What the api was seen to have counted: (seconds, next offset by partition)."""

    seen: list[tuple[float, dict[int, int]]] = field(default_factory=list)


async def run(ingest: str, api: str, key: str, unit: str, rate: int = 1_000, seconds: int = 20) -> dict[str, Any]:
    """Percentiles in milliseconds at a steady rate of events a second, sent a hundred times a second."""
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(limits=limits, headers={"Authorization": f"Bearer {key}"}, timeout=30) as client:
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
    client: httpx.AsyncClient, ingest: str, unit: str, rate: int, seconds: int, partitions: int
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


async def _post(client: httpx.AsyncClient, ingest: str, events: list[dict[str, Any]]) -> None:
    media = {"Content-Type": "application/cloudevents-batch+json"}
    answer = await client.post(f"{ingest}/v1/events", content=msgspec.json.encode(events), headers=media)
    if answer.status_code != 202 or answer.json()["rejected"]:
        raise RuntimeError(f"ingest answered {answer.status_code}: {answer.text[:300]}")


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


async def _watch(client: httpx.AsyncClient, api: str, watch: Watch, stop: asyncio.Event) -> None:
    while not stop.is_set():
        offsets = await _offsets(client, api)
        watch.seen.append((time.perf_counter(), offsets))
        await asyncio.sleep(0.002)


async def _offsets(client: httpx.AsyncClient, api: str) -> dict[int, int]:
    partitions = (await client.get(f"{api}/v1/progress")).json()["partitions"]
    return {row["partition"]: row["offsets"][DOSSIER_EVENTS] for row in partitions}


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
