"""Every metric keeps to the conventions, is documented, and stays on the page of its own service."""

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploy.metrics import PAGE, text
from services.common.exposition import Declared, ServiceMetrics
from services.common.metrics import SERVICES

UNITS = (
    "seconds",
    "bytes",
    "events",
    "records",
    "rows",
    "partitions",
    "letters",
    "rejections",
    "batches",
    "reconnects",
    "listeners",
    "notices",
    "timers",
    "digests",
    "dossiers",
)
PROCESS = {"process_start_time_seconds", "process_resident_memory_bytes", "python_info", "python_gc_collections_total"}
METRICS = [pytest.param(service, metric, id=metric.name) for service in SERVICES for metric in service.declared]


@pytest.mark.parametrize(("service", "metric"), METRICS)
def test_a_name_tells_its_service_and_its_unit(service: ServiceMetrics, metric: Declared):
    assert re.fullmatch(rf"nhip_{service.service}(_[a-z]+)+", metric.name)
    assert (metric.kind == "counter") == metric.name.endswith("_total")
    state = metric.kind == "gauge" and metric.meaning.startswith("1 while ")
    revision = metric.name == "nhip_api_revision"  # a number of its own kind
    assert state or revision or metric.name.removesuffix("_total").endswith(UNITS)
    assert ("Moment" in metric.meaning) == metric.name.endswith("_timestamp_seconds")


@pytest.mark.parametrize(("service", "metric"), METRICS)
def test_the_page_says_what_a_metric_means(service: ServiceMetrics, metric: Declared):
    page = service.page().decode()
    assert len(metric.meaning.split()) > 3
    assert f"# HELP {metric.name} {metric.meaning}\n# TYPE {metric.name} {metric.kind}\n" in page


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.service)
def test_a_page_shows_its_own_service_and_process_only(service: ServiceMetrics):
    page = service.page().decode()
    names = set(re.findall(r"^# TYPE (\S+)", page, re.MULTILINE))
    assert {name for name in names if name.startswith("nhip_")} == {metric.name for metric in service.declared}
    assert names >= PROCESS
    assert all(name.startswith(("nhip_", "process_", "python_")) for name in names)
    assert list(text_string_to_metric_families(page))


def test_labels_have_few_values():
    labels = {label for service in SERVICES for metric in service.declared for label in metric.labels}
    assert labels == {"outcome", "code", "status", "route", "partition", "part", "kind", "unit", "province", "system"}
    of_units = {metric.name for service in SERVICES for metric in service.declared if "unit" in metric.labels}
    assert all(name.startswith(("nhip_api_unit_", "nhip_api_system_")) for name in of_units)


def test_the_documentation_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == text(), "run `python -m deploy.metrics`"
