"""What the city's own tables say: true counts at eight month ends, and the file of events that must lead to them."""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MAPPING, UNITS = HERE / "mapping.yaml", HERE / "units.csv"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "boston_311"
EVENTS = SHARED / "dev_events.csv.gz"
ZONE, NOW = "America/New_York", "2015-09-01T03:57:00Z"
ROOT = "BOSTON"

COUNT_OF = {
    "received": "received",
    "closed": "ended",
    "closed_ontime": "ended_on_time",
    "closed_late": "ended_late",
    "closed_no_due": "ended_no_due",
    "open_overdue": "open_overdue",
    "open_not_due": "open_not_due",
    "open_no_due": "open_no_due",
    "returned": "returned",
}
"""Column of the truth -> count of the contract, since ever up to the month's end."""


@dataclass(frozen=True)
class Snapshot:
    """The counts of all units at the end of a local day."""

    day: str
    counts: dict[str, dict[str, int]]


def data() -> Path:
    """The folder of the data; without it the test is skipped, or fails where everything must be tested."""
    if not EVENTS.exists():
        why = "the data of ../shared/data/boston_311 are not here"
        if os.environ.get("NHIP_TEST_ALL") == "1":
            pytest.fail(why)
        pytest.skip(why)
    return SHARED


def snapshots() -> list[Snapshot]:
    """The truth by month end; a unit that is not listed has nothing but zeros yet."""
    with UNITS.open(newline="") as file:
        units = [row["code"] for row in csv.DictReader(file)]
    days: dict[str, dict[str, dict[str, int]]] = {}
    with (data() / "dev_truth_snapshots.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            counts = days.setdefault(
                row["asof_local"][:10], {unit: dict.fromkeys(COUNT_OF.values(), 0) for unit in units}
            )
            unit = ROOT if row["unit"] == "TOTAL" else row["unit"]
            counts[unit] = {count: int(row[column]) for column, count in COUNT_OF.items()}
    assert len(days) == 8
    return [Snapshot(day, counts) for day, counts in sorted(days.items())]
