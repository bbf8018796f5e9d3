"""`make bench` (or `make bench ARGS=--quick`): everything side by side in one run, on this machine, as ratios and figures.

The machine's own speed drifts; compare figures of one run only.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.local.kafka import Kafka
from deploy.units.reading import VIETNAM, read_units
from tests.bench import listeners, peers_job, ranking, timers, visible, whole_scorer
from tests.stack import Stack

UNIT = "H01"


def main() -> None:
    """Run all benchmarks and print one JSON document a line."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--quick", action="store_true", help="fewer events, the same measurements")
    parser.add_argument("--events", type=int, help="events to drain")
    options = parser.parse_args()
    events = options.events or (200_000 if options.quick else 1_000_000)
    seconds = 10 if options.quick else 30
    with tempfile.TemporaryDirectory(prefix="nhip-bench-") as folder:
        _show("engine, job of the peers", _with_kafka(Path(folder, "peers"), lambda at: peers_job.run(at, events)))
        scored = _with_kafka(Path(folder, "whole"), lambda at: asyncio.run(whole_scorer.run(at, events)))
        _show("whole scorer", scored)
        many, due = (100_000, 10_000) if options.quick else (1_000_000, 100_000)
        waited = _with_kafka(Path(folder, "timers"), lambda at: asyncio.run(timers.run(at, many, due)))
        _show("a million timers", waited)
        _show("push to visible, 1,000 events/s", _push(Path(folder, "stack"), seconds))
        _show("a thousand listeners, a thousand pollers", _listen(Path(folder, "listeners"), seconds // 2))
        _show(
            "ranking of all communes of the country", ranking.run(ranking.DAYS // 12 if options.quick else ranking.DAYS)
        )


def _with_kafka(home: Path, measure: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """A measurement on a broker of its own: one that is full of the last run's data would slow the next."""
    broker = Kafka(home)
    broker.start()
    try:
        return measure(broker.bootstrap)
    finally:
        broker.stop()


def _push(home: Path, seconds: int) -> dict[str, Any]:
    home.mkdir()
    units = home / "units.csv"
    units.write_text(f"code,name,kind,parent\n{UNIT},An Giang,province,\n")
    stack = Stack(home / "home").start()
    try:
        stack.nhip("units", "load", str(units))
        return asyncio.run(
            visible.run(stack.ingest_url, stack.api_url, stack.key("bench", UNIT), UNIT, seconds=seconds)
        )
    finally:
        stack.stop()


def _listen(home: Path, seconds: int) -> dict[str, Any]:
    home.mkdir()
    stack = Stack(home / "home").start()
    try:
        stack.nhip("units", "load", "vietnam")
        communes = [
            row.unit.code for row in read_units(VIETNAM) if row.unit.parent == UNIT and row.unit.kind == "commune"
        ]
        key, pid = stack.key("bench", UNIT), stack.state().pids["api"]
        return asyncio.run(listeners.run(stack.ingest_url, stack.api_url, pid, key, communes, seconds=seconds))
    finally:
        stack.stop()


def _show(name: str, figures: dict[str, Any]) -> None:
    print(json.dumps({"benchmark": name, **figures}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
