"""`nhip settings`: every environment variable that is read."""

from typing import Any

from pydantic.fields import FieldInfo
from rich.table import Table

from deploy.cli.console import out, plain_errors
from services.api.settings import Settings as ApiSettings
from services.common.settings import (
    ArchiveSettings,
    CommonSettings,
    IngestSettings,
    NoticesSettings,
    ScorerSettings,
    StackSettings,
)

__all__ = ["settings"]

_CLASSES: tuple[tuple[str, type[CommonSettings]], ...] = (
    ("all", CommonSettings),
    ("up", StackSettings),
    ("ingest", IngestSettings),
    ("scorer", ScorerSettings),
    ("archive", ArchiveSettings),
    ("notices", NoticesSettings),
    ("api", ApiSettings),
)
_HIDDEN = "••••"


def settings() -> None:
    """List all settings (environment variables): default, present value, meaning."""
    table = Table("variable", "of", "default", "value", "meaning", expand=True)
    seen: set[str] = set()
    with plain_errors():
        for reader, model in _CLASSES:
            present = model()
            for name, field in model.model_fields.items():
                variable = str(field.validation_alias or f"NHIP_{name.upper()}")
                if variable not in seen:
                    seen.add(variable)
                    values = (_shown(field, value) for value in (field.default, getattr(present, name)))
                    table.add_row(variable, reader, *values, field.description or "")
    out.print(table)


def _shown(field: FieldInfo, value: Any) -> str:
    extra = field.json_schema_extra
    if isinstance(extra, dict) and extra.get("secret"):
        return _HIDDEN
    return "" if value is None else str(value)
