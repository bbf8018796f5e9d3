"""The shipped rules in a real Prometheus beside a real stack: a frozen scorer is noticed, and forgiven when it moves again."""

import os
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from deploy.local.process import end, free_port, spawn, tail
from tests.stack import Stack
from tests.waiting import until

pytestmark = pytest.mark.timeout(300)

SHIPPED = Path(__file__).parents[3] / "deploy" / "prometheus"
HASTE = 10
"""Every duration of configuration and rules is divided by this: a minute of patience is 6 s."""
UNIT = "H77"
NDJSON = "application/x-ndjson"


def hastened(text: str) -> str:
    """A configuration or rule file whose durations are shorter; thresholds in numbers stay."""
    milliseconds = {"s": 1_000, "m": 60_000}
    return re.sub(r"\b(\d+)([sm])\b", lambda found: f"{int(found[1]) * milliseconds[found[2]] // HASTE}ms", text)


class Prometheus:
    """A running Prometheus with the configuration for `nhip up`, its targets those of one stack."""

    def __init__(self, folder: Path, stack: Stack) -> None:
        program = shutil.which("prometheus")
        if program is None:
            pytest.skip("needs prometheus (Debian package prometheus)")
        rules = folder / "rules"
        rules.mkdir()
        for shipped in (SHIPPED / "rules").iterdir():
            (rules / shipped.name).write_text(hastened(shipped.read_text()))
        config = (SHIPPED / "local.yml").read_text()
        for port, name in ((8001, "ingest"), (8002, "scorer"), (8003, "archive"), (8000, "api")):
            config = config.replace(f"127.0.0.1:{port}", f"127.0.0.1:{stack.ports[name]}")
        (folder / "prometheus.yml").write_text(hastened(config))
        address = f"127.0.0.1:{free_port()}"
        self.http = httpx.Client(base_url=f"http://{address}", timeout=10, trust_env=False)
        self.log = folder / "prometheus.log"
        command = [program, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
        with self.log.open("wb") as log:
            self.process = spawn([*command, f"--web.listen-address={address}"], output=log)

    def said(self) -> str:
        return tail(self.log, 20)

    def ready(self) -> bool:
        try:
            return self.http.get("/-/ready").status_code == 200
        except httpx.TransportError:
            return False

    def ask(self, expression: str) -> list[float]:
        """The values of an instant query."""
        answer = self.http.get("/api/v1/query", params={"query": expression}).raise_for_status().json()
        return [float(sample["value"][1]) for sample in answer["data"]["result"]]

    def alerts(self) -> dict[str, str]:
        """The state of each alert that is pending or firing, by name; of several the last."""
        found = self.http.get("/api/v1/alerts").raise_for_status().json()["data"]["alerts"]
        return {alert["labels"]["alertname"]: alert["state"] for alert in found}

    def stop(self) -> None:
        self.http.close()
        end(self.process, patience=20)


@pytest.fixture
def prometheus(stack: Stack, tmp_path: Path) -> Iterator[Prometheus]:
    running = Prometheus(tmp_path, stack)
    until(running.ready, running.said)
    yield running
    running.stop()


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """A process that lives and does nothing."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def send(stack: Stack, key: str, events: int, *, dry_run: bool = False) -> int:
    """Send events, of as many dossiers; gives how many were accepted."""
    lines = [
        f'{{"specversion": "1.0", "id": "{n}", "source": "/alerts", "type": "nhip.dossier.received", "subject": "{UNIT}-{n}",'
        f' "time": "2026-03-12T08:00:00+07:00", "data": {{"unit": "{UNIT}", "procedure": "1.000001"}}}}'
        for n in range(events)
    ]
    headers = {"Authorization": f"Bearer {key}", "Content-Type": NDJSON}
    url = f"{stack.ingest_url}/v1/events?dry_run={str(dry_run).lower()}"
    answer = httpx.post(url, content="\n".join(lines).encode(), headers=headers)
    accepted: int = answer.json().get("accepted", 0)
    return accepted


@pytest.fixture
def key(stack: Stack, tmp_path: Path) -> str:
    """A key of a unit of this test's own."""
    units = tmp_path / "units.csv"
    units.write_text(f"code,name,kind,parent\n{UNIT},Tỉnh thử cảnh báo,province,\n")
    stack.nhip("units", "load", str(units))
    made = stack.key("alerts", UNIT)
    until(lambda: send(stack, made, 1, dry_run=True), stack.said)  # once ingest has the new tree
    return made


def test_a_frozen_scorer_is_alerted_and_the_alert_ends_when_it_moves(stack: Stack, key: str, prometheus: Prometheus):
    until(lambda: len(prometheus.ask("up == 1")) == 4, prometheus.said)
    until(lambda: prometheus.ask("partition:nhip_lag_events:max"), prometheus.said)
    until(lambda: prometheus.ask("instance:nhip_scores_age_seconds < 10"), prometheus.said)
    assert "firing" not in prometheus.alerts().values()
    with frozen(stack.state().pids["scorer"]):
        assert send(stack, key, 40) == 40
        until(lambda: prometheus.alerts().get("NhipScorerStalled") == "pending", prometheus.said)
        until(lambda: prometheus.alerts().get("NhipScorerStalled") == "firing", prometheus.said)
        assert sum(prometheus.ask("partition:nhip_lag_events:max")) == 40
    until(lambda: "NhipScorerStalled" not in prometheus.alerts(), prometheus.said)
    until(lambda: "NhipServiceDown" not in prometheus.alerts(), prometheus.said)
    stack.nhip("wait")
    assert httpx.get(f"{stack.api_url}/v1/units/{UNIT}/counts").json()["counts"]["received"] == 40
