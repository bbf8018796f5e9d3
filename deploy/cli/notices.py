"""`nhip notices`: the digests that were posted to webhooks, and posting again what nobody took."""

from typing import Annotated, Any

import msgspec
import typer
from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from deploy.cli.console import out, plain_errors, run
from deploy.cli.tables import in_database, minute
from deploy.local.process import StackError
from services.common.outbox import DEAD, WAITING, OutgoingDigest, Webhook

__all__ = ["app"]

app = typer.Typer(name="notices", help="Digests of late dossiers that are posted to webhooks.", no_args_is_help=True)

LimitOption = Annotated[int, typer.Option("--limit", min=1, help="Show the newest so many.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
DeadOption = Annotated[bool, typer.Option("--dead", help="Only those that nobody took, to the last try.")]
IdsArgument = Annotated[
    list[int] | None, typer.Argument(metavar="ID…", help="Numbers of digests, as `list` shows them.")
]
AllOption = Annotated[bool, typer.Option("--all", help="All that failed.")]

_SHOWN = (
    OutgoingDigest.id,
    OutgoingDigest.webhook,
    OutgoingDigest.unit,
    OutgoingDigest.kind,
    OutgoingDigest.size,
    OutgoingDigest.state,
    OutgoingDigest.opened_at,
    OutgoingDigest.next_at,
    OutgoingDigest.tries,
    OutgoingDigest.answer,
    OutgoingDigest.delivered_at,
)


@app.command("list")
def list_digests(*, dead: DeadOption = False, limit: LimitOption = 50, json: JsonOption = False) -> None:
    """Show digests, the newest last: what of, to whom, what became of them."""
    with plain_errors():
        count, rows = run(in_database(lambda at: _newest(at, limit, dead=dead)))
    for row in reversed(rows):
        typer.echo(msgspec.json.encode(row._asdict()) if json else _line(row))
    if not json:
        out.print(f"{len(rows)} of {count} digests", highlight=False)


@app.command("resend")
def resend(numbers: IdsArgument = None, *, every: AllOption = False) -> None:
    """Post again what nobody took, after the cause is gone: all tries begin anew."""
    with plain_errors():
        if bool(numbers) == every:
            raise StackError("Say which: their numbers (`nhip notices list --dead`), or --all")
        count = run(in_database(lambda at: _resend(at, numbers or [])))
    out.print(f"{count} digests are posted again", highlight=False)


async def _newest(at: AsyncConnection, limit: int, *, dead: bool) -> tuple[int, list[Row[Any]]]:
    where = [OutgoingDigest.state == DEAD] if dead else []
    count = await at.scalar(select(func.count()).select_from(OutgoingDigest).where(*where))
    rows = await at.execute(select(*_SHOWN).where(*where).order_by(OutgoingDigest.id.desc()).limit(limit))
    return count or 0, [*rows]


async def _resend(at: AsyncConnection, numbers: list[int]) -> int:
    in_force = select(Webhook.id).where(Webhook.removed_at.is_(None)).scalar_subquery()
    wanted = [OutgoingDigest.state == DEAD, OutgoingDigest.webhook.in_(in_force)]
    if numbers:
        wanted.append(OutgoingDigest.id.in_(numbers))
    found = await at.scalars(
        update(OutgoingDigest)
        .where(*wanted)
        .values(state=WAITING, tries=0, next_at=func.now())
        .returning(OutgoingDigest.id)
    )
    again = set(found)
    if others := [str(number) for number in dict.fromkeys(numbers) if number not in again]:
        raise StackError(
            f"{', '.join(others)}: no digest that has failed, or its webhook is removed; nothing was changed. "
            "`nhip notices list --dead` shows what can be sent again"
        )
    return len(again)


def _line(row: Row[Any]) -> str:
    """When, its number, what it tells of whom, to whom, and what became of it."""
    tries = f"{row.tries} tries, " if row.tries > 1 else ""
    became = f"{row.state} ({tries}{row.answer})" if row.answer else row.state
    again = f", again {minute(row.next_at)}" if row.state == WAITING and row.tries else ""
    return (
        f"{minute(row.opened_at)}  {row.id}  {row.unit} {row.kind} {row.size}  webhook {row.webhook}  {became}{again}"
    )
