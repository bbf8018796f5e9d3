"""Where the lines of a file contradict each other, or say nothing: what can be seen without reading an expression."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from schemas.rulesets.fileformat import ChildUnits, IndicatorLine, Line, RuleSetFile
from schemas.rulesets.yaml_lines import Path

Fault = tuple[Path, str]
"""A place of the file, and what is wrong there."""

_ID: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_CODE: Final = re.compile(r"\d+(\.\d+)?[a-z]?")
_WORD: Final = re.compile(r"\w+")


def contradictions(file: RuleSetFile) -> Iterator[Fault]:
    """All of them: numbers first, on which the rest builds, the file's head, then group by group."""
    for path, part in _all(file, ()):
        if isinstance(part, Decimal) and not part.is_finite():
            yield path, f"{part} is no number to count with"
    yield from _head(file)
    for path, part in _all(file, ()):
        if path[-1:] == ("source",) and path[0] != "sources" and _first_word(part) not in file.sources:
            yield path, f"{part!r} begins with none of the sources: {', '.join(file.sources)}"
    yield from _twice(("groups",), [group.code for group in file.groups])
    for at, group in enumerate(file.groups):
        if not group.indicators:
            yield ("groups", at, "indicators"), f"group {group.code} has no indicator"
    codes: set[str] = set()
    for path, line in places(file):
        if line.code in codes:
            yield (*path, "code"), _is_twice(line.code)
        codes.add(line.code)
    for path, line in places(file):
        yield from _indicator(path, line, codes)
    yield from _bands(file)


def places(file: RuleSetFile) -> Iterator[tuple[Path, IndicatorLine]]:
    """Every indicator with its place, in the order of the file."""
    for at, group in enumerate(file.groups):
        for which, line in enumerate(group.indicators):
            yield ("groups", at, "indicators", which), line


def _head(file: RuleSetFile) -> Iterator[Fault]:
    if not _ID.fullmatch(file.id):
        yield ("id",), "an id has small letters, digits, dots and hyphens"
    for key, day in (("valid_from", file.valid_from), ("valid_to", file.valid_to)):
        try:
            date.fromisoformat(day or "2000-01-01")
        except ValueError:
            yield (key,), f"{day!r} is no day; write 2026-01-31"
    if file.valid_from and file.valid_to and file.valid_from > file.valid_to:
        yield ("valid_to",), f"valid_to lies before valid_from ({file.valid_from})"
    if file.status == "historical" and file.valid_to is None:
        yield ("status",), "a historical rule set says until when it held: valid_to"
    if not file.groups:
        yield ("groups",), "there is no group"


def _indicator(path: Path, line: IndicatorLine, codes: set[str]) -> Iterator[Fault]:
    if not _CODE.fullmatch(line.code):
        yield (*path, "code"), f"{line.code!r} is no code; codes look like 4.5a"
    if (line.curve == "analysis") != (line.max == 0):
        yield (*path, "max"), "an indicator for analysis has max: 0, and no other has"
    if line.curve == "analysis" and line.no_data != "null":
        yield (*path, "no_data"), "an indicator for analysis has no_data: null"
    if (line.curve == "steps") != bool(line.steps):
        yield (*path, "steps"), "steps go with curve: steps, and with no other"
    if line.full_from != 1 and line.curve not in {"linear", "yes_no"}:
        yield (*path, "full_from"), f"full_from means nothing with curve: {line.curve}"
    beside = line.no_data_with
    if beside is not None and beside.indicator not in codes - {line.code}:
        yield (*path, "no_data_with", "indicator"), f"{beside.indicator!r} is no other indicator"
    if line.child_units is not None:
        yield from _child_units((*path, "child_units"), line.child_units)


def _child_units(path: Path, line: ChildUnits) -> Iterator[Fault]:
    if (line.values == "province") == (line.status == "not_applicable"):
        yield path, "child_units has either values: province or status: not_applicable"
    elif line.values == "province" and line.points != "0":
        yield (*path, "points"), "points go with status: not_applicable"


def _bands(file: RuleSetFile) -> Iterator[Fault]:
    yield from _twice(("bands",), [band.code for band in file.bands])
    for at, band in enumerate(file.bands):
        if at and band.at_least <= file.bands[at - 1].at_least:
            yield ("bands", at, "at_least"), "bands rise, the lowest first"
        if band.at_least > file.max:
            yield ("bands", at, "at_least"), f"no total reaches {band.at_least}: max is {file.max}"


def _first_word(text: str) -> str:
    word = _WORD.match(text)
    return "" if word is None else word[0]


def _twice(path: Path, codes: list[str]) -> Iterator[Fault]:
    for at, code in enumerate(codes):
        if code in codes[:at]:
            yield (*path, at, "code"), _is_twice(code)


def _is_twice(code: str) -> str:
    return f"the code {code!r} is there twice"


def _all(part: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """A part of the file and all below it, each with its place."""
    yield path, part
    match part:
        case Line():
            for name in part.__struct_fields__:
                yield from _all(getattr(part, name), (*path, name))
        case tuple():
            for at, item in enumerate(part):
                yield from _all(item, (*path, at))
        case dict():
            for key, item in part.items():
                yield from _all(item, (*path, key))
        case _:
            return
