"""The one Prometheus, with Alertmanager, that all tests of alerts share."""

from collections.abc import Iterator

import pytest

from tests.integration.stack.watch import Watch
from tests.stack import Stack


@pytest.fixture(scope="package")
def watch(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    """Prometheus and Alertmanager beside the shared stack, for the tests of this folder: use units of your own."""
    running = Watch(tmp_path_factory.mktemp("watch"), stack)
    yield running.await_ready()
    running.stop()
