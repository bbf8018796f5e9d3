"""The mapping: a YAML file that says which events a row becomes (docs/replay.md)."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
import yaml

from deploy.replay.document import Entry, Fault, entries, items, line_of, parse, text
from deploy.replay.values import Columns, Row, RowFault, Value, as_text, cell, read_value, read_zone
from schemas.events import FAMILIES
from schemas.events.checks import data_type
from schemas.events.families import tag_of

__all__ = ["Event", "Fault", "RowFault", "RowMapping", "read_mapping"]

Event = dict[str, Any]
"""A CloudEvent in JSON form."""

_ATTRIBUTES: Final = ("id", "source", "subject", "time")
_SHARED: Final = frozenset({*_ATTRIBUTES, "data"})
_ROOT: Final = _SHARED | {"format", "delimiter", "encoding", "zone", "events"}
_ENTRY: Final = _SHARED | {"type", "when"}
_FIELDS: Final[Mapping[str, Mapping[str, bool]]] = {
    tag_of(kind): {field.encode_name: field.required for field in msgspec.structs.fields(data_type(kind))}
    for family in FAMILIES
    for kind in family.types
}
"""By event type the fields of its data, and whether they are required."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """One entry of `events`: rows that meet `when` become an event of `type`."""

    type: str
    conditions: Sequence[Callable[[Row], bool]]
    attributes: Mapping[str, Value]
    data: Mapping[str, Value]

    def event(self, row: Row) -> Event | None:
        """The event of a row; None when the conditions do not hold."""
        if not all(holds(row) for holds in self.conditions):
            return None
        event: Event = {"specversion": "1.0", "type": self.type}
        for name, value in self.attributes.items():
            if (found := value(row)) is not None:
                event[name] = as_text(found)
        event.setdefault("id", _digest(self.type, row))
        event["data"] = {name: found for name, value in self.data.items() if (found := value(row)) is not None}
        return event


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMapping:
    """A mapping that was read and checked."""

    rules: Sequence[_Rule]
    columns: Mapping[str, int] = field(default_factory=dict)
    """The columns that it reads, with the line that names each first."""
    format: str | None = None
    delimiter: str = ","
    encoding: str = "utf-8-sig"

    def check_header(self, header: Sequence[str]) -> None:
        """Compare the columns with those of a CSV file.

        Raises:
            Fault: one is not there.
        """
        for name, line in self.columns.items():
            if name not in header:
                raise Fault(line, f"the file has no column {name!r}; it has: {', '.join(header)}")

    def events(self, row: Row) -> Iterator[Event]:
        """The events of a row, in the order of the rules.

        Raises:
            RowFault: a cell is not what the mapping says.
        """
        for rule in self.rules:
            if (event := rule.event(row)) is not None:
                yield event


def read_mapping(source: str, timezone: str) -> RowMapping:
    """Read and check a mapping. `timezone` holds where it names no `zone`.

    Raises:
        Fault: not a mapping; says the line and why.
    """
    root = parse(source)
    given = entries(root, "the mapping", _ROOT)
    columns = Columns(read_zone(given["zone"], "zone") if "zone" in given else ZoneInfo(timezone))
    if "events" not in given:
        raise Fault(1, "the mapping needs `events`: a list of what a row becomes")
    rules = [
        _rule(node, f"events[{number}]", given, columns)
        for number, node in enumerate(items(given["events"].node, "events"), 1)
    ]
    return RowMapping(
        rules=rules,
        columns=columns.used,
        format=_one_of(given, "format", {"csv", "ndjson"}),
        delimiter=_delimiter(given),
        encoding=_encoding(given),
    )


def _rule(node: yaml.Node, what: str, shared: Mapping[str, Entry], columns: Columns) -> _Rule:
    own, line = entries(node, what, _ENTRY), line_of(node)
    if "type" not in own:
        raise Fault(line, f"{what} needs a `type`, such as nhip.dossier.received")
    kind = text(own["type"].node, f"{what}.type")
    if kind not in _FIELDS:
        raise Fault(own["type"].line, f"{what}: no event type {kind!r}; known: {', '.join(sorted(_FIELDS))}")
    given = {name: entry for name in _ATTRIBUTES if (entry := own.get(name, shared.get(name))) is not None}
    for name in ("source", "subject", "time"):
        if name not in given:
            raise Fault(line, f"{what} needs a `{name}`, here or at the top")
    return _Rule(
        type=kind,
        conditions=_conditions(own["when"], f"{what}.when", columns) if "when" in own else (),
        attributes={name: read_value(entry.node, f"{what}.{name}", columns) for name, entry in given.items()},
        data=_data(kind, own, shared, columns, what=what, line=line),
    )


def _data(
    kind: str,
    own: Mapping[str, Entry],
    shared: Mapping[str, Entry],
    columns: Columns,
    *,
    what: str,
    line: int,
) -> Mapping[str, Value]:
    """The fields of `data`: those of the entry over the shared ones that this type has."""
    fields = _FIELDS[kind]
    known = frozenset(fields)
    common = entries(shared["data"].node, "data") if "data" in shared else {}
    for name, entry in common.items():
        if not any(name in others for others in _FIELDS.values()):
            raise Fault(entry.line, f"data: no event has a field {name!r}")
    given = {name: entry for name, entry in common.items() if name in known}
    given |= entries(own["data"].node, f"{what}.data", known) if "data" in own else {}
    for name, required in fields.items():
        if required and name not in given:
            raise Fault(line, f"{what}: an event {kind} needs data.{name}")
    return {name: read_value(entry.node, f"{what}.data.{name}", columns) for name, entry in given.items()}


def _conditions(entry: Entry, what: str, columns: Columns) -> Sequence[Callable[[Row], bool]]:
    """Every column named must have the value, or one of the values; with `not`, none of them."""
    return [_condition(name, wanted, what, columns) for name, wanted in entries(entry.node, what).items()]


def _condition(name: str, wanted: Entry, what: str, columns: Columns) -> Callable[[Row], bool]:
    columns.use(name, wanted.line)
    if isinstance(wanted.node, yaml.MappingNode):
        inner = entries(wanted.node, f"{what}.{name}", frozenset({"not"}))
        if "not" not in inner:
            raise Fault(wanted.line, f"{what}.{name} is a value, a list of values, or {{not: …}}")
        unwanted = _texts(inner["not"].node, f"{what}.{name}.not")
        return lambda row: as_text(cell(row, name)) not in unwanted
    values = _texts(wanted.node, f"{what}.{name}")
    return lambda row: as_text(cell(row, name)) in values


def _texts(node: yaml.Node, what: str) -> frozenset[str]:
    if isinstance(node, yaml.SequenceNode):
        return frozenset(text(member, what) for member in items(node, what))
    return frozenset({text(node, what)})


def _one_of(given: Mapping[str, Entry], name: str, allowed: set[str]) -> str | None:
    if name not in given:
        return None
    found = text(given[name].node, name)
    if found not in allowed:
        raise Fault(given[name].line, f"{name} is one of {', '.join(sorted(allowed))}")
    return found


def _delimiter(given: Mapping[str, Entry]) -> str:
    if "delimiter" not in given:
        return ","
    found = text(given["delimiter"].node, "delimiter")
    found = "\t" if found in {"tab", "\\t"} else found
    if len(found) != 1:
        raise Fault(given["delimiter"].line, "delimiter is one character, or tab")
    return found


def _encoding(given: Mapping[str, Entry]) -> str:
    """UTF-8 with or without a byte-order mark, unless the mapping says otherwise."""
    if "encoding" not in given:
        return "utf-8-sig"
    found = text(given["encoding"].node, "encoding")
    try:
        "".encode(found)
    except LookupError as error:
        raise Fault(given["encoding"].line, f"no encoding {found!r}; use a name such as utf-8 or cp1258") from error
    return found


def _digest(kind: str, row: Row) -> str:
    """The id of an event whose mapping names none: the same row gives the same event, wherever it stands."""
    cells = sorted((name, as_text(found)) for name, found in row.items())
    return hashlib.sha256(repr((kind, cells)).encode("utf-8", "surrogateescape")).hexdigest()[:32]
