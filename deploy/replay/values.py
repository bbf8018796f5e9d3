"""What a mapping writes for one value, turned into a function of the row."""

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

import yaml

from deploy.replay.document import Entry, Fault, Scalar, entries, line_of, scalar, text

__all__ = ["Columns", "Row", "RowFault", "Value", "read_value"]

Row = Mapping[str, Any]
"""One row of the file: cells by column. Cells of CSV are texts, those of NDJSON any JSON value."""

Found = Scalar | list[str]
"""What a value gives; None stands for absent."""

Convert = Callable[[Any, str], Found]
"""Takes a cell and the name of its column."""

LIST_SEPARATOR: Final = ";"
"""Between the members of a list in one cell."""

_KEYS: Final = frozenset({"column", "map", "else", "as", "format", "zone"})
_TRUE: Final = frozenset({"true", "t", "yes", "y", "1", "x", "có"})
_FALSE: Final = frozenset({"false", "f", "no", "n", "0", "không"})


class RowFault(ValueError):
    """A row cannot be mapped; the message says why, without quoting the cell."""


class Value(Protocol):
    """Takes a row, gives the value; None stands for absent."""

    def __call__(self, row: Row, /) -> Found: ...


@dataclass(slots=True)
class Columns:
    """The columns that a mapping reads, with the line that first names each, and the zone of its moments."""

    zone: ZoneInfo
    used: dict[str, int] = field(default_factory=dict)

    def use(self, name: str, line: int) -> str:
        """Note a column."""
        self.used.setdefault(name, line)
        return name


def read_value(node: yaml.Node, what: str, columns: Columns) -> Value:
    """A constant, a text with ``{columns}``, or ``{column: …, map: …, else: …, as: …, format: …, zone: …}``.

    Raises:
        Fault: none of these.
    """
    if isinstance(node, yaml.MappingNode):
        return _column(entries(node, what, _KEYS), line_of(node), what, columns)
    constant = scalar(node, what)
    if isinstance(constant, str) and ("{" in constant or "}" in constant):
        return _template(constant, line_of(node), what, columns)
    return lambda _row: constant


def cell(row: Row, name: str) -> Any:
    """A cell; None when it is not there or blank."""
    found = row.get(name)
    if isinstance(found, str):
        found = found.strip()
    return None if found == "" else found


def as_text(found: Any) -> str:
    """A cell as a text, the way YAML and CSV write it."""
    if found is None:
        return ""
    return str(found).lower() if isinstance(found, bool) else str(found)


def _template(pattern: str, line: int, what: str, columns: Columns) -> Value:
    """Absent when every column in it is blank."""
    try:
        pieces = list(string.Formatter().parse(pattern))
    except ValueError as error:
        raise Fault(line, f"{what}: {error}; write {{column}}, and {{{{ for a brace") from error
    if any(name == "" or spec or conversion for _, name, spec, conversion in pieces):
        raise Fault(line, f"{what}: in braces stands a column and nothing else; write {{{{ for a brace")
    named = [(literal, columns.use(name, line) if name else None) for literal, name, *_ in pieces]
    has_columns = any(name for _, name in named)

    def value(row: Row) -> Scalar:
        cells = [(literal, as_text(cell(row, name)) if name else "") for literal, name in named]
        if has_columns and not any(found for _, found in cells):
            return None
        return "".join(literal + found for literal, found in cells)

    return value


def _column(given: Mapping[str, Entry], line: int, what: str, columns: Columns) -> Value:
    if "column" not in given:
        raise Fault(line, f"{what} needs a `column`")
    name = columns.use(text(given["column"].node, f"{what}.column"), given["column"].line)
    convert = _conversion(given, line, what, columns)
    if "map" not in given:
        if "else" in given:
            raise Fault(given["else"].line, f"{what}: `else` needs a `map`")
        return lambda row: None if (found := cell(row, name)) is None else convert(found, name)
    table = {
        key: scalar(entry.node, f"{what}.map.{key}") for key, entry in entries(given["map"].node, f"{what}.map").items()
    }
    has_else = "else" in given
    other = scalar(given["else"].node, f"{what}.else") if has_else else None

    def mapped(row: Row) -> Scalar:
        key = as_text(cell(row, name))
        if key in table:
            return table[key]
        if key == "" or has_else:
            return other if key else None
        raise RowFault(f"column {name}: its value is not in the `map` of {what}, which has no `else`")

    return mapped


