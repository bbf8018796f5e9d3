"""A whole replay: a file, a mapping, a sender and what came out."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from deploy.replay.mapping import Fault, RowMapping, read_mapping
from deploy.replay.outcome import Outcome, Rejection
from deploy.replay.pace import batches, paced
from deploy.replay.reading import Line, Source, Unreadable, read_events
from deploy.replay.sending import Sender

__all__ = ["load_mapping", "needs_mapping", "replay", "written_rejections"]


READY_MADE: Final = {file.stem: file for file in (Path(__file__).parent / "mappings").glob("*.yaml")}
"""Mappings that are shipped, by name."""


def load_mapping(path: Path, timezone: str) -> RowMapping:
    """Read a mapping file, or the ready-made one of that name where there is no such file.

    Raises:
        Fault: it is no mapping; says the line and why.
        Unreadable: it cannot be read.
    """
    ready_made = READY_MADE.get(str(path))
    try:
        source = (path if ready_made is None or path.exists() else ready_made).read_text(encoding="utf-8")
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path}: not a text in UTF-8") from error
    return read_mapping(source, timezone)


def needs_mapping(source: Source) -> bool:
    """Whether the name says that the lines are no CloudEvents by themselves."""
    return source.format == "csv"


async def replay(
    source: Source,
    mapping: RowMapping | None,
    sender: Sender,
    *,
    speed: float | None = None,
) -> None:
    """Send all events of a file; return once each of them is answered.

    `speed`: so many times as fast as event time; None: as fast as it goes.

    Raises:
        Unreadable, Fault: see `read_events`; what was read before is sent.
        Stopped: ingest takes no more.
    """
    lines = _Held(read_events(source, mapping))
    await sender.send_all(batches(lines) if speed is None else paced(lines, speed))
    if lines.error is not None:
        raise lines.error


class _Held:
    """An iterator that ends at an error and keeps it, so that what came before it is still sent."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self.error: Exception | None = None

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        try:
            return next(self._lines)
        except (Unreadable, Fault) as error:
            self.error = error
            raise StopIteration from None


@contextlib.contextmanager
def written_rejections(path: Path | None) -> Iterator[Outcome]:
    """An outcome whose rejections all go into a file, one JSON object a line; without a path they are only counted.

    Raises:
        Unreadable: the file cannot be written.
    """
    if path is None:
        yield Outcome()
        return
    try:
        file = path.open("wb")
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    encoder = msgspec.json.Encoder()

    def keep(rejection: Rejection) -> None:
        file.write(encoder.encode(rejection) + b"\n")

    with file:
        yield Outcome(keep)
