"""What a closing keeps, before it is kept."""

from typing import Any, NamedTuple

from services.api.cube.cube import State

__all__ = ["Frozen", "Row"]

Row = dict[str, Any]


class Frozen(NamedTuple):
    """Rows of `PublishedResult` and `PublishedRanking`, without their closing; ``state``: of the counts that they were made of."""

    state: State
    results: list[Row]
    rankings: list[Row]
