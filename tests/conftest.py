"""Fixtures that many tests share. Everything runs for real, on loopback, in temporary directories."""

import os
from collections.abc import Callable, Iterator, Sequence

import pytest

from deploy.local.kafka import Kafka
from tests.stack import PROGRAMS, Stack

TEST_ALL = bool(os.environ.get("NHIP_TEST_ALL"))
"""The CI has all that tests need: there a test that is skipped is a test that failed."""


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A running broker, shared by the whole session: use topic and group names of your own."""
    broker = Kafka(tmp_path_factory.mktemp("kafka"))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole embedded stack, shared by the whole session: use units and dossier codes of your own."""
    running = Stack(tmp_path_factory.mktemp("stack") / "home").start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def start_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Stack]]:
    """Starts stacks with settings of their own: `start_stack(services=[…], NHIP_NOW="…")`; they end with the module."""
    started: list[Stack] = []

    def start(services: Sequence[str] = PROGRAMS, **settings: str) -> Stack:
        started.append(Stack(tmp_path_factory.mktemp("stack") / "home", services=services, settings=settings))
        return started[-1].start()

    yield start
    for one in started:
        one.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """With NHIP_TEST_ALL=1 a skip hides nothing: it fails with its reason."""
    report = yield
    if TEST_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: skipped although NHIP_TEST_ALL is set: {reason}"
    return report
