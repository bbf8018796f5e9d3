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
        counted.lag(partition, 7, 1.5)
    counted.assigned([1])
    counted.moved(0)  # the last words of its task
    counted.lag(0, 9, 2.5)
    counted.committed(0, {}, records=1, seconds=0.1)
    assert shown("lag_events") == {1: 7}
    assert shown("lag_seconds") == {1: 1.5}
    assert shown("moved_timestamp_seconds").keys() == {1}
    assert shown("committed_timestamp_seconds") == {}


def test_the_clock_of_a_partition_is_the_one_that_its_progress_row_says(counted: Counted):
    counted.assigned([0])
    bench = Bench("2026-04-01T12:00:00")
    assert shown("clock_timestamp_seconds")[0] == at("2026-04-01T12:00:00") / 1e6
    bench.now = at("2026-04-01T12:00:05")
    bench.settle()
    assert shown("clock_timestamp_seconds")[0] == bench.clock / 1e6
