"""Configurations and rules of Prometheus and Alertmanager: their tools take them; they speak of metrics and pages that exist."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from deploy.alerts.build import write
from deploy.alerts.settings import AlertSettings
from services.api.page.links import Links
from services.common.metrics import SERVICES
from tests.stack import Stack
from tests.waiting import until

ROOT = Path(__file__).parents[3]
HERE = ROOT / "deploy" / "prometheus"
ALERTMANAGER = ROOT / "deploy" / "alertmanager" / "alertmanager.yml"
CONFIGS = ("prometheus.yml", "local.yml")
RULES: list[dict[str, Any]] = [
    rule
    for file in (HERE / "rules").glob("*.yml")
    for group in yaml.safe_load(file.read_text())["groups"]
    for rule in group["rules"]
]
ALERTS = [rule for rule in RULES if "alert" in rule]
ALERT = pytest.mark.parametrize("alert", ALERTS, ids=lambda rule: "-".join([rule["alert"], *rule["labels"].values()]))
OF_PROMETHEUS = {"up", "process_start_time_seconds"}
"""Series of Prometheus itself, and of its library in each process."""


def promtool(*arguments: str | Path, text: str | None = None) -> None:
    """Run promtool; the test fails with what it says."""
    run("promtool", "prometheus", *arguments, text=text)


def run(name: str, package: str, *arguments: str | Path, text: str | None = None) -> None:
    """Run a program of a package of Debian."""
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"needs {name} (Debian package {package})")
    done = subprocess.run([program, *map(str, arguments)], check=False, capture_output=True, text=True, input=text)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", CONFIGS)
def test_prometheus_understands_its_configuration(name: str):
    promtool("check", "config", HERE / name)


def test_prometheus_understands_its_rules():
    promtool("check", "rules", *(HERE / "rules").glob("*.yml"))


def test_rules_with_windows_of_milliseconds_are_rules(tmp_path: Path):
    promtool("check", "rules", *write(tmp_path, AlertSettings().faster(1000)))


@pytest.mark.parametrize("file", sorted((HERE / "tests").glob("*.yml")), ids=lambda file: file.stem)
def test_alerts_fire_when_they_should_and_only_then(file: Path):
    promtool("test", "rules", file)


def test_both_configurations_differ_in_their_targets_alone():
    one, other = (yaml.safe_load((HERE / name).read_text()) for name in CONFIGS)
    jobs = [[job["job_name"] for job in config.pop("scrape_configs")] for config in (one, other)]
    assert jobs[0] == jobs[1] == ["ingest", "scorer", "archive", "notices", "api"]
    receivers = [config.pop("alerting")["alertmanagers"][0]["static_configs"][0]["targets"] for config in (one, other)]
    assert receivers == [["alertmanager:9093"], ["127.0.0.1:9093"]]
    assert one == other


def test_alertmanager_understands_its_configuration():
    run("amtool", "prometheus-alertmanager", "check-config", ALERTMANAGER)


def test_alertmanager_inhibits_only_alerts_that_exist():
    config = yaml.safe_load(ALERTMANAGER.read_text())
    matchers = [each for rule in config["inhibit_rules"] for each in rule["source_matchers"] + rule["target_matchers"]]
    named = {name for each in matchers for name in re.findall(r"Nhip\w+", each)}
    assert named
    assert named <= {alert["alert"] for alert in ALERTS}


def test_rules_speak_of_metrics_that_exist():
    known = {metric.name for service in SERVICES for metric in service.declared} | OF_PROMETHEUS
    recorded = {rule["record"] for rule in RULES if "record" in rule}
    for rule in RULES:
        named = set(re.findall(r"[a-z:0-9]*nhip_[a-z_:0-9]+|\bup\b|process_[a-z_]+", rule["expr"]))
        assert named
        assert named <= known | recorded, rule["expr"]


@ALERT
def test_an_alert_speaks_two_languages_and_names_a_page_that_says_what_to_do(alert: dict[str, Any]):
    said = alert["annotations"]
    assert said.keys() >= {"summary", "summary_vi", "description", "description_vi", "runbook"}
    page = (ROOT / said["runbook"]).read_text()
    assert page.startswith(f"# {alert['alert']}\n\n*Tóm tắt: ")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == ["What it means", "What to look at", "What to do"]
    listed = (ROOT / "docs" / "operate.md").read_text()
    assert f"[`{alert['alert']}`]({said['runbook'].removeprefix('docs/')})" in listed


@ALERT
def test_an_alert_of_a_unit_leads_to_the_page_of_the_unit(alert: dict[str, Any]):
    of_unit = alert["alert"] in {"LateDossierSpike", "NhipSystemSilent"}
    assert ("page" in alert["annotations"]) == of_unit
    if of_unit:
        label = alert["labels"].get("level", "unit")
        root = AlertSettings().page + "/"
        assert alert["annotations"]["page"] == root + f"units/{{{{ $labels.{label} }}}}"
        assert Links(root, {}).unit("H01.187") == root + "units/H01.187"


def test_running_services_show_what_prometheus_finds_well_formed(stack: Stack):
    for url in (stack.ingest_url, stack.scorer_url, stack.archive_url, stack.notices_url, stack.api_url):
        promtool("check", "metrics", text=httpx.get(url + "/metrics").text)


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("api", "lag_events"),
        ("api", "counted_events"),
        ("scorer", "lag_events"),
        ("scorer", "moved_timestamp_seconds"),
        ("scorer", "committed_timestamp_seconds"),
        ("scorer", "clock_timestamp_seconds"),
    ],
)
def test_a_running_service_tells_of_every_partition(stack: Stack, service: str, name: str):
    def told() -> set[str]:
        page = httpx.get(f"http://127.0.0.1:{stack.ports[service]}/metrics").text
        return set(re.findall(rf'^nhip_{service}_{name}{{partition="(\d+)"}}', page, re.MULTILINE))

    until(lambda: told() == set("0123"), lambda: f"told of {told()}")
