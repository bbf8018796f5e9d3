"""Lines of a file, plain or gzip, become events ready to be sent."""

import csv
import gzip
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal, cast

import msgspec

from deploy.replay.mapping import RowFault, RowMapping

__all__ = ["Format", "Line", "Source", "Unreadable", "read_events"]

Format = Literal["csv", "ndjson"]

_GZIP: Final = b"\x1f\x8b"
_MAX_CELL: Final = 1 << 24
_ENCODER: Final = msgspec.json.Encoder()
_ROW: Final = msgspec.json.Decoder(dict[str, object])


class Unreadable(Exception):
    """The file cannot be read, or not further; the message is one line for the person at the console."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event and the line that it came from; or, with `fault`, a line that gave none.

    ``code`` is that of the fault: ``bad_row``.
    """

    number: int
    event: bytes = b""
    fault: str | None = None


class Source:
    """A file, or standard input as ``-``, unpacked where it is gzip (told by its first bytes, not by its name)."""

    def __init__(self, name: str) -> None:
        """Opens it.

        Raises:
            Unreadable: no such file, or it may not be read.
        """
        self.name = "standard input" if name == "-" else name
        try:
            self._raw = sys.stdin.buffer if name == "-" else Path(name).open("rb")  # noqa: SIM115  closed by `close`
        except OSError as error:
            raise Unreadable(f"{name}: {error.strerror}") from error
        self._buffered = cast("io.BufferedReader", self._raw)
        self.size = None if name == "-" else Path(name).stat().st_size
        packed = self._buffered.peek(2)[:2] == _GZIP
        self.stream: IO[bytes] = cast("IO[bytes]", gzip.GzipFile(fileobj=self._buffered)) if packed else self._buffered
        self.suffixes = [] if name == "-" else [suffix.lower() for suffix in Path(name).suffixes]

    @property
    def position(self) -> int:
        """Bytes read so far, before unpacking: comparable with `size`."""
        return 0 if self.size is None else self._raw.tell()

    @property
    def format(self) -> Format | None:
        """What the name says; None if nothing."""
        suffix = next((suffix for suffix in reversed(self.suffixes) if suffix != ".gz"), "")
        if suffix in {".csv", ".tsv", ".txt"}:
            return "csv"
        return "ndjson" if suffix in {".ndjson", ".jsonl", ".json"} else None

    def close(self) -> None:
        """Close the file (standard input stays open)."""
        if self.size is not None:
            self._raw.close()


def read_events(source: Source, mapping: RowMapping | None) -> Iterator[Line]:
    """The events of a file in its order, one `Line` each; lines are counted from 1.

    Without a mapping each line of NDJSON is a CloudEvent and goes as it stands.

    Raises:
        Unreadable: the file breaks off or is not what it should be.
        Fault: the mapping names a column that the file has not.
    """
    try:
        if mapping is None:
            yield from _as_they_stand(source.stream)
        elif (mapping.format or source.format or "csv") == "csv":
            yield from _csv(source.stream, mapping)
        else:
            yield from _ndjson(source.stream, mapping)
    except (OSError, EOFError, gzip.zlib.error) as error:  # type: ignore[attr-defined]  # not in the stubs
        raise Unreadable(f"{source.name} cannot be read to its end: {error}") from error


def _as_they_stand(stream: IO[bytes]) -> Iterator[Line]:
    for number, line in enumerate(stream, 1):
        if event := line.strip().removeprefix(b"\xef\xbb\xbf"):
            yield Line(number, event)


def _ndjson(stream: IO[bytes], mapping: RowMapping) -> Iterator[Line]:
    for number, line in enumerate(stream, 1):
        if not (written := line.strip().removeprefix(b"\xef\xbb\xbf")):
            continue
        try:
            row = _ROW.decode(written)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            yield Line(number, fault="not a JSON object")
            continue
        yield from _mapped(number, row, mapping)


def _csv(stream: IO[bytes], mapping: RowMapping) -> Iterator[Line]:
    """Rows; a cell may hold line breaks, so a row's number is that of its first line."""
    csv.field_size_limit(_MAX_CELL)
    # Bytes that are no text of the encoding become lone surrogates, which cannot be encoded again: only their row fails.
    text = io.TextIOWrapper(stream, mapping.encoding, errors="surrogateescape", newline="")
    reader = csv.reader(text, delimiter=mapping.delimiter)
    try:
        header = [name.strip() for name in next(reader, [])]
        mapping.check_header(header)
        before = reader.line_num
        for cells in reader:
            number, before = before + 1, reader.line_num
            if len(cells) == len(header):
                yield from _mapped(number, dict(zip(header, cells, strict=True)), mapping)
            elif cells:
                yield Line(number, fault=f"the row has {len(cells)} cells, the header {len(header)}")
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num}: {error}") from error
    finally:
        text.detach()


def _mapped(number: int, row: dict[str, object], mapping: RowMapping) -> Iterator[Line]:
    """The events of a row; one whose cells are at fault gives none at all."""
    try:
        events = [_ENCODER.encode(event) for event in mapping.events(row)]
    except RowFault as fault:
        yield Line(number, fault=str(fault))
    except UnicodeEncodeError:
        yield Line(number, fault=f"a cell is not a text in {mapping.encoding}")
    else:
        for event in events:
            yield Line(number, event)
