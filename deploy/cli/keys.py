"""`nhip keys`: who may send events, and for which unit."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.table import Table
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from deploy.cli.console import errors, out, plain_errors, run
from deploy.cli.tables import check_unit, in_database, minute
from deploy.local.process import StackError
from services.common.database import SystemKey
from services.common.keys import hash_key, new_key

__all__ = ["app"]

app = typer.Typer(name="keys", help="Keys of one-stop systems.", no_args_is_help=True)

SystemOption = Annotated[str, typer.Option("--system", help="Name of the one-stop system.")]
UnitOption = Annotated[str, typer.Option("--unit", help="Unit that it speaks for, and those below.")]
ReadOption = Annotated[bool, typer.Option("--read", help="May also read dossiers.")]
CloseOption = Annotated[bool, typer.Option("--close", help="May also close periods.")]
IdArgument = Annotated[int, typer.Argument(metavar="ID", help="Number of the key, as `list` shows it.")]


@app.command("create")
def create(system: SystemOption, unit: UnitOption, *, read: ReadOption = False, close: CloseOption = False) -> None:
    """Make a key and print it, this once: only its hash is kept."""
    with plain_errors():
        if not system.strip():
            raise StackError("--system must not be empty")
        key = new_key()
        number = run(in_database(lambda at: _create(at, system.strip(), unit, key, read=read, close=close)))
    errors.print(f"Key {number} of {system.strip()} for {unit}; it is shown this once:", highlight=False, markup=False)
    typer.echo(key)


@app.command("list")
def list_keys() -> None:
    """Show all keys (not the secrets: those are not kept)."""
    with plain_errors():
        keys = run(in_database(_all))
    table = Table("id", "system", "unit", "reads", "closes", "created", "revoked")
    for key in keys:
        reads, closes = ("✓" if may else "" for may in (key.may_read, key.may_close))
        table.add_row(str(key.id), key.system, key.unit, reads, closes, minute(key.created_at), minute(key.revoked_at))
    out.print(table)


@app.command("revoke")
def revoke(number: IdArgument) -> None:
    """Take a key out of force, within seconds and for good."""
    with plain_errors():
        run(in_database(lambda at: _revoke(at, number)))
    out.print(f"Key {number} is revoked", highlight=False)


async def _create(at: AsyncConnection, system: str, unit: str, key: str, *, read: bool, close: bool) -> int:
    await check_unit(at, unit)
    values = {"system": system, "unit": unit, "may_read": read, "may_close": close, "hash": hash_key(key)}
    number = await at.scalar(insert(SystemKey).values(values).returning(SystemKey.id))
    return int(number or 0)


async def _all(at: AsyncConnection) -> list[Row[Any]]:
    return list(await at.execute(select(SystemKey.__table__).order_by(SystemKey.id)))


async def _revoke(at: AsyncConnection, number: int) -> None:
    known = SystemKey.id == number
    if await at.scalar(select(SystemKey.id).where(known)) is None:
        raise StackError(f"There is no key {number}; `nhip keys list` shows all")
    await at.execute(
        update(SystemKey).where(known, SystemKey.revoked_at.is_(None)).values(revoked_at=datetime.now(UTC))
    )
