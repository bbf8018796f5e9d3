"""What the scorer's page says of its partitions."""

import re
import time

import pytest

from services.common.metrics import SCORER
from services.scorer.counted import Counted
from tests.unit.scorer.harness import Bench, at


@pytest.fixture
def counted():
    """An observer; at the end it has no partition left, because metrics belong to the process."""
    observer = Counted()
    yield observer
    observer.assigned([])


def shown(metric: str) -> dict[int, float]:
    """The value of a metric by partition."""
    rows = re.findall(rf'^nhip_scorer_{metric}{{partition="(\d+)"}} (\S+)$', SCORER.page().decode(), re.MULTILINE)
    return {int(partition): float(value) for partition, value in rows}


def test_a_partition_that_moves_or_commits_says_when(counted: Counted):
    before = time.time()
    counted.assigned([0, 1])
    counted.moved(0)
    counted.committed(1, {"dossier-events": 3}, records=5, seconds=0.1)
    assert before <= shown("moved_timestamp_seconds")[0] <= time.time()
    assert before <= shown("committed_timestamp_seconds")[1] <= time.time()
    assert 1 not in shown("moved_timestamp_seconds")


def test_a_partition_that_went_to_another_worker_is_shown_no_more(counted: Counted):
    counted.assigned([0, 1])
    for partition in (0, 1):
        counted.moved(partition)
        counted.lag(partition, 7, 0.5)
    counted.assigned([1])
    counted.moved(0)  # the last words of its task
    counted.lag(0, 9, 0.5)
    counted.committed(0, {}, records=1, seconds=0.1)
    assert (shown("lag_events"), shown("lag_seconds")) == ({1: 7}, {1: 0.5})
    assert shown("moved_timestamp_seconds").keys() == {1}
    assert shown("committed_timestamp_seconds") == {}


def test_the_clock_of_a_partition_is_the_one_that_its_progress_row_says(counted: Counted):
    counted.assigned([0])
    bench = Bench("2026-04-01T12:00:00")
    assert shown("clock_timestamp_seconds")[0] == at("2026-04-01T12:00:00") / 1e6
    bench.now = at("2026-04-01T12:00:05")
    bench.settle()
    assert shown("clock_timestamp_seconds")[0] == bench.clock / 1e6


def test_the_moments_ahead_of_a_partition_are_counted_each_subject_once(counted: Counted):
    counted.assigned([0])
    bench = Bench("2026-03-03T12:00:00")
    received = {"unit": "H01.06", "procedure": "1.001", "due_at": "2026-03-20"}
    bench.push(bench.stored("received", "2026-03-02T08:00:00+07:00", **received))
    bench.push(bench.stored("rescheduled", "2026-03-02T08:00:00+07:00", due_at="2026-03-25"))
    assert shown("timers")[0] == 1
    bench.restart()
    assert shown("timers")[0] == 1
    bench.push(bench.stored("processed", "2026-03-03T08:00:00+07:00"))
    assert shown("timers")[0] == 0


def counters() -> tuple[float, float, float]:
    """Duplicates, superseded, arrived late."""
    page = SCORER.page().decode()
    names = ("duplicate", "superseded", "late_arriving")
    return tuple(
        float(re.findall(rf"^nhip_scorer_{name}_events_total (\S+)$", page, re.MULTILINE)[0]) for name in names
    )


def test_events_that_come_again_out_of_order_or_late_are_counted():
    bench = Bench("2026-03-05T12:00:00")
    first, second = (bench.stored("synced", f"2026-03-0{day}T12:00:00+07:00") for day in (4, 5))
    before = counters()
    bench.push(second)
    bench.push(second, first)
    assert [now - then for now, then in zip(counters(), before, strict=True)] == [1, 1, 0]
    bench.push(bench.stored("paid", "2026-03-04T11:59:59+07:00"))
    assert [now - then for now, then in zip(counters(), before, strict=True)] == [1, 1, 1]
