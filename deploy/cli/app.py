"""All commands of `nhip`, put together."""

import typer

from deploy.cli import keys, rejected, rulesets, units
from deploy.cli.prepare import prepare
from deploy.cli.replay import replay_file
from deploy.cli.settings import settings
from deploy.cli.up import up
from deploy.cli.wait import wait
from deploy.cli.worker import worker

__all__ = ["app"]

app = typer.Typer(
    name="nhip",
    help="Nhịp: chấm điểm trực tiếp các cơ quan hành chính · live scores of public-administration units.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command("up")(up)
app.command("worker")(worker)
app.command("settings")(settings)
app.command("prepare")(prepare)
app.command("replay")(replay_file)
app.command("wait")(wait)
app.add_typer(keys.app)
app.add_typer(units.app)
app.add_typer(rejected.app)
app.add_typer(rulesets.app)
