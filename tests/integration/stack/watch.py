"""Prometheus and Alertmanager beside a stack: the shipped configurations and rules, their windows seconds, and somebody who is told."""

import json
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from deploy.alerts.build import write
from deploy.alerts.settings import AlertSettings
from deploy.local.process import end, free_port, spawn, tail
from tests.stack import Stack
from tests.waiting import until

__all__ = ["SETTINGS", "Receiver", "Watch"]

DEPLOY = Path(__file__).parents[3] / "deploy"
PORTS = {8001: "ingest", 8002: "scorer", 8003: "archive", 8004: "notices", 8000: "api"}
"""Those of the shipped configuration, and whose they are."""

_TENTH = AlertSettings().faster(10)
SETTINGS = AlertSettings.model_validate(
    _TENTH.model_dump()
    | {"gap": "3s", "late_window": "12s", "late_lately": "8s", "late_for": "2s", "late_interval": "1s"}
    | {"late_day": "24s", "late_past": "2m", "late_peak_interval": "1s", "late_usual_interval": "1s"}
)
"""A minute of patience is 6 s, an hour of late dossiers 12 s and a day of them 24 s; thresholds in numbers are those of production."""


class Receiver:
    """Listens where Alertmanager tells people."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        """Alerts in the order of the messages, each as often as it was told."""
        told = self.told

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told.extend(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["alerts"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def of(self, name: str, **labels: str) -> list[dict[str, Any]]:
        """What was told of an alert."""
        wanted = {"alertname": name, **labels}
        return [alert for alert in self.told if wanted.items() <= alert["labels"].items()]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Watch:
    """A running Prometheus with the configuration for `nhip up`, its targets those of one stack, and its Alertmanager."""

    def __init__(self, folder: Path, stack: Stack) -> None:
        self.folder = folder
        self.receiver = Receiver()
        self.url, self.alertmanager_url = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        self.http = httpx.Client(base_url=self.url, timeout=60, trust_env=False)
        self.logs: list[Path] = []
        self.processes = [self._start_alertmanager(), self._start_prometheus(stack)]

    def _start_alertmanager(self) -> subprocess.Popen[bytes]:
        config = yaml.safe_load((DEPLOY / "alertmanager" / "alertmanager.yml").read_text())
        for route in (config["route"], *config["route"]["routes"]):
            route |= {"group_wait": "100ms", "group_interval": "1s"}
        config["receivers"][0]["webhook_configs"][0]["url"] = self.receiver.url
        (self.folder / "alertmanager.yml").write_text(yaml.safe_dump(config))
        options = [f"--storage.path={self.folder}/told", "--cluster.listen-address="]
        return self._spawn("prometheus-alertmanager", "alertmanager.yml", self.alertmanager_url, *options)

    def _start_prometheus(self, stack: Stack) -> subprocess.Popen[bytes]:
        write(self.folder / "rules", SETTINGS)
        text = (DEPLOY / "prometheus" / "local.yml").read_text()
        text = text.replace("127.0.0.1:9093", self.alertmanager_url.removeprefix("http://"))
        for port, name in PORTS.items():
            text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{stack.ports[name]}")
        config = yaml.safe_load(text)
        config["global"] = {"scrape_interval": "1s", "scrape_timeout": "900ms", "evaluation_interval": "1s"}
        config["scrape_configs"] = [job for job in config["scrape_configs"] if job["job_name"] in PORTS.values()]
        (self.folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        return self._spawn("prometheus", "prometheus.yml", self.url, f"--storage.tsdb.path={self.folder}/data")

    def _spawn(self, program: str, config: str, url: str, *options: str) -> subprocess.Popen[bytes]:
        found = shutil.which(program)
        if found is None:
            pytest.skip(f"needs {program} (Debian package {program})")
        listen = f"--web.listen-address={url.removeprefix('http://')}"
        self.logs.append(self.folder / f"{program}.log")
        with self.logs[-1].open("wb") as log:
            return spawn([found, f"--config.file={self.folder / config}", listen, *options], output=log)

    def said(self) -> str:
        return "\n".join(tail(log, 20) for log in self.logs)

    def await_ready(self) -> "Watch":
        until(lambda: all(self._answers(url) for url in (self.url, self.alertmanager_url)), self.said)
        until(lambda: len(self.ask("up == 1")) == len(PORTS), self.said)
        return self

    def _answers(self, url: str) -> bool:
        try:
            return self.http.get(f"{url}/-/ready").status_code == 200
        except httpx.TransportError:
            return False

    def ask(self, expression: str) -> list[float]:
        """The values of an instant query."""
        return [float(series["value"][1]) for series in self._query(expression)]

    def states_up_to_now(self, name: str, **labels: str) -> list[str]:
        """The states in which an alert was in the last five minutes, as they came; one that nobody saw pass too."""
        chosen = ",".join(f'{label}="{value}"' for label, value in {"alertname": name, **labels}.items())
        found = self._query(f"ALERTS{{{chosen}}}[5m]")
        return [series["metric"]["alertstate"] for series in sorted(found, key=lambda series: series["values"][0])]

    def state(self, name: str, **labels: str) -> str:
        """`pending`, `firing`, or `inactive` where no alert of this name and these labels is."""
        found = self.http.get("/api/v1/alerts").raise_for_status().json()["data"]["alerts"]
        wanted = {"alertname": name, **labels}
        states = {alert["state"] for alert in found if wanted.items() <= alert["labels"].items()}
        return next((state for state in ("firing", "pending") if state in states), "inactive")

    def _query(self, expression: str) -> list[dict[str, Any]]:
        answer = self.http.get("/api/v1/query", params={"query": expression}).raise_for_status().json()
        found: list[dict[str, Any]] = answer["data"]["result"]
        return found

    def stop(self) -> None:
        self.http.close()
        for process in reversed(self.processes):
            end(process, patience=20)
        self.receiver.stop()
