"""`nhip official`: scores that the national portal shows, to be compared with ours."""

import time
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.markup import escape

from deploy.cli.console import errors, out, plain_errors, run
from deploy.cli.reach import reach
from deploy.cli.spans import PERIOD_HELP, days_of
from deploy.official.events import declarations
from deploy.official.forms import BadForm, Read, read_csv, read_json
from deploy.replay.outcome import Outcome
from deploy.replay.pace import batches
from deploy.replay.sending import Sender, Stopped
from schemas.moments import SECOND
from schemas.periods import PeriodError
from schemas.rulesets.errors import UnknownRuleSet
from schemas.rulesets.library import load
from schemas.rulesets.model import RuleSet
from services.common.clock import clock_of
from services.common.settings import CommonSettings

__all__ = ["app"]

REJECTED, UNUSABLE = 1, 2
SHOWN = 20

app = typer.Typer(name="official", help="Scores that the national portal shows.", no_args_is_help=True)

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="JSON as the portal's services answer (old and new), or CSV.")
]
RulesetOption = Annotated[str, typer.Option("--ruleset", help="Rule set that made the scores.")]
PeriodOption = Annotated[str, typer.Option("--period", help=PERIOD_HELP)]
KeyOption = Annotated[str, typer.Option("--key", envvar="NHIP_KEY", help="Key of `nhip keys create`.")]
UnitOption = Annotated[str | None, typer.Option("--unit", help="Whose scores rows are that name no unit.")]
DocumentOption = Annotated[str | None, typer.Option("--document", help="Number of the paper that they are from.")]
UrlOption = Annotated[str | None, typer.Option("--url", help="Address of ingest; default: the running stack's.")]


@app.callback()
def official() -> None:
    """Scores that the national portal shows."""  # a callback keeps `import` a command of its own


@app.command("import")
def import_scores(
    file: FileArgument,
    *,
    ruleset: RulesetOption,
    period: PeriodOption,
    key: KeyOption = "",
    unit: UnitOption = None,
    document: DocumentOption = None,
    url: UrlOption = None,
) -> None:
    """Send the scores of a file as declared figures through POST /v1/events; importing again corrects them.

    Exit code 0: all were taken; 1: some were not (the others were); 2: the import could not begin or go on.
    """
    if not key:
        _stop("no key: give --key or set NHIP_KEY (`nhip keys create` makes one)")
    outcome = Outcome()
    with plain_errors():
        settings = CommonSettings()
        now = clock_of(settings).now_us()
        try:
            days = days_of(period, settings.zone.day(now))
            read = _read(file, load(ruleset), unit)
            moment = settings.zone.format(now // SECOND * SECOND)
            mark = f"{time.time_ns():020}"
            lines = declarations(read.scores, ruleset, days, time=moment, mark=mark, document=document)
            run(Sender(url or reach().ingest, key, outcome).send_all(batches(lines)))
        except UnknownRuleSet as error:
            _stop(f"there is no rule set {ruleset!r}; there are {', '.join(error.available)}")
        except (PeriodError, BadForm, Stopped) as error:
            _stop(f"{error}" if not isinstance(error, BadForm) else f"{file}: {error}")
    _report(read, outcome)
    if outcome.rejected or read.faults:
        raise typer.Exit(REJECTED)


def _read(file: Path, ruleset: RuleSet, unit: str | None) -> Read:
    if file.suffix.lower() in (".csv", ".tsv", ".txt"):
        try:
            return read_csv(file.read_text("utf-8-sig"), ruleset, unit)
        except UnicodeDecodeError as error:
            raise BadForm("not a text in UTF-8") from error
    return read_json(file.read_bytes(), ruleset, unit)


def _report(read: Read, outcome: Outcome) -> None:
    units = len({score.unit for score in read.scores})
    out.print(f"{outcome.accepted} scores of {units} units declared, {outcome.rejected} rejected", highlight=False)
    rejected = [
        f"{read.scores[one.line - 1].unit}, {read.scores[one.line - 1].code}: {one.code} {one.detail}"
        for one in outcome.first
    ]
    for line in [*rejected, *read.faults[:SHOWN]]:
        errors.print(f"  [red]{escape(line)}[/]", highlight=False, soft_wrap=True)
    more = outcome.rejected - len(outcome.first) + max(0, len(read.faults) - SHOWN)
    if more > 0:
        errors.print(f"  and {more} more", highlight=False)


def _stop(message: str) -> NoReturn:
    errors.print(f"[red]{escape(message)}[/]", highlight=False, soft_wrap=True)
    raise typer.Exit(UNUSABLE)
