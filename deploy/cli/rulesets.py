"""`nhip rulesets`: checking the files that say what is scored and how."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from deploy.cli.console import errors, out
from schemas.rulesets.errors import RuleSetError
from schemas.rulesets.library import parse

__all__ = ["app"]

app = typer.Typer(name="rulesets", help="Rule sets: what is scored and how.", no_args_is_help=True)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A rule set as YAML.")]


@app.callback()
def rulesets() -> None:
    """Rule sets: what is scored and how."""  # a callback keeps `check` a command of its own


@app.command("check")
def check(file: FileArgument) -> None:
    """Say whether a file is a rule set; if not, the line and the reason (exit code 1)."""
    try:
        found = parse(file.read_text("utf-8"))
    except RuleSetError as error:
        errors.print(f"[red]{escape(f'{file}: {error}')}[/]", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    except OSError as error:
        errors.print(f"[red]{escape(f'{file}: {error.strerror}')}[/]", highlight=False, soft_wrap=True)
        raise typer.Exit(2) from error
    except UnicodeDecodeError as error:
        errors.print(f"[red]{escape(f'{file}: not a text in UTF-8')}[/]", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    said = (
        f"{found.id} is a rule set ({found.file.status}): {len(found.indicators)} indicators, {found.file.max} points"
    )
    out.print(f"{file}: {said}", highlight=False, markup=False, soft_wrap=True)
