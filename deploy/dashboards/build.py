"""Dashboards into files."""

import json
from pathlib import Path
from typing import Final

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from deploy.dashboards import operators, province

__all__ = ["FOLDER", "files", "write"]

FOLDER: Final = Path(__file__).parent.parent / "grafana" / "dashboards"
"""What Grafana is given; deploy/grafana/provisioning says how."""


def files() -> dict[str, str]:
    """Text by file name."""
    return {"operators.json": _text(operators.dashboard()), "province.json": _text(province.dashboard())}


def _text(made: Dashboard) -> str:
    document = json.loads(JSONEncoder().encode(made.build()))
    for number, panel in enumerate(document["panels"], 1):
        panel["id"] = number
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write() -> None:
    """Write them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
