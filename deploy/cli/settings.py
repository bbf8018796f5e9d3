"""`nhip settings`: every environment variable that is read."""

from typing import Any

from pydantic.fields import FieldInfo
from rich.padding import Padding
from rich.text import Text

from deploy.cli.console import out, plain_errors
from services.api.settings import Settings as ApiSettings
from services.common.settings import (
    ArchiveSettings,
    CommonSettings,
    IngestSettings,
    NoticesSettings,
    ScorerSettings,
    StackSettings,
    is_secret,
    variable_of,
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
    """List all settings (environment variables): present value, who reads it, default where that is another, meaning."""
    seen: set[str] = set()
    with plain_errors():
        for reader, model in _CLASSES:
            present = model()
            for name, field in model.model_fields.items():
                variable = variable_of(name, field)
                if variable not in seen:
                    seen.add(variable)
                    _print(variable, reader, field, getattr(present, name))


def _print(variable: str, reader: str, field: FieldInfo, value: Any) -> None:
    shown = _HIDDEN if is_secret(field) else _shown(value)
    out.print(Text.assemble((variable, "bold"), f"={shown}", (f"  ({reader})", "dim")), soft_wrap=True)
    meaning = field.description or ""
    if value != field.default and not is_secret(field):
        meaning += f" [default: {_shown(field.default) or 'unset'}]"
    out.print(Padding(Text(meaning), (0, 0, 0, 4)))


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
