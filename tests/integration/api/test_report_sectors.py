"""Form II.06a and late dossiers by the sectors ("lĩnh vực") that the catalogue gives procedures; all sheets of one state."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from deploy.local.kafka import Kafka
from schemas.units import Unit, UnitTree
from tests.integration.api.running import TREE, Api, Scorer, publish_tree
from tests.integration.api.test_reports import CELLS, sheets, table

DAY = "2026-03-31"
CELL = {
    "1.000105": {"received": 3, "open": 3, "open_overdue": 1},
    "1.000106": {"received": 4, "open": 3, "ended": 1, "ended_late": 1},
    "2.000488": {"received": 5, "open": 5},
    "9.1": {"received": 2, "open": 2, "open_overdue": 2},
    "9.2": {"received": 1, "open": 1, "open_overdue": 1},
}


async def fill(scorer: Scorer) -> None:
    await scorer.begin()
    for code in ("1.000105", "1.000106"):
        await scorer.procedure(code, sector="HT", sector_name="Hộ tịch")
    await scorer.procedure("2.000488", sector="LLTP", sector_name="Lý lịch tư pháp")
    await scorer.procedure("9.2", name="Cấp bản sao")
    await scorer.day("H01.187", DAY, CELL)
    await scorer.commit()


async def test_rows_are_sectors_and_fields_are_sectors_or_else_procedures(own_broker: Kafka, start):
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await other.write({})
        await fill(one)
    api = start(own_broker.bootstrap)
    await asyncio.to_thread(api.until_ready)
    rows = table(sheets(api, "H01", rows="sector")["II.06a"], "(1)")
    groups = api.get("/v1/units/H01/counts?group_by=sector&from=2026-01-01")["groups"]
    assert [row[1] for row in rows] == ["Chưa rõ lĩnh vực", "Hộ tịch", "Lý lịch tư pháp", "TỔNG SỐ"]
    assert [row[2:] for row in rows[:-1]] == [[made(group["counts"]) for made in CELLS.values()] for group in groups]
    fields = api.get("/v1/reports/H01/lateness.json")["fields"]
    assert [(row["of"], row["code"], row["name"], row["ended_late"], row["open_overdue"]) for row in fields] == [
        ("procedure", "9.1", None, 0, 2),
        ("sector", "HT", "Hộ tịch", 1, 1),
        ("procedure", "9.2", "Cấp bản sao", 0, 1),
        ("sector", "LLTP", "Lý lịch tư pháp", 0, 0),
    ]
    notice = api.http.get("/v1/reports/H01/lateness.txt").text
    assert "1. thủ tục 9.1: 0 / 2\n2. Hộ tịch: 1 / 1\n3. thủ tục Cấp bản sao: 0 / 1\n" in notice


async def test_units_that_ended_without_a_successor_keep_a_row_so_that_the_rows_add_up(own_broker: Kafka, start):
    gone = Unit(code="H01.99", name="Xã Cũ", kind="commune", parent="H01", valid_to="2026-02-28")
    await publish_tree(own_broker.bootstrap, UnitTree([*TREE, gone]))
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await other.write({})
        await one.write(
            {
                ("H01.99", "2026-01-05"): {"1": {"received": 2, "open": 2}},
                ("H01.06", DAY): {"1": {"received": 1, "open": 1}},
            }
        )
    api = start(own_broker.bootstrap)
    await asyncio.to_thread(api.until_ready)
    rows = api.get("/v1/reports/H01.json?period=2026-Q1")["form"]["rows"]
    assert {row["of"]: row["cells"]["handled"] for row in rows if row["cells"]["handled"]} == {"unit": 1, "ended": 2}
    late = api.get("/v1/reports/H01/lateness.json?period=2026-Q1")
    assert late["total"]["open"] == sum(row["open"] for row in late["units"]) == 3


async def test_all_parts_of_a_report_are_of_one_state_while_events_come(own_broker: Kafka, start):
    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await other.write({})
        await one.write({("H01.187", DAY): {"1": {"received": 1, "open": 1}}})
        api = start(own_broker.bootstrap)
        await asyncio.to_thread(api.until_ready)
        with ThreadPoolExecutor(2) as pool:
            reading = [pool.submit(reports, api) for _ in range(2)]
            for number in range(2, 120):
                await one.write({("H01.187", DAY): {"1": {"received": number, "open": number}}})
            for each in reading:
                seen = await asyncio.wrap_future(each)
                assert len(seen) > 1, "nothing changed while reports were read"


def reports(api: Api) -> set[int]:
    """Read until enough has come; the numbers seen."""
    seen: set[int] = set()
    while max(seen, default=0) < 100:
        report = api.get("/v1/reports/H01.json?period=2026-Q1")
        (commune,) = (child for child in report["children"] if child["unit"]["code"] == "H01.187")
        (on_time,) = (one for group in report["groups"] for one in group["indicators"] if one["code"] == "2.1")
        handled = {report["form"]["total"]["handled"], commune["handled"], on_time["denominator"]}
        assert len(handled) == 1
        seen |= handled
    return seen
