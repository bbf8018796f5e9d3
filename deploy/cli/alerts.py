"""`nhip alerts`: the rule files of Prometheus with windows and thresholds of one's own."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Table

from deploy.alerts.build import write as write_files
from deploy.alerts.durations import prometheus
from deploy.alerts.settings import AlertSettings, is_duration
from deploy.cli.console import errors, out, plain_errors

__all__ = ["app"]

app = typer.Typer(name="alerts", help="Rule files of Prometheus.", no_args_is_help=True)

FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="Where to write them.", file_okay=False)]
SetOption = Annotated[
    list[str], typer.Option("--set", metavar="NAME=VALUE", help="A value; `nhip alerts settings` lists them.")
]
FasterOption = Annotated[
    float, typer.Option(min=0.001, help="Divide all lengths of time by this, before --set (for trials).")
]


@app.command("write")
def write(folder: FolderArgument, values: SetOption = [], faster: FasterOption = 1) -> None:  # noqa: B006 - typer copies it
    """Write the rule files, with values of your own (exit code 2: a value is wrong)."""
    settings = _read(values, AlertSettings().faster(faster))
    with plain_errors():
        for path in write_files(folder, settings):
            out.print(str(path), highlight=False, markup=False, soft_wrap=True)


@app.command("settings")
def settings() -> None:
    """List the values that can be set: default and meaning."""
    table = Table("name", "default", "meaning", expand=True)
    for name, field in AlertSettings.model_fields.items():
        default = prometheus(field.default) if is_duration(field) else str(field.default)
        table.add_row(name, default, field.description or "")
    out.print(table)


def _read(values: list[str], settings: AlertSettings) -> AlertSettings:
    """The settings with `NAME=VALUE` put in; ends the command if one is wrong."""
    given = dict(value.partition("=")[::2] for value in values)
    try:
        return AlertSettings.model_validate(settings.model_dump() | given)
    except ValidationError as error:
        for fault in error.errors():
            name = "_".join(map(str, fault["loc"]))
            said = f"{name}={fault['input']}: {fault['msg'].removeprefix('Value error, ')}"
            errors.print(f"[red]{escape(said)}[/]", highlight=False, soft_wrap=True)
        raise typer.Exit(2) from error
