"""A thousand listeners of `/v1/stream` and a thousand pollers of a ranking while events come in: what they cost the api."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from statistics import quantiles
from typing import Any

import aiohttp
import msgspec
import psutil

from schemas.moments import canonical

PACE = 0.1
"""Seconds between two requests to ingest."""


async def run(
    ingest: str, api: str, api_pid: int, key: str, units: list[str], many: int = 1_000, seconds: int = 15
) -> dict[str, Any]:
    """The api's CPU (cores) and memory with nobody, with listeners, and with pollers, at the same rate of events.

    Args:
        ingest: its address.
        api: its address.
        api_pid: the process that is measured.
        key: may speak for the units.
        units: whose dossiers come in, and who is listened to, in turns.
        many: listeners, and then pollers.
        seconds: of each of the three.
    """
    process = psutil.Process(api_pid)
    figures: dict[str, Any] = {}
    connector = aiohttp.TCPConnector(limit=0)
    headers = {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as client, asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(_send(client, ingest, units))
        figures["nobody"] = await _measured(process, seconds, _nothing)
        told: dict[str, list[float]] = defaultdict(list)
        figures[f"{many} listeners"] = await _measured(
            process, seconds, lambda: _listen(client, api, units, many, told)
        )
        spreads = sorted((max(at) - min(at)) * 1000 for at in told.values() if len(at) > 1)
        figures[f"{many} listeners"] |= {
            "events told": sum(map(len, told.values())),
            "first to last told of the same, ms": _cuts(spreads),
        }
        waits: list[float] = []
        figures[f"{many} pollers"] = await _measured(process, seconds, lambda: _poll(client, api, many, waits))
        figures[f"{many} pollers"] |= {"answers/s": round(len(waits) / seconds), "answer, ms": _cuts(sorted(waits))}
        sending.cancel()
    return figures


async def _measured(process: psutil.Process, seconds: int, work: Callable[[], Awaitable[None]]) -> dict[str, Any]:
    task = asyncio.ensure_future(work())
    await asyncio.sleep(2)  # until all are there
    before, began = process.cpu_times(), time.perf_counter()
    await asyncio.sleep(seconds)
    after, took = process.cpu_times(), time.perf_counter() - began
    memory = process.memory_info().rss >> 20
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    used = after.user + after.system - before.user - before.system
    return {"cores": round(used / took, 2), "resident MB": memory}


async def _nothing() -> None:
    await asyncio.Event().wait()


async def _send(client: aiohttp.ClientSession, ingest: str, units: list[str]) -> None:
    """Ten dossiers a second, of units in turns."""
    number = 0
    while True:
        number += 1
        unit, now = units[number % len(units)], canonical(time.time_ns() // 1000)
        event = {
            "specversion": "1.0",
            "type": "nhip.dossier.received",
            "id": f"listeners-{number}",
            "source": "/bench",
            "subject": f"{unit}-listeners-{number}",
            "time": now,
            "data": {"unit": unit, "procedure": "1.004194"},
        }
        media = {"Content-Type": "application/cloudevents+json"}
        async with client.post(f"{ingest}/v1/events", data=msgspec.json.encode(event), headers=media) as answer:
            answer.raise_for_status()
        await asyncio.sleep(PACE)


async def _listen(
    client: aiohttp.ClientSession, api: str, units: list[str], many: int, told: dict[str, list[float]]
) -> None:
    async def one(unit: str) -> None:
        patient = aiohttp.ClientTimeout(total=None)
        async with client.get(f"{api}/v1/stream", params={"unit": unit}, timeout=patient) as answer:
            async for line in answer.content:
                if line.startswith(b"id: "):
                    told[f"{unit} {line.decode()}"].append(time.perf_counter())

    await asyncio.gather(*(one(units[number % len(units)]) for number in range(many)))


async def _poll(client: aiohttp.ClientSession, api: str, many: int, waits: list[float]) -> None:
    """Each asks once a second for the ranking, with the ETag that it has."""

    async def one(number: int) -> None:
        tag = ""
        await asyncio.sleep(number / many)
        while True:
            began = time.perf_counter()
            async with client.get(f"{api}/v1/rankings?parent=H01", headers={"If-None-Match": tag}) as answer:
                await answer.read()
                tag = answer.headers["ETag"]
            waits.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(max(0.0, 1 - (time.perf_counter() - began)))

    await asyncio.gather(*(one(number) for number in range(many)))


def _cuts(values: list[float]) -> dict[str, float]:
    cuts = quantiles(values, n=100) if len(values) > 1 else [0.0] * 99
    return {"p50": round(cuts[49], 1), "p99": round(cuts[98], 1)}
