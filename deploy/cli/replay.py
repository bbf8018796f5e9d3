"""`nhip replay`: a file of events, or of rows that a mapping makes events of, through the public door."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.cli.console import errors, plain_errors, run
from deploy.cli.reach import reach
from deploy.replay.mapping import Fault, RowMapping
from deploy.replay.outcome import Outcome
from deploy.replay.reading import Source, Unreadable
from deploy.replay.run import load_mapping, needs_mapping, replay, written_rejections
from deploy.replay.sending import Sender, Stopped

__all__ = ["replay_file"]

REJECTED, UNUSABLE = 1, 2
_FRAME_SECONDS = 0.2

FileArgument = Annotated[str, typer.Argument(metavar="FILE", help="CSV or NDJSON, gzip too; - reads standard input.")]
MappingOption = Annotated[
    Path | None,
    typer.Option("--mapping", help="YAML file that says what a row becomes, or a ready-made one: procedures, offers."),
]
SpeedOption = Annotated[
    float | None, typer.Option("--speed", min=1e-6, help="Times event time; without it as fast as it goes.")
]
KeyOption = Annotated[str, typer.Option("--key", envvar="NHIP_KEY", help="Key of `nhip keys create`.")]
UrlOption = Annotated[str | None, typer.Option("--url", help="Address of ingest; default: the running stack's.")]
RejectedOption = Annotated[
    Path | None, typer.Option("--rejected-file", help="Write every rejection into this file, one JSON object a line.")
]


def replay_file(
    file: FileArgument,
    *,
    mapping: MappingOption = None,
    speed: SpeedOption = None,
    key: KeyOption = "",
    url: UrlOption = None,
    rejected_file: RejectedOption = None,
) -> None:
    """Send a file's events through POST /v1/events; end when Kafka has every good one.

    Exit code 0: all were taken; 1: some were rejected (the others were taken); 2: the replay could not begin or go on.
    """
    try:
        with plain_errors(), written_rejections(rejected_file) as outcome:
            source, rows = _opened(file, mapping, key)
            _run(source, rows, Sender(url or reach().ingest, key, outcome), speed)
    except Fault as fault:
        _stop(f"{mapping}: {fault}")
    except (Unreadable, Stopped) as error:
        _stop(str(error))
    if outcome.rejected:
        raise typer.Exit(REJECTED)


def _opened(file: str, mapping: Path | None, key: str) -> tuple[Source, RowMapping | None]:
    """The file and its mapping, if there is all that a replay needs."""
    if not key:
        raise Unreadable("no key: give --key or set NHIP_KEY (`nhip keys create` makes one)")
    rows = None if mapping is None else load_mapping(mapping, reach().timezone)
    source = Source(file)
    if rows is None and needs_mapping(source):
        raise Unreadable(f"{file}: rows of a CSV file need --mapping FILE.yaml (docs/replay.md)")
    return source, rows


def _run(source: Source, rows: RowMapping | None, sender: Sender, speed: float | None) -> None:
    """Replay with a bar, and say how it went, also where it broke off."""
    outcome, started = sender.outcome, time.monotonic()
    try:
        with _bar(source, outcome):
            run(replay(source, rows, sender, speed=speed))
    finally:
        source.close()
        _report(outcome, time.monotonic() - started)


@contextmanager
def _bar(source: Source, outcome: Outcome) -> Iterator[None]:
    """A bar along the bytes of the file; without a console (in a pipe) only the report is shown."""
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    started = time.monotonic()

    class Bar(Progress):
        def get_renderables(self) -> Iterator[Table]:
            for number in self.task_ids:
                self.update(number, completed=_position(source), description=_rate(outcome, started))
            yield self.make_tasks_table(self.tasks)

    with Bar(*columns, console=errors, refresh_per_second=1 / _FRAME_SECONDS, transient=True) as bar:
        task: TaskID = bar.add_task("", total=source.size)
        yield
        bar.update(task, completed=source.size or 0)


def _position(source: Source) -> int:
    try:
        return source.position
    except ValueError:  # closed meanwhile
        return source.size or 0


def _rate(outcome: Outcome, started: float) -> str:
    rate = outcome.total / max(time.monotonic() - started, 0.001)
    rejected = f", [red]{outcome.rejected:,} rejected[/]" if outcome.rejected else ""
    retried = f", [yellow]{outcome.retried:,} requests again[/]" if outcome.retried else ""
    return f"{outcome.total:,} events, {rate:,.0f} events/s{rejected}{retried}"


def _report(outcome: Outcome, seconds: float) -> None:
    """One line, and the first rejections below it."""
    errors.print(
        f"[bold]{outcome.accepted:,}[/] accepted, [bold]{outcome.rejected:,}[/] rejected "
        f"in {seconds:.1f} s ({outcome.total / max(seconds, 0.001):,.0f} events/s)",
        highlight=False,
    )
    for one in outcome.first:
        errors.print(
            f"  line {one.line}: [red]{escape(one.code)}[/] {escape(one.detail)}", highlight=False, soft_wrap=True
        )
    if (more := outcome.rejected - len(outcome.first)) > 0:
        errors.print(f"  and {more:,} more; --rejected-file keeps all of them", highlight=False)


def _stop(message: str) -> NoReturn:
    errors.print(f"[red]{escape(message)}[/]", highlight=False, soft_wrap=True)
    raise typer.Exit(UNUSABLE)
