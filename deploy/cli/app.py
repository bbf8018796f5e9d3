"""All commands of `nhip`, put together; only what is called is imported, for some of them bring a database library along."""

from collections.abc import Sequence
from importlib import import_module

import typer

__all__ = ["build"]

_HELP = "Nhịp: chấm điểm trực tiếp các cơ quan hành chính · live scores of public-administration units."
_COMMANDS = {
    "up": "up:up",
    "worker": "worker:worker",
    "settings": "settings:settings",
    "prepare": "prepare:prepare",
    "replay": "replay:replay_file",
    "wait": "wait:wait",
}
_GROUPS = ("keys", "units", "rejected", "rulesets", "periods", "official", "alerts", "webhooks", "notices")


def build(arguments: Sequence[str]) -> typer.Typer:
    """The application for these arguments: with the one command that they call, or with all of them (for the help)."""
    app = typer.Typer(
        name="nhip", help=_HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False
    )
    app.callback()(_nothing)
    called = arguments[0] if arguments else ""
    alone = called in _COMMANDS or called in _GROUPS
    for name, place in _COMMANDS.items():
        if name == called or not alone:
            module, function = place.split(":")
            app.command(name)(getattr(import_module(f"deploy.cli.{module}"), function))
    for name in _GROUPS:
        if name == called or not alone:
            app.add_typer(import_module(f"deploy.cli.{name}").app)
    return app


def _nothing() -> None:
    """Keep the name of a command that stands alone."""