def _conversion(given: Mapping[str, Entry], line: int, what: str, columns: Columns) -> Convert:
    """What `as`, `format` and `zone` make of a cell."""
    kind = text(given["as"].node, f"{what}.as") if "as" in given else ("moment" if "format" in given else "same")
    if kind not in _CONVERSIONS and kind not in {"moment", "day"}:
        raise Fault(given["as"].line, f"{what}.as is one of day, {', '.join(sorted(_CONVERSIONS))}, moment")
    if kind not in {"moment", "day"}:
        for key in ("format", "zone"):
            if key in given:
                raise Fault(given[key].line, f"{what}: `{key}` goes with `as: moment` or `as: day`")
        return _CONVERSIONS[kind]
    if "map" in given:
        raise Fault(line, f"{what}: `map` and `as: {kind}` exclude each other")
    pattern = text(given["format"].node, f"{what}.format") if "format" in given else None
    zone = read_zone(given["zone"], f"{what}.zone") if "zone" in given else columns.zone
    return _Moments(pattern, zone, day=kind == "day")


def read_zone(entry: Entry, what: str) -> ZoneInfo:
    """A time zone by its IANA name."""
    name = text(entry.node, what)
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise Fault(entry.line, f"{what}: no time zone {name!r}; use an IANA name such as Asia/Ho_Chi_Minh") from error


@dataclass(frozen=True, slots=True)
class _Moments:
    """Reads moments: by a pattern of ``strptime``, else RFC 3339; without an offset they are in the zone."""

    pattern: str | None
    zone: ZoneInfo
    day: bool

    def __call__(self, found: Any, name: str) -> str:
        """RFC 3339 with offset, or the day alone; a bare date stays one."""
        written = as_text(found)
        try:
            if self.pattern is None:
                if len(written) == 10:
                    datetime.fromisoformat(written)
                    return written
                read = datetime.fromisoformat(written)
            else:
                read = datetime.strptime(written, self.pattern)  # noqa: DTZ007  the zone is set below
        except ValueError as error:
            wanted = "RFC 3339" if self.pattern is None else f"of the form {self.pattern}"
            raise RowFault(f"column {name}: not a moment {wanted}") from error
        if read.tzinfo is None:
            read = read.replace(tzinfo=self.zone)
        return read.date().isoformat() if self.day else read.isoformat()


def _same(found: Any, _name: str) -> Scalar:
    value: Scalar = found  # a nested JSON value goes through; ingest says what it thinks of it
    return value


def _text(found: Any, _name: str) -> str:
    return as_text(found)


def _integer(found: Any, name: str) -> int:
    try:
        return int(as_text(found))
    except ValueError as error:
        raise RowFault(f"column {name}: not a whole number") from error


def _number(found: Any, name: str) -> float:
    try:
        return float(as_text(found))
    except ValueError as error:
        raise RowFault(f"column {name}: not a number") from error


def _boolean(found: Any, name: str) -> bool:
    written = as_text(found).lower()
    if written in _TRUE:
        return True
    if written in _FALSE:
        return False
    raise RowFault(f"column {name}: neither true nor false")


def _list(found: Any, _name: str) -> list[str]:
    return [part for piece in as_text(found).split(LIST_SEPARATOR) if (part := piece.strip())]


_CONVERSIONS: Final[Mapping[str, Convert]] = {
    "same": _same,
    "text": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "list": _list,
}
