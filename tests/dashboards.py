"""What the tests of dashboards ask of the shipped files."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from deploy.dashboards.build import FOLDER

__all__ = ["DASHBOARDS", "QUERIES", "Query", "panels", "plain_promql", "plain_sql"]

DASHBOARDS: dict[str, dict[str, Any]] = {path.name: json.loads(path.read_text()) for path in sorted(FOLDER.iterdir())}


class Query(NamedTuple):
    """One target of a panel."""

    panel: str
    datasource: str
    text: str

    @property
    def is_sql(self) -> bool:
        return self.datasource == "nhip-postgres"


def panels() -> Iterator[tuple[str, dict[str, Any]]]:
    """The panels that show something, each with the name of its dashboard's file."""
    for name, dashboard in DASHBOARDS.items():
        for panel in dashboard["panels"]:
            if panel["type"] != "row":
                yield name, panel


QUERIES = [
    Query(panel["title"], target["datasource"]["uid"], target.get("expr") or target["rawSql"])
    for _, panel in panels()
    for target in panel["targets"]
]


def plain_promql(text: str, province: str) -> str:
    """An expression with what Grafana would put in."""
    return text.replace("$__rate_interval", "1m").replace("$province", province)


def plain_sql(text: str, province: str) -> str:
    """A query with what Grafana would put in: the last thirty days."""
    text = text.replace("$__timeFrom()", "(now() - interval '30 days')::text").replace("$__timeTo()", "now()::text")
    text = text.replace("$province", province)
    assert not re.search(r"\$\w", text), text
    return text
