"""A CSV file of units, with errors that name the line."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from schemas.units import Unit, UnitTree, UnitTreeError

__all__ = ["VIETNAM", "BadFile", "Row", "merged", "read_units"]

VIETNAM = "vietnam"
"""Name of the built-in file: the 34 provinces, their communes, the provinces that ended on 2025-06-30 (`docs/running.md`)."""

REQUIRED = ("code", "name", "kind", "parent")
OPTIONAL = ("aliases", "valid_from", "valid_to", "successor")


class BadFile(Exception):
    """The file is no list of units; the message names the line."""


@dataclass(frozen=True)
class Row:
    """A unit and the line that it stands on (the first after the header is 2)."""

    line: int
    unit: Unit


def read_units(source: str) -> list[Row]:
    """Read a CSV file (UTF-8; comma or semicolon), or the built-in file `vietnam`.

    Raises:
        BadFile: it cannot be read, a column is missing, a row has no code or name, a code is there twice.
    """
    text = _text(source)
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if "," not in head else ",")
    columns = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = columns
    if missing := [name for name in REQUIRED if name not in columns]:
        raise BadFile(f"{source}, line 1: missing column {', '.join(missing)}; needed: {','.join(REQUIRED)}")
    rows: dict[str, Row] = {}
    for values in reader:
        row = Row(reader.line_num, _unit(values, f"{source}, line {reader.line_num}"))
        if (former := rows.get(row.unit.code)) is not None:
            raise BadFile(
                f"{source}, line {row.line}: code {row.unit.code!r} is there twice, first on line {former.line}"
            )
        rows[row.unit.code] = row
    if not rows:
        raise BadFile(f"{source}: no unit in it")
    return list(rows.values())


def merged(source: str, rows: Iterable[Row], known: Iterable[Unit] = ()) -> UnitTree:
    """The tree of the known units with the file's in their place, or after them.

    Raises:
        BadFile: together they are no tree (see `UnitTree`).
    """
    lines = {row.unit.code: row.line for row in rows}
    units = {unit.code: unit for unit in known} | {row.unit.code: row.unit for row in rows}
    try:
        return UnitTree(units.values())
    except UnitTreeError as error:
        place = f", line {lines[error.code]}" if error.code in lines else ""
        raise BadFile(f"{source}{place}: {error}") from error


def _text(source: str) -> str:
    try:
        if source == VIETNAM and not Path(source).exists():
            return resources.files("deploy.units").joinpath("vietnam.csv").read_text("utf-8")
        return Path(source).read_text("utf-8-sig")
    except OSError as error:
        raise BadFile(f"{source}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadFile(f"{source}: not a text in UTF-8") from error


def _unit(values: Mapping[str | None, str | list[str] | None], place: str) -> Unit:
    if None in values:
        raise BadFile(f"{place}: more fields than the header has columns")
    fields = {name: str(values.get(name) or "").strip() for name in (*REQUIRED, *OPTIONAL)}
    for name in ("code", "name"):
        if not fields[name]:
            raise BadFile(f"{place}: {name} is empty")
    return Unit(
        code=fields["code"],
        name=fields["name"],
        kind=fields["kind"],
        parent=fields["parent"] or None,
        aliases=tuple(alias for part in fields["aliases"].split("|") if (alias := part.strip())),
        valid_from=fields["valid_from"] or None,
        valid_to=fields["valid_to"] or None,
        successor=fields["successor"] or None,
    )
