"""docker-compose.yml and the Dockerfile, checked without any container."""

import json
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import pytest
import yaml

from deploy.local import kafka
from services.common.settings import CommonSettings, NoticesSettings

ROOT = Path(__file__).parents[3]
PLACES = {"log.dirs", "listeners", "advertised.listeners", "controller.quorum.voters"}


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_compose_file_agrees_with_the_compose_specification(compose: dict):
    package = find_spec("check_jsonschema")
    assert package is not None
    assert package.origin is not None
    schema = Path(package.origin).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.Draft7Validator(json.loads(schema.read_text())).validate(compose)
    expected = {
        "kafka",
        "postgres",
        "ingest",
        "scorer",
        "archive",
        "notices",
        "api",
        "prometheus",
        "alertmanager",
        "grafana",
    }
    assert expected <= compose["services"].keys()


def test_kafka_runs_with_the_settings_of_the_embedded_one(compose: dict):
    environment = compose["services"]["kafka"]["environment"]
    found = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): str(value)
        for name, value in environment.items()
        if name != "KAFKA_HEAP_OPTS"
    }
    assert {name: value for name, value in found.items() if name not in PLACES} == kafka.SETTINGS


def test_kafka_is_the_version_of_the_embedded_one(compose: dict):
    version = compose["services"]["kafka"]["image"].partition(":")[2]
    assert f"org.apache.kafka:kafka_2.13:{version} " in (ROOT / "deploy/local/kafka_jars.txt").read_text()


def test_services_are_given_only_settings_that_exist(compose: dict):
    known = {f"NHIP_{name.upper()}" for name in CommonSettings.model_fields}
    for name in ("prepare", "ingest", "scorer", "archive", "api"):
        assert compose["services"][name]["environment"].keys() <= known
    of_notices = {f"NHIP_{name.upper()}" for name in NoticesSettings.model_fields}
    assert compose["services"]["notices"]["environment"].keys() <= of_notices


def test_nothing_is_published_beyond_this_machine(compose: dict):
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_what_the_image_copies_is_there_and_not_ignored():
    copied = [
        source
        for line in (ROOT / "deploy/docker/Dockerfile").read_text().splitlines()
        if line.startswith("COPY")
        for source in line.split()[1:-1]
    ]
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied
    assert set(copied) <= let_in
    assert all((ROOT / source).exists() for source in copied)


def test_prometheus_is_given_its_configuration_and_every_file_that_it_names(compose: dict):
    mounts = [mount.split(":") for mount in compose["services"]["prometheus"]["volumes"] if mount.startswith("./")]
    inside = {Path(there).relative_to("/etc/prometheus"): ROOT / here for here, there, _ in mounts}
    assert all(mode == "ro" for *_, mode in mounts)
    config = yaml.safe_load(inside[Path("prometheus.yml")].read_text())
    for pattern in config["rule_files"]:
        folder = Path(pattern).parent
        assert list(inside[folder].glob(Path(pattern).name))
    assert {job["job_name"] for job in config["scrape_configs"]} == {"ingest", "scorer", "archive", "notices", "api"}


def test_prometheus_is_told_where_alertmanager_is_and_that_has_its_configuration(compose: dict):
    service = compose["services"]["alertmanager"]
    (here, there, mode), *_ = [mount.split(":") for mount in service["volumes"] if mount.startswith("./")]
    assert (ROOT / here).is_file()
    assert (there, mode) == ("/etc/alertmanager/alertmanager.yml", "ro")
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    told = config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"]
    assert told == ["alertmanager:9093"]
    assert service["ports"] == ["127.0.0.1:9093:9093"]
