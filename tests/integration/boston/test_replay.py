"""All events of the city through HTTP by `nhip replay`, in a stack of their own: every true cell of every month end."""

import csv
import gzip
import io
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.door import counts, get, run
from tests.integration.boston.truth import EVENTS, MAPPING, NOW, ROOT, UNITS, ZONE, data, snapshots
from tests.stack import Stack

pytestmark = [pytest.mark.shared, pytest.mark.timeout(900)]


@pytest.fixture
def boston(start_stack: Callable[..., Stack]) -> Iterator[Stack]:
    """A fresh stack at the last instant of the file."""
    data()
    stack = start_stack(NHIP_TIMEZONE=ZONE, NHIP_NOW=NOW)
    run(stack, "units", "load", str(UNITS))
    yield stack
    stack.stop()


def test_replayed_file_gives_the_true_counts(boston: Stack):
    said = run(boston, "replay", str(EVENTS), "--mapping", str(MAPPING), key=boston.key("city", ROOT))
    assert "144,252 accepted, 0 rejected" in said
    run(boston, "wait")
    check(boston)


def test_shuffled_file_with_a_tenth_of_it_twice_gives_the_same(boston: Stack, tmp_path: Path):
    key = boston.key("city", ROOT)
    for name, expected in shuffled_in_two(tmp_path).items():
        said = run(boston, "replay", name, "--mapping", str(MAPPING), key=key)
        assert f"{expected:,} accepted, 0 rejected" in said
    run(boston, "wait")
    check(boston)


def check(stack: Stack) -> None:
    """Compare every cell; say all that differ."""
    wrong = []
    for snapshot in snapshots():
        found = {ROOT: counts(stack, ROOT, to=snapshot.day)}
        for entry in get(stack, "/v1/counts", parent=ROOT, to=snapshot.day):
            found[entry["unit"]] = entry["counts"]
        for unit, expected in snapshot.counts.items():
            wrong += [
                f"{snapshot.day} {unit} {count}: {found[unit][count]} is not {true}"
                for count, true in expected.items()
                if found[unit][count] != true
            ]
    assert wrong == []


def shuffled_in_two(folder: Path) -> dict[str, int]:
    """Two files with the number of their rows: everything in random order, a tenth of the rows twice."""
    with gzip.open(EVENTS, "rt", newline="") as file:
        header, *rows = list(csv.reader(file))
    dice = random.Random(311)
    rows += dice.sample(rows, len(rows) // 10)
    dice.shuffle(rows)
    half = len(rows) // 2
    files = {}
    for name, part in (("one.csv.gz", rows[:half]), ("two.csv.gz", rows[half:])):
        text = io.StringIO()
        csv.writer(text).writerows([header, *part])
        (folder / name).write_bytes(gzip.compress(text.getvalue().encode(), 1))
        files[str(folder / name)] = len(part)
    return files
