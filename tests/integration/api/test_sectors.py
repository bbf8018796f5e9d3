"""Counts by sector ("lĩnh vực"), as the catalogue of procedures has them."""

import asyncio

from deploy.local.kafka import Kafka
from tests.integration.api.running import Scorer

CELL = {
    "1.000105": {"received": 3, "open": 3},
    "1.000106": {"received": 4, "open": 4},
    "2.000488": {"received": 5, "open": 5},
    "9": {"received": 1, "open": 1},
}


async def test_counts_are_split_by_the_sectors_of_procedures(own_broker: Kafka, start):
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await other.write({})
        await one.begin()
        for code in ("1.000105", "1.000106"):
            await one.procedure(code, sector="HT", sector_name="Hộ tịch")
        await one.procedure("2.000488", sector="LLTP", sector_name="Lý lịch tư pháp")
        await one.day("H01.187", "2026-03-31", CELL)
        await one.day("H01.06", "2026-04-01", {"2.000488": {"received": 1, "open": 1, "ended": 1}})
        await one.commit()
    api = start(own_broker.bootstrap)
    await asyncio.to_thread(api.until_ready)
    document = api.get("/v1/units/H01/counts?group_by=sector")
    found = {(group["sector"], group["name"]): group["counts"] for group in document["groups"]}
    assert {key: (counts["received"], counts["open"]) for key, counts in found.items()} == {
        ("HT", "Hộ tịch"): (7, 7),
        ("LLTP", "Lý lịch tư pháp"): (6, 6),
        (None, None): (1, 1),
    }
    for name, count in document["counts"].items():
        assert sum(counts[name] for counts in found.values()) == count
    (listed,) = [each for each in api.get("/v1/counts?parent=H01&group_by=sector") if each["unit"] == "H01.06"]
    assert [group["sector"] for group in listed["groups"]] == ["LLTP"]
