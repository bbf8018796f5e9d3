"""What the processing log ("tiến trình xử lý") says: waiting and end (`events_and_measures.md`, section 1.1)."""

from collections.abc import Iterable
from itertools import takewhile
from typing import Final, get_args

from msgspec import Struct

from schemas.events.dossier import State
from services.scorer.domain.facts import Line
from services.scorer.domain.spans import FOREVER, Span

STATE_NUMBER: Final[dict[str, int]] = {state: number for number, state in enumerate(get_args(State), 1)}
"""`TrangThaiHoSo` 1 to 10."""

_ENDINGS: Final = frozenset({"done", "returned", "stopped", "withdrawn", "declined"})
_ACCEPTED: Final = frozenset({"accepted", "processing"})


class LogSays(Struct):
    """The log's own view, of moments in microseconds; typed events win over it.

    ``processed`` is a moment with its outcome. ``declined`` is (moment, `time` of the event): refused at intake, never accepted.
    """

    waits: list[Span]
    processed: tuple[int, str] | None = None
    returned: int | None = None
    withdrawn: int | None = None
    declined: tuple[int, int] | None = None


def read_log(lines: Iterable[Line]) -> LogSays:
    """Read the lines of a log, given in any order."""
    ordered = sorted(lines, key=lambda line: (line.at, STATE_NUMBER[line.state]))
    says = LogSays(_waits(ordered))
    run = list(takewhile(lambda line: line.state in _ENDINGS, reversed(ordered)))[::-1]
    accepted = any(line.state in _ACCEPTED for line in ordered)
    first: dict[str, Line] = {}
    for line in run:
        first.setdefault(line.state, line)
    if "declined" in first and not accepted:
        declined = first.pop("declined")
        says.declined = declined.at, declined.time
    if "done" in first:
        says.processed = first["done"].at, "completed"
    elif "returned" not in first and first.keys() & {"stopped", "declined"}:
        refusals = [
            first[state] for state in ("declined", "stopped") if state in first
        ]  # in the order of their numbers
        line = min(refusals, key=lambda line: line.at)
        says.processed = line.at, "stopped" if line.state == "stopped" else "refused"
    says.returned = first["returned"].at if "returned" in first else None
    says.withdrawn = first["withdrawn"].at if "withdrawn" in first else None
    return says


def _waits(ordered: list[Line]) -> list[Span]:
    """From a `supplement` line that follows another state to the next line of another state."""
    waits: list[Span] = []
    since: int | None = None
    for line in ordered:
        if line.state == "supplement":
            since = line.at if since is None else since
        elif since is not None:
            waits.append((since, line.at))
            since = None
    return waits if since is None else [*waits, (since, FOREVER)]
