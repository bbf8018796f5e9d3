"""`nhip periods`: closing a period makes its results official."""

from typing import Annotated, Any, NoReturn

import httpx
import typer
from rich.markup import escape
from rich.table import Table

from deploy.cli.console import errors, out, plain_errors
from deploy.cli.reach import reach
from deploy.cli.spans import PERIOD_HELP, named

__all__ = ["app"]

REFUSED = 1
SECONDS = 120.0

app = typer.Typer(name="periods", help="Closing periods: official results.", no_args_is_help=True)

PeriodArgument = Annotated[str, typer.Argument(metavar="PERIOD", help=PERIOD_HELP)]
NumberArgument = Annotated[int, typer.Argument(metavar="CLOSING", help="Number of the closing, as `list` shows it.")]
ParentOption = Annotated[str, typer.Option("--parent", help="Unit that is closed, with all units below it.")]
BelowOption = Annotated[str | None, typer.Option("--parent", help="Only closings of this unit.")]
RulesetOption = Annotated[str | None, typer.Option("--ruleset", help="Rule set; default: the one that the api shows.")]
DecisionOption = Annotated[str | None, typer.Option("--decision", help="Number of the decision that approves it.")]
NoteOption = Annotated[str | None, typer.Option("--note", help="A remark that is kept with it.")]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Put this in the place of what was closed before.")]
ReasonOption = Annotated[str | None, typer.Option("--reason", help="Why it is replaced.")]
KeyOption = Annotated[str, typer.Option("--key", envvar="NHIP_KEY", help="Key of `nhip keys create … --close`.")]
ReplacedOption = Annotated[bool, typer.Option("--replaced", help="Also those that were replaced.")]
UrlOption = Annotated[str | None, typer.Option("--url", help="Address of the api; default: the running stack's.")]


@app.command("close")
def close(
    period: PeriodArgument,
    *,
    parent: ParentOption,
    ruleset: RulesetOption = None,
    decision: DecisionOption = None,
    note: NoteOption = None,
    replace: ReplaceOption = False,
    reason: ReasonOption = None,
    key: KeyOption = "",
    url: UrlOption = None,
) -> None:
    """Freeze the results of a period that has ended, of a unit and all below it; later events no longer change them."""
    asked = {"parent": parent, "ruleset": ruleset, "decision": decision, "note": note, "reason": reason}
    body = {name: value for name, value in asked.items() if value is not None} | named(period)
    closed = _asked(url, "POST", "/v1/periods/close", key=key, json={**body, "replace": replace})
    said = (
        f"Closing {closed['id']}: {closed['units']} units, {closed['from']} to {closed['to']}, as of {closed['as_of']}"
    )
    out.print(said, highlight=False, markup=False, soft_wrap=True)


@app.command("list")
def list_periods(*, parent: BelowOption = None, replaced: ReplacedOption = False, url: UrlOption = None) -> None:
    """Show what is closed, the last closing first."""
    query = {"replaced": str(replaced).lower()} | ({} if parent is None else {"parent": parent})
    table = Table("closing", "unit", "from", "to", "rule set", "units", "closed at", "by", "decision", "replaced at")
    for each in _asked(url, "GET", "/v1/periods", params=query)["periods"]:
        by = f"{each['closed_by']['system']} ({each['closed_by']['unit']})"
        cells = (each["parent"], each["from"], each["to"], each["ruleset"]["id"], str(each["units"]), each["closed_at"])
        last = (by, each["decision"] or "", each["replaced_at"] or "")
        table.add_row(str(each["id"]), *map(escape, (*cells, *last)))
    out.print(table)


@app.command("show")
def show(number: NumberArgument, *, url: UrlOption = None) -> None:
    """Show the results that a closing froze."""
    closing = _asked(url, "GET", f"/v1/periods/{number}")
    groups = list(closing["results"][0]["groups"]) if closing["results"] else []
    table = Table("rank", "unit", "name", "total", *groups)
    for each in closing["results"]:
        rank = "" if each["rank"] is None else str(each["rank"])
        scores = [f"{each['groups'].get(code, 0):.2f}" for code in groups]
        table.add_row(rank, escape(each["unit"]["code"]), escape(each["unit"]["name"]), f"{each['total']:.2f}", *scores)
    out.print(table)
    for name in ("decision", "note", "reason"):
        if closing[name]:
            out.print(f"{name}: {closing[name]}", highlight=False, markup=False, soft_wrap=True)


def _asked(url: str | None, method: str, path: str, *, key: str = "", **options: Any) -> Any:
    """What the api answers; a refusal is shown and ends the command with exit code 1."""
    with plain_errors():
        base = url or reach().api
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        answer = httpx.request(
            method, base.rstrip("/") + path, headers=headers, timeout=SECONDS, trust_env=False, **options
        )
        document = answer.json()
    except (httpx.TransportError, ValueError) as error:
        _stop(f"the api at {base} does not answer ({type(error).__name__}); is the stack running (`nhip up`)?")
    if answer.is_error:
        _stop(str(document.get("detail", answer.status_code)))
    return document


def _stop(message: str) -> NoReturn:
    errors.print(f"[red]{escape(message)}[/]", highlight=False, soft_wrap=True)
    raise typer.Exit(REFUSED)
