"""`nhip units`: the tree of units."""

from typing import Annotated

import typer

from deploy.cli.console import out, plain_errors, run
from deploy.cli.storage import storage_settings
from deploy.units.reading import Row, merged, read_units
from deploy.units.store import publish, read_all, write
from services.common.database import connect

__all__ = ["app"]

app = typer.Typer(name="units", help="The tree of units.", no_args_is_help=True)

FileArgument = Annotated[
    str,
    typer.Argument(
        metavar="FILE.csv",
        help="Columns code,name,kind,parent; optional aliases (a|b),valid_from,valid_to,successor. "
        "`vietnam`: the 34 provinces (codes such as H01), their communes (province code, dot, five-digit commune code), "
        "the provinces that ended on 2025-06-30.",
    ),
]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="The file is the whole tree; units not in it leave.")]


@app.callback()
def units() -> None:
    """The tree of units."""  # a callback keeps `load` a command of its own


@app.command("load")
def load(file: FileArgument, *, replace: ReplaceOption = False) -> None:
    """Put the units of a file into the tree, new or changed, and tell the services."""
    with plain_errors():
        rows = read_units(file)
        total = run(_load(file, rows, replace=replace))
    out.print(f"{len(rows)} units loaded; the tree has {total}", highlight=False)


async def _load(file: str, rows: list[Row], *, replace: bool) -> int:
    """Write and publish in one transaction: what Kafka does not take is not kept, and two loads keep their order."""
    settings = storage_settings()
    engine = connect(settings.database_url)
    try:
        async with engine.begin() as connection:
            known = await read_all(connection)
            tree = merged(file, rows, () if replace else known)
            await write(connection, tree)
            await publish(settings.kafka_bootstrap, tree)
        return len(tree)
    finally:
        await engine.dispose()
