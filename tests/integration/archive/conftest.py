"""Towns of a test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.archive.town import Town


@pytest.fixture
def found_town(tmp_path: Path) -> Iterator[Callable[..., Town]]:
    """Founds a town with settings of its own: `found_town(NHIP_NOW="…")`."""
    founded: list[Town] = []

    def found(**settings: str) -> Town:
        founded.append(Town(tmp_path / f"town-{len(founded)}", **settings))
        return founded[-1]

    yield found
    for town in founded:
        town.close()
