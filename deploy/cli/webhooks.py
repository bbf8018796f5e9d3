"""`nhip webhooks`: who is told of late dossiers, and of those that are due soon."""

import base64
import secrets
from datetime import UTC, datetime
from typing import Annotated, Any, get_args

import httpx
import typer
from rich.table import Table
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from deploy.cli.console import errors, out, plain_errors, run
from deploy.cli.tables import check_unit, in_database, minute
from deploy.local.process import StackError
from schemas.notices import Kind
from services.common.outbox import Webhook

__all__ = ["app"]

app = typer.Typer(
    name="webhooks", help="Addresses that are told of late dossiers (docs/notices.md).", no_args_is_help=True
)

_KINDS: tuple[str, ...] = get_args(Kind)
_EVERY = ",".join(_KINDS)

UrlArgument = Annotated[str, typer.Argument(metavar="URL", help="Where digests are posted: http:// or https://")]
UnitOption = Annotated[str, typer.Option("--unit", help="The unit whose dossiers it is told of, and those below.")]
KindsOption = Annotated[str, typer.Option("--kinds", help="What of, with commas between.")]
IdArgument = Annotated[int, typer.Argument(metavar="ID", help="Number of the webhook, as `list` shows it.")]


@app.command("add")
def add(url: UrlArgument, *, unit: UnitOption, kinds: KindsOption = _EVERY) -> None:
    """Have notices posted from now on; print the secret that they are signed with, this once."""
    with plain_errors():
        chosen = _kinds(kinds)
        secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        number = run(in_database(lambda at: _add(at, _address(url), unit, chosen, secret)))
    errors.print(f"Webhook {number} for {unit}; its secret is shown this once:", highlight=False, markup=False)
    typer.echo(secret)


@app.command("list")
def list_webhooks() -> None:
    """Show all webhooks (not the secrets)."""
    with plain_errors():
        rows = run(in_database(_all))
    table = Table("id", "address", "unit", "kinds", "created", "removed", "why")
    for row in rows:
        kinds = ", ".join(row.kinds)
        moments = minute(row.created_at), minute(row.removed_at)
        table.add_row(str(row.id), _shown(row.url), row.unit, kinds, *moments, row.why_removed or "")
    out.print(table)


@app.command("remove")
def remove(number: IdArgument) -> None:
    """Post nothing more to a webhook, for good; what waits for it is not posted either."""
    with plain_errors():
        run(in_database(lambda at: _remove(at, number)))
    out.print(f"Webhook {number} is removed", highlight=False)


def _kinds(text: str) -> list[str]:
    chosen = [kind for kind in dict.fromkeys(one.strip() for one in text.split(",")) if kind]
    if not chosen or not set(chosen) <= set(_KINDS):
        raise StackError(f"--kinds {text!r}: one or several of {', '.join(_KINDS)}, with commas between")
    return chosen


def _address(text: str) -> str:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise StackError(f"{text!r} is no address: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise StackError(f"{text!r} is no address to post to; it begins with https:// (or http://) and a host")
    return str(url)


def _shown(text: str) -> str:
    """An address without what may be secret in it: a password, a token in its query."""
    url = httpx.URL(text)
    return f"{url.scheme}://{url.netloc.decode()}{url.path}"


async def _add(at: AsyncConnection, url: str, unit: str, kinds: list[str], secret: str) -> int:
    await check_unit(at, unit)
    values = {"url": url, "unit": unit, "kinds": kinds, "secret": secret}
    return int(await at.scalar(insert(Webhook).values(values).returning(Webhook.id)) or 0)


async def _all(at: AsyncConnection) -> list[Row[Any]]:
    return list(await at.execute(select(Webhook.__table__).order_by(Webhook.id)))


async def _remove(at: AsyncConnection, number: int) -> None:
    known = Webhook.id == number
    if await at.scalar(select(Webhook.id).where(known)) is None:
        raise StackError(f"There is no webhook {number}; `nhip webhooks list` shows all")
    await at.execute(update(Webhook).where(known, Webhook.removed_at.is_(None)).values(removed_at=datetime.now(UTC)))
