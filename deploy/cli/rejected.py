"""`nhip rejected`: the events that were not taken, and sending them again."""

import asyncio
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.cli.reach import Running, reach
from deploy.replay.letters import Letter, Letters, mark_handled, read_letters
from deploy.replay.outcome import Outcome
from deploy.replay.pace import batches
from deploy.replay.progress import KafkaAway
from deploy.replay.reading import Line
from deploy.replay.sending import Sender, Stopped

__all__ = ["app"]

app = typer.Typer(name="rejected", help="Events that were not taken (dead letters).", no_args_is_help=True)

LimitOption = Annotated[int, typer.Option("--limit", min=1, help="Show the newest so many.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
AllOption = Annotated[bool, typer.Option("--all", help="Also those that `resend` has dealt with.")]
KeyOption = Annotated[str, typer.Option("--key", envvar="NHIP_KEY", help="Key that the events are sent with.")]
UrlOption = Annotated[str | None, typer.Option("--url", help="Address of ingest; default: the running stack's.")]


@app.command("list")
def list_letters(limit: LimitOption = 50, json: JsonOption = False, every: AllOption = False) -> None:
    """Show what was rejected and why, the newest last."""
    letters = _read(reach())
    chosen = letters.all if every else letters.open
    if json:
        for letter in chosen[-limit:]:
            typer.echo(msgspec.json.encode(_as_json(letter)))
        return
    console = Console()
    if chosen:
        console.print(_table(chosen[-limit:]))
    console.print(f"{min(limit, len(chosen))} of {len(chosen)} rejected events", highlight=False)


@app.command("resend")
def resend(key: KeyOption = "", url: UrlOption = None) -> None:
    """Send what was rejected once more, after the cause is gone (units loaded, a clock corrected).

    Each letter is dealt with once: what is taken now is done, what is rejected again becomes a new letter with its new reason. Letters
    that hold no event (records found in a topic) are passed over; `list --all` still shows them. Exit code 1 if some were rejected again.
    """
    console = Console(stderr=True)
    if not key:
        console.print("[red]no key: give --key or set NHIP_KEY[/]")
        raise typer.Exit(2)
    running = reach()
    letters = _read(running)
    outcome = Outcome()
    lines = [
        Line(n, msgspec.json.encode(one.content.event)) for n, one in enumerate(letters.open, 1) if one.content.event
    ]
    try:
        asyncio.run(_resend(lines, Sender(url or running.ingest, key, outcome), running, letters))
    except (Stopped, KafkaAway) as error:
        console.print(f"[red]{escape(str(error))}[/]", highlight=False)
        raise typer.Exit(2) from error
    passed_over = len(letters.open) - len(lines)
    console.print(
        f"{outcome.accepted:,} accepted, {outcome.rejected:,} rejected again, {passed_over:,} hold no event to send",
        highlight=False,
    )
    if outcome.rejected:
        raise typer.Exit(1)


async def _resend(lines: list[Line], sender: Sender, running: Running, letters: Letters) -> None:
    """Send, then remember. Broken off between the two, the same is sent again next time, which is harmless."""
    await sender.send_all(batches(iter(lines)))
    await mark_handled(running.kafka, letters.ends)


def _read(running: Running) -> Letters:
    try:
        return asyncio.run(read_letters(running.kafka))
    except KafkaAway as error:
        Console(stderr=True).print(f"[red]{escape(str(error))}[/]", highlight=False)
        raise typer.Exit(2) from error


def _as_json(letter: Letter) -> dict[str, object]:
    return {"partition": letter.partition, "offset": letter.offset, "handled": letter.handled} | {
        "letter": msgspec.to_builtins(letter.content)
    }


def _table(letters: list[Letter]) -> Table:
    table = Table("at", "code", "detail", "system", "subject, or where it lies")
    for letter in letters:
        said = letter.content
        place = (
            f"{said.topic}/{said.partition}@{said.offset}" if said.topic else str((said.event or {}).get("subject", ""))
        )
        table.add_row(*(escape(text) for text in (said.at, said.code, said.detail, said.system, place)))
    return table
