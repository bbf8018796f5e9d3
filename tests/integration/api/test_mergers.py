"""A commune and a province end and are taken over: what is asked of days before, across and after."""

from collections.abc import Callable

import pytest

from deploy.local.kafka import Kafka
from schemas.units import Unit, UnitTree
from tests.integration.api.pages import page, rows, visible
from tests.integration.api.running import Api, Scorer, publish_tree

LAST = "2026-02-28"
TREE = UnitTree(
    [
        Unit(code="H01", name="An Giang", kind="province", aliases=("Tỉnh An Giang",)),
        Unit(code="H01.1", name="Xã Một", kind="commune", parent="H01"),
        Unit(code="H01.2", name="Xã Hai", kind="commune", parent="H01", valid_to=LAST, successor="H01.1"),
        Unit(code="H33", name="Kiên Giang", kind="province", valid_to=LAST, successor="H01"),
        Unit(code="H33.1", name="Xã Ba", kind="commune", parent="H33"),
        Unit(code="H01.3", name="Xã Mới", kind="commune", parent="H01", valid_from="2026-03-01"),
    ]
)
BEFORE, ACROSS, AFTER = "2026-02", "2026-Q1", "2026-03"
RECEIVED = {  # by unit: in February and in March, by systems that kept the old codes
    "H01": (1, 2),
    "H01.1": (10, 20),
    "H01.2": (100, 200),
    "H33": (1_000, 2_000),
    "H33.1": (10_000, 20_000),
}


@pytest.fixture
async def api(own_broker: Kafka, start: Callable[..., Api]) -> Api:
    await publish_tree(own_broker.bootstrap, TREE)
    cell = {
        (unit, day): {"1.000105": {"received": count, "open": count}}
        for unit, counts in RECEIVED.items()
        for day, count in zip(("2026-02-10", "2026-03-10"), counts, strict=True)
    }
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await one.write(cell)
        await other.write({})
    return start(own_broker.bootstrap).until_ready()


def received(api: Api, unit: str, period: str, **more: str) -> int:
    found = api.get(f"/v1/units/{unit}/counts", params={"period": period, "group_by": "procedure", **more})
    whole = found["counts"]["received"]
    assert sum(group["counts"]["received"] for group in found["groups"]) == whole
    return whole


async def test_a_period_counts_for_whoever_is_there_on_its_last_day(api: Api):
    assert [received(api, "H01.1", period) for period in (BEFORE, ACROSS, AFTER)] == [10, 330, 220]
    assert [received(api, "H01.1", period, scope="own") for period in (BEFORE, ACROSS, AFTER)] == [10, 330, 220]
    assert [received(api, "H01", period) for period in (BEFORE, ACROSS, AFTER)] == [111, 33_333, 22_222]
    assert [received(api, "H01", period, scope="own") for period in (BEFORE, ACROSS, AFTER)] == [1, 3_003, 2_002]
    assert [received(api, "H33", period) for period in (BEFORE, ACROSS, AFTER)] == [11_000, 3_000, 2_000]


async def test_lists_show_the_units_of_the_last_day_and_lose_no_count(api: Api):
    def listed(**query: str) -> dict[str, int]:
        return {one["unit"]: one["counts"]["received"] for one in api.get("/v1/counts", params=query)}

    assert listed(period=BEFORE) == {"H01": 111, "H33": 11_000}
    assert listed(period=ACROSS) == {"H01": 33_333}
    assert listed(period=BEFORE, parent="H01") == {"H01.1": 10, "H01.2": 100}
    assert listed(period=ACROSS, parent="H01") == {"H01.1": 330, "H33.1": 30_000, "H01.3": 0}
    assert listed(period="2026", parent="H01") == listed(period=ACROSS, parent="H01")  # a year not over yet: of today
    assert sorted(rows(page(api))) == ["H01.1", "H01.3", "H33.1"]  # of the only province that is left
    assert sorted(rows(page(api, period=BEFORE))) == ["H01", "H33"]
    assert rows(page(api, period=BEFORE, q="tinh an")) == ["H01"]  # by its alias
    assert "Đơn vị này đã kết thúc; tiếp nhận: " in visible(page(api, "/units/H33"))


async def test_scores_are_made_of_the_counts_of_the_same_units(api: Api):
    for unit, period in (("H01", BEFORE), ("H01", ACROSS), ("H33", BEFORE), ("H01.1", AFTER)):
        scored = api.get(f"/v1/units/{unit}/score", params={"period": period})
        counted = {one["code"]: one["denominator"] for group in scored["groups"] for one in group["indicators"]}
        assert counted["1.4"] == received(api, unit, period)


async def test_units_are_listed_as_of_a_day_and_the_ended_ones_on_demand(api: Api):
    def listed(**query: str) -> list[tuple[str, str | None]]:
        return [(unit["code"], unit["parent"]) for unit in api.get("/v1/units", params=query)["units"]]

    after = [("H01", None), ("H01.1", "H01"), ("H33.1", "H01"), ("H01.3", "H01")]
    before = [("H01", None), ("H01.1", "H01"), ("H01.2", "H01"), ("H33", None), ("H33.1", "H33")]
    assert listed() == after
    assert listed(day=LAST) == listed(day=LAST, ended="true") == before
    assert listed(parent="H01", day=LAST) == before[1:3]
    assert listed(parent="H33") == []
    everything = api.get("/v1/units", params={"ended": "true"})["units"]
    assert [unit["code"] for unit in everything] == ["H01", "H33", "H01.1", "H01.2", "H33.1", "H01.3"]
    assert everything[1] == {
        "code": "H33",
        "name": "Kiên Giang",
        "kind": "province",
        "parent": None,
        "valid_to": LAST,
        "successor": "H01",
    }
    assert api.http.get("/v1/units", params={"day": "today"}).status_code == 422
    assert api.http.get("/v1/units", params={"ended": "yes"}).status_code == 422


async def test_a_unit_says_who_took_it_over_and_what_it_took_over(api: Api):
    old, new = api.get("/v1/units/H33"), api.get("/v1/units/H01")
    assert (old["valid_to"], old["successor"], old["heir"], old["children"]) == (LAST, "H01", "H01", [])
    assert (new["heir"], new["absorbed"], new["valid_to"]) == ("H01", ["H33"], None)
    assert [child["code"] for child in new["children"]] == ["H01.1", "H33.1", "H01.3"]
    assert api.get("/v1/units/H33.1")["parent_unit"]["code"] == "H01"
