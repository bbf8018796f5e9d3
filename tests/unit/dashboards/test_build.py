"""The shipped dashboards are those of the code, are dashboards, and speak of what exists."""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from deploy.alerts.build import SHIPPED
from deploy.dashboards.build import FOLDER, files
from deploy.dashboards.panels import WIDTH
from services.common.metrics import SERVICES
from tests.dashboards import DASHBOARDS, QUERIES, Query, panels

GRAFANA = FOLDER.parent
DATASOURCES = yaml.safe_load((GRAFANA / "provisioning/datasources/nhip.yml").read_text())["datasources"]
OF_PROMETHEUS = {"ALERTS", "process_start_time_seconds", "process_resident_memory_bytes", "process_cpu_seconds_total"}
PANELS = [pytest.param(panel, id=f"{name}-{panel['title']}") for name, panel in panels()]
FILES = pytest.mark.parametrize("name", DASHBOARDS)


def test_the_shipped_files_are_up_to_date():
    assert {path.name: path.read_text() for path in FOLDER.iterdir()} == files(), "run `python -m deploy.dashboards`"


@FILES
def test_a_dashboard_is_one_to_the_types_of_grafana(name: str):
    read = Dashboard.from_json(DASHBOARDS[name])
    assert _encoded(read) == DASHBOARDS[name]
    assert len(read.panels or []) == len(DASHBOARDS[name]["panels"])
    assert (read.uid, read.schema_version) == (f"nhip-{Path(name).stem}", 41)


def _encoded(dashboard: Dashboard) -> Any:
    return json.loads(JSONEncoder().encode(dashboard))


@FILES
def test_panels_have_ids_of_their_own_and_lie_beside_each_other(name: str):
    found = DASHBOARDS[name]["panels"]
    assert len({panel["id"] for panel in found}) == len(found)
    places = [panel["gridPos"] for panel in found]
    for place in places:
        assert 0 <= place["x"] < place["x"] + place["w"] <= WIDTH
    for one, other in combinations(places, 2):
        apart = (
            one["x"] + one["w"] <= other["x"]
            or other["x"] + other["w"] <= one["x"]
            or one["y"] + one["h"] <= other["y"]
            or other["y"] + other["h"] <= one["y"]
        )
        assert apart, (one, other)


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_asks_a_datasource_that_is_provisioned_and_is_explained(panel: dict[str, Any]):
    provisioned = {(one["type"], one["uid"]) for one in DATASOURCES}
    assert panel["targets"]
    for asked in (panel, *panel["targets"]):
        assert (asked["datasource"]["type"], asked["datasource"]["uid"]) in provisioned
    assert panel["title"]
    assert panel["description"].endswith((".", ". "))
    assert panel["fieldConfig"]["defaults"].get("unit") or panel["type"] == "table"


@pytest.mark.parametrize("query", [query for query in QUERIES if not query.is_sql], ids=lambda query: query.text)
def test_an_expression_speaks_of_metrics_that_exist(query: Query):
    declared = {metric.name for service in SERVICES for metric in service.declared}
    histograms = {
        metric.name + end
        for service in SERVICES
        for metric in service.declared
        if metric.kind == "histogram"
        for end in ("_bucket", "_count", "_sum")
    }
    rules = [
        rule
        for path in SHIPPED.glob("*.yml")
        for group in yaml.safe_load(path.read_text())["groups"]
        for rule in group["rules"]
    ]
    recorded = {rule["record"] for rule in rules if "record" in rule}
    named = set(re.findall(r"[a-z:0-9]*nhip_[a-z_:0-9]+|ALERTS|process_[a-z_]+", query.text))
    assert named
    assert named <= declared | histograms | recorded | OF_PROMETHEUS


def test_the_provisioned_folder_and_variables_are_those_that_compose_gives():
    compose = yaml.safe_load((GRAFANA.parents[1] / "docker-compose.yml").read_text())["services"]["grafana"]
    mounts = dict(mount.split(":")[1::-1] for mount in compose["volumes"] if mount.startswith("./"))
    texts = [path.read_text() for path in (GRAFANA / "provisioning").rglob("*.yml")]
    asked = {name for text in texts for name in re.findall(r"\$(\w+)", text)}
    assert asked <= compose["environment"].keys()
    assert (GRAFANA.parents[1] / mounts[compose["environment"]["NHIP_DASHBOARDS"]]).samefile(FOLDER)
    assert (GRAFANA.parents[1] / mounts["/etc/grafana/provisioning"]).samefile(GRAFANA / "provisioning")
    home = Path(compose["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert (FOLDER / home.name).is_file()
