"""What is shown of a unit says that it is stale while its systems are silent for longer than they ever are."""

import asyncio

from deploy.local.kafka import Kafka
from tests.integration.api.running import TREE, Api, Scorer, publish_tree
from tests.integration.api.test_metrics import metric

SCORE = "/v1/units/{}/score?period=2026-Q1"
HOURLY = [f"2026-03-{day}T{hour:02}:00:00" for day in (24, 25, 26) for hour in (7, 9, 11, 14, 16)]


async def test_a_unit_is_stale_until_its_system_is_heard_again(own_broker: Kafka, start):
    await publish_tree(own_broker.bootstrap, TREE)
    api = start(own_broker.bootstrap)

    def said(unit: str) -> tuple[bool, bool]:
        """What its document and its score say; nothing is said of what is not stale."""
        documents = api.get(f"/v1/units/{unit}"), api.get(SCORE.format(unit))
        assert all(document.get("stale", True) is True for document in documents)
        return "stale" in documents[0], "stale" in documents[1]

    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await one.begin()
        await one.heard("H01", "mot-cua", *HOURLY)
        await one.heard("H01.187", "mot-cua-xa", "2026-04-01T11:00:00")  # not known well enough yet
        await one.commit()
        await other.write({})
        await asyncio.to_thread(api.until_ready)
        assert said("H01") == said("H01.06") == (True, True)
        assert said("H01.187") == said("H21.17") == (False, False)
        shown = '{system="mot-cua",unit="H01"}'
        assert metric(api, f"nhip_api_system_habit_seconds{shown}") == 1.75 * 3600
        assert metric(api, f"nhip_api_system_silence_seconds{shown}") == (0.75 + 2 * 8 + 8 + 4.5) * 3600
        tag = tag_of(api)
        await other.begin()
        await other.heard("H01", "mot-cua", "2026-04-01T11:00:00")
        await other.commit()
        await asyncio.to_thread(api.until, lambda: said("H01") == (False, False))
        assert tag_of(api) != tag


def tag_of(api: Api) -> str:
    return str(api.http.get(SCORE.format("H01")).headers["etag"])
