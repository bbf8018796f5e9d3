"""A ranking of all communes of the country for a period never asked before, beside a request that asks for nothing.

The cube is filled through its only door (`Cube.apply`), with generated rows; procedures have attributes, so that every indicator that
dossiers feed has something to count. The service runs as a process of its own and is asked over HTTP.
"""

import asyncio
import random
import resource
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from multiprocessing import get_context
from statistics import median
from typing import Any, Final

import httpx
import uvicorn
from fastapi import FastAPI

from deploy.local.process import free_port
from deploy.units.reading import VIETNAM, merged, read_units
from schemas.measures import BY_NAME
from schemas.moments import format_day, parse_day
from schemas.rows import PROCEDURE, ProcedureRow, Progress, day_key, encode_counters, encode_procedure, note_key
from schemas.units import UnitTree
from services.api.app import create_app
from services.api.live.hub import Hub
from services.api.service import Service
from services.api.settings import Settings

YEAR: Final = 2026
DAYS: Final = 365
PROCEDURES: Final = 400
OFFERED: Final = 150
"""Procedures that each commune offers; dossiers come for the first ones most often."""
USED: Final = 100
FACTS_A_DAY: Final = 17
PARTITIONS: Final = 4
NOW: Final = f"{YEAR}-12-31T23:00:00+07:00"
_COUNTED: Final = {
    "received": 1.0,
    "received_online": 0.6,
    "received_synced": 0.9,
    "received_population": 0.6,
    "received_reused": 0.4,
    "paid_online": 0.3,
    "fee_synced": 0.4,
    "fee_zero": 0.1,
    "online_with_result": 0.3,
    "ended": 0.9,
    "ended_on_time": 0.8,
    "ended_late": 0.1,
    "ended_with_result": 0.6,
}
"""How often a fact has some of a measure."""


class Filled(Service):
    """A service whose cube was filled by hand: it waits for no Kafka."""

    def __init__(self, tree: UnitTree) -> None:
        super().__init__(Settings(now=NOW), lambda: None)
        self._tree_changed(tree)
        self.tree.tree = tree

    def missing(self) -> dict[str, str]:
        return {}


def run(days: int = DAYS, requests: int = 40) -> dict[str, Any]:
    """Milliseconds of rankings and of empty requests, in turns.

    Args:
        days: of the year that are filled; each has some 56,000 facts of (unit, day, procedure).
        requests: how many rankings, each of a period of its own.
    """
    tree = merged(VIETNAM, read_units(VIETNAM))
    communes = [unit.code for unit in tree if unit.kind == "commune"]
    service = asyncio.run(_service(tree))
    began = time.perf_counter()
    facts = _fill(service, communes, days)
    filled = time.perf_counter() - began
    port = free_port()
    server = get_context("fork").Process(target=_serve, args=(service, port), daemon=True)
    server.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
            _until_up(http)
            figures = _measure(http, days, requests)
    finally:
        server.terminate()
        server.join()
    return {
        "units": len(communes),
        "facts": facts,
        "filled in s": round(filled, 1),
        "resident MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        **{f"cube {part} MB": size >> 20 for part, size in service.cube.memory.items() if part != "rows"},
        **figures,
    }


async def _service(tree: UnitTree) -> Filled:
    return Filled(tree)


def _measure(http: httpx.Client, days: int, requests: int) -> dict[str, Any]:
    dice = random.Random(7)
    spans = set()
    while len(spans) < requests:
        first = dice.randrange(days // 2)
        spans.add((first, dice.randrange(first, days)))
    begin = parse_day(f"{YEAR}-01-01")
    ranked, known, empty = [], [], []
    for first, last in spans:
        query = {"kind": "commune", "from": format_day(begin + first), "to": format_day(begin + last)}
        ranked.append(_ask(http, "/v1/rankings", query))
        known.append(_ask(http, "/v1/rankings", query))
        empty.append(_ask(http, "/healthz/live", {}))
    return {
        "ranking never asked before, ms": _figures(ranked),
        "the same again, ms": _figures(known),
        "empty request, ms": _figures(empty),
    }


def _ask(http: httpx.Client, path: str, query: dict[str, str]) -> float:
    began = time.perf_counter()
    answer = http.get(path, params=query)
    took = time.perf_counter() - began
    answer.raise_for_status()
    return took * 1000


def _figures(values: list[float]) -> dict[str, float]:
    return {name: round(of(values), 1) for name, of in (("min", min), ("median", median), ("max", max))}


def _fill(service: Service, communes: list[str], days: int) -> int:
    """Put the rows of a year in, a few days at a time; how many facts of (unit, day, procedure) these are."""
    dice = random.Random(1)
    names = [f"1.{number:06}" for number in range(PROCEDURES)]
    notes = {}
    for name in names:
        flags = {"fee": 0.4, "paper_result": 0.7, "for_citizens": 0.8, "special": 0.1}
        values = {flag: int(dice.random() < share) for flag, share in flags.items()}
        notes[note_key(0, PROCEDURE, name)] = encode_procedure(
            ProcedureRow(values | {"services": dice.choice([1, 1, 1, 2])})
        )
    service.cube.apply(0, notes, Progress(partition=0, offsets={}, clock=1, made_by=""), 1)
    cells = [
        {
            BY_NAME[name].number: dice.choice((1, 1, 1, 2, 3))
            for name, share in _COUNTED.items()
            if dice.random() < share
        }
        | {BY_NAME["open"].number: dice.choice((-1, 1))}
        for _ in range(4_000)
    ]
    offers = {commune: dice.sample(names, OFFERED) for commune in communes}
    begin = parse_day(f"{YEAR}-01-01")
    facts = 0
    for partition, rows in _offers(offers, begin):
        _apply(service, partition, rows)
    for start in range(0, days, 10):
        batches: list[dict[bytes, bytes | None]] = [{} for _ in range(PARTITIONS)]
        for day in range(begin + start, begin + min(start + 10, days)):
            for number, (commune, offered) in enumerate(offers.items()):
                row = {name: dice.choice(cells) for name in dice.choices(offered[:USED], k=FACTS_A_DAY + 2)}
                facts += len(row)
                partition = (number + day) % PARTITIONS
                batches[partition][day_key(partition, commune, day)] = encode_counters(row)
        for partition, rows in enumerate(batches):
            _apply(service, partition, rows)
    return facts


def _offers(offers: dict[str, list[str]], day: int) -> Iterator[tuple[int, dict[bytes, bytes | None]]]:
    """What each commune offers, and what of it online: rows of the first day, in a partition of their own."""
    offered, online = BY_NAME["procedure_offered"].number, BY_NAME["procedure_online"].number
    rows: dict[bytes, bytes | None] = {
        day_key(PARTITIONS, commune, day): encode_counters(
            {name: {offered: 1, online: 1} if place % 2 else {offered: 1} for place, name in enumerate(names)}
        )
        for commune, names in offers.items()
    }
    yield PARTITIONS, rows


def _apply(service: Service, partition: int, rows: dict[bytes, bytes | None]) -> None:
    progress = Progress(partition=partition, offsets={}, clock=service.zone.end_of_day(service.today), made_by="bench")
    service.cube.apply(partition, rows, progress, len(rows))


def _serve(service: Filled, port: int) -> None:
    app = create_app(service.settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.service = service
        app.state.hub = Hub(service)
        yield

    app.router.lifespan_context = lifespan
    uvicorn.run(app, port=port, log_config=None, access_log=False)


def _until_up(http: httpx.Client) -> None:
    while True:
        try:
            http.get("/healthz/live")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
