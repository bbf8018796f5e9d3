"""A day of payloads and the same history as CloudEvents give the same cube: every path of states, thousands of dossiers."""

from collections.abc import Callable
from random import Random

import msgspec
import pytest

from schemas.events import Door, encode
from schemas.moments import SECOND, canonical
from services.ingest.sync.arrivals import Arrivals
from services.ingest.sync.batch import DOSSIERS, LINES, Checker
from services.ingest.sync.reading import Reading
from tests.oracle.sync.days import PATHS, TREE, draw_day
from tests.oracle.sync.events import Writer
from tests.oracle.sync.payloads import payloads
from tests.unit.ingest.sync.mapping import all_checked
from tests.unit.scorer.harness import ZONE, Bench, at

NOW = "2026-04-02T12:00:00"
CLOCKS: dict[str, Callable[[int], int]] = {
    "the clock stands still": lambda _: at("2026-04-01T18:00:00"),
    "the clock goes on": lambda number: at("2026-04-01T00:00:01") + number * SECOND,
}
SEEN = (
    "received", "received_online", "received_postal", "received_synced", "received_elsewhere", "online_with_result", "received_reused",
    "received_storage", "received_population", "fee_zero", "fee_synced", "paid_online", "finished", "processing_seconds", "ended",
    "ended_on_time", "ended_late", "ended_no_due", "ended_early", "ended_with_result", "ended_digitized", "refused", "stopped",
    "withdrawn", "returned", "declined", "open", "open_no_due", "open_overdue", "open_waiting", "submitted_waiting", "to_return",
    "became_overdue", "tt01_points_2",
)  # fmt: skip
"""Measures that such a day moves; were one of them nowhere, the comparison would say little of it."""


def told_twice(seed: int, dossiers: int, clock: Callable[[int], int]) -> tuple[list[bytes], list[bytes]]:
    """The stored events of the payloads, and those of the writer."""
    arrivals, writer = Arrivals(iter(range(10**9)).__next__), Writer()
    synced, written = [], []
    for number, payload in enumerate(payloads(draw_day(seed, dossiers), seed)):
        now = clock(number)
        door = Door(system="mc", unit="H01", tree=TREE, zone=ZONE, now=now)
        reading = Reading(unit="H01", tree=TREE, zone=ZONE, arrival=canonical(now), is_updating=payload.is_updating)
        kind = {kind.name: kind for kind in (DOSSIERS, LINES)}[payload.service]
        checked = all_checked(Checker(kind, reading, door), payload.records, arrivals)
        assert checked.rejected == []
        synced += [value for records in checked.records.values() for _, value in records]
        for case, what in payload.told:
            events = writer.write(case, what, canonical(now))
            written += [encode(door.check(msgspec.json.encode(event))) for event in events]
    return synced, written


def folded(events: list[bytes], seed: int) -> Bench:
    """A partition that has them all, in whatever order."""
    events = list(events)
    Random(seed).shuffle(events)
    bench = Bench(NOW, TREE)
    for begin in range(0, len(events), 2_000):
        bench.push(*events[begin : begin + 2_000])
    bench.settle()
    return bench


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("seed", [1, 2])
def test_payloads_and_events_give_the_same_cube(seed: int, clock: str) -> None:
    synced, written = told_twice(seed, 60 * len(PATHS), CLOCKS[clock])
    one, other = folded(synced, seed), folded(written, seed + 1)
    assert one.cube() == other.cube()
    nowhere = [measure for measure in SEEN if not any(one.count(measure, unit.code) for unit in TREE)]
    assert nowhere == []
