"""A service whose periods a test closes, over rows that it writes."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx

from deploy.local.kafka import Kafka
from tests.integration.api.running import Api, Cell, Scorer
from tests.integration.api.storage import Storage

Q1 = {"period": "2026-Q1"}
BEFORE: dict[tuple[str, str], Cell] = {
    ("H01.187", "2026-03-30"): {
        "1.000105": {"received": 10, "ended": 8, "ended_on_time": 7, "ended_late": 1, "open": 2}
    },
    ("H01.06", "2026-02-10"): {"1.000105": {"received": 4, "ended": 4, "ended_on_time": 4}},
    ("H01.06", "2025-02-10"): {"1.000105": {"received": 2, "ended": 2, "ended_on_time": 1, "ended_late": 1}},
}
LATE_CORRECTION: dict[tuple[str, str], Cell] = {
    # two dossiers that were on time turn out to have been late, one more was received
    ("H01.187", "2026-03-30"): {
        "1.000105": {"received": 11, "ended": 8, "ended_on_time": 5, "ended_late": 3, "open": 3}
    },
}


class World:
    """A service over rows that a test writes, and a database."""

    def __init__(self, broker: Kafka, storage: Storage, start: Callable[..., Api]) -> None:
        self.bootstrap = broker.bootstrap
        self.storage = storage
        self._start = start
        self.apis: list[Api] = []

    def fill(self) -> "World":
        asyncio.run(_write(self.bootstrap, 0, "scorer", BEFORE))
        asyncio.run(_write(self.bootstrap, 1, "scorer", {}))
        return self

    def serve(self, **settings: str) -> Api:
        api = self._start(self.bootstrap, NHIP_DATABASE_URL=self.storage.url, **settings).until_ready()
        api.until(lambda: api.http.get("/v1/periods").status_code == 200)
        return api

    def correct(self, api: Api, cells: dict[tuple[str, str], Cell]) -> None:
        """Write rows, and wait until the service shows them."""
        revision = api.get("/v1/progress")["revision"]
        asyncio.run(_write(self.bootstrap, 0, "later", cells))
        api.until_revision(revision + 1)

    def key(self, unit: str = "H01", *, close: bool = True) -> str:
        return self.storage.key(unit, close=close)


async def _write(bootstrap: str, partition: int, name: str, cells: dict[tuple[str, str], Cell]) -> None:
    async with Scorer(bootstrap, partition, name) as scorer:
        await scorer.write(cells)


def close(api: Api, key: str, status: int = 201, **body: Any) -> Any:
    answer = httpx.post(
        f"{api.url}/v1/periods/close",
        json={"parent": "H01", **Q1, **body},
        headers={"Authorization": f"Bearer {key}"},
        timeout=60,
    )
    assert answer.status_code == status, answer.text
    return answer.json()
