"""The shipped rules in a real Prometheus beside a real stack: a frozen scorer is noticed, and forgiven when it moves again."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.door import counts, push
from tests.integration.stack.watch import Watch
from tests.stack import Stack
from tests.waiting import until

pytestmark = pytest.mark.timeout(300)

UNIT = "H77"


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """A process that lives and does nothing."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def received(number: int) -> dict[str, Any]:
    """An event of a dossier of its own."""
    return {
        "specversion": "1.0",
        "id": str(number),
        "source": "/alerts",
        "type": "nhip.dossier.received",
        "subject": f"{UNIT}-{number}",
        "time": "2026-03-12T08:00:00+07:00",
        "data": {"unit": UNIT, "procedure": "1.000001"},
    }


@pytest.fixture
def key(stack: Stack, tmp_path: Path) -> str:
    """A key of a unit of this test's own."""
    units = tmp_path / "units.csv"
    units.write_text(f"code,name,kind,parent\n{UNIT},Tỉnh thử cảnh báo,province,\n")
    stack.nhip("units", "load", str(units))
    made = stack.key("alerts", UNIT)
    until(lambda: push(stack, made, received(0), dry_run="true").json().get("accepted"), stack.said)  # has the new tree
    return made


def test_a_frozen_scorer_is_alerted_and_the_alert_ends_when_it_moves(stack: Stack, key: str, watch: Watch):
    until(lambda: watch.ask("partition:nhip_lag_events:max"), watch.said)
    until(lambda: watch.ask("instance:nhip_scores_age_seconds < 10"), watch.said)
    until(lambda: not watch.ask('ALERTS{alertname=~"NhipS.+", alertstate="firing"}'), watch.said)
    with frozen(stack.state().pids["scorer"]):
        assert push(stack, key, *map(received, range(40))).json()["accepted"] == 40
        until(lambda: watch.state("NhipScorerStalled") == "pending", watch.said)
        until(lambda: watch.state("NhipScorerStalled") == "firing", watch.said)
        assert sum(watch.ask("partition:nhip_lag_events:max")) == 40
    until(lambda: watch.state("NhipScorerStalled") == "inactive", watch.said)
    until(lambda: watch.state("NhipServiceDown") == "inactive", watch.said)
    stack.nhip("wait")
    assert counts(stack, UNIT)["received"] == 40
