"""`nhip rejected`: the events that were not taken, and sending them again."""

from typing import Annotated

import msgspec
import typer

from deploy.cli.console import errors, out, plain_errors, run
from deploy.cli.reach import Running, reach
from deploy.replay.letters import Letter, Letters, mark_handled, read_letters
from deploy.replay.outcome import Outcome
from deploy.replay.pace import batches
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
def list_letters(*, limit: LimitOption = 50, json: JsonOption = False, every: AllOption = False) -> None:
    """Show what was rejected and why, the newest last."""
    with plain_errors():
        letters = run(read_letters(reach().kafka))
    chosen = letters.all if every else letters.open
    for letter in chosen[-limit:]:
        typer.echo(msgspec.json.encode(_as_json(letter)) if json else _as_line(letter))
    if not json:
        out.print(f"{min(limit, len(chosen))} of {len(chosen)} rejected events", highlight=False)


@app.command("resend")
def resend(*, key: KeyOption = "", url: UrlOption = None) -> None:
    """Send what was rejected once more, after the cause is gone (units loaded, a clock corrected).

    Each letter is dealt with once: what is taken now is done, what is rejected again becomes a new letter with its new reason. Letters
    that hold no event (records found in a topic) are passed over; `list --all` still shows them. Exit code 1 if some were rejected again.
    """
    if not key:
        errors.print("[red]no key: give --key or set NHIP_KEY[/]")
        raise typer.Exit(2)
    outcome = Outcome()
    try:
        with plain_errors():
            running = reach()
            letters = run(_resend(running, Sender(url or running.ingest, key, outcome)))
    except Stopped as error:
        errors.print(f"[red]{error}[/]", highlight=False, soft_wrap=True)
        raise typer.Exit(2) from error
    passed_over = len(letters.open) - outcome.total
    out.print(
        f"{outcome.accepted} accepted, {outcome.rejected} rejected again, {passed_over} hold no event to send",
        highlight=False,
    )
    if outcome.rejected:
        raise typer.Exit(1)


async def _resend(running: Running, sender: Sender) -> Letters:
    """Send, then remember. Broken off between the two, the same is sent again next time, which is harmless."""
    letters = await read_letters(running.kafka)
    events = [one.content.event for one in letters.open if one.content.event]
    lines = (Line(number, msgspec.json.encode(event)) for number, event in enumerate(events, 1))
    await sender.send_all(batches(lines))
    await mark_handled(running.kafka, letters.ends)
    return letters


def _as_json(letter: Letter) -> dict[str, object]:
    place = {"partition": letter.partition, "offset": letter.offset, "handled": letter.handled}
    return place | {"letter": msgspec.to_builtins(letter.content)}


def _as_line(letter: Letter) -> str:
    """When, why, from whom, about what (or where it lies)."""
    said = letter.content
    what = f"{said.topic}/{said.partition}@{said.offset}" if said.topic else (said.event or {}).get("subject", "?")
    return f"{said.at}  {said.code}  {said.system or '-'}  {what}: {said.detail}"
