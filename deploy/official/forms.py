"""The portal's forms: which score stands where (`indicators.md`, A.7). Pure functions.

| form | a unit is |
|---|---|
| `report_tinh_766_service`, and CSV with the same columns | a row with MA_COQUAN, TONG_SCORE, TDGQ … (CLGQ is online services) |
| `report_xuhuongdiem_chiso_service` | all rows CODE, SCORE, MAX_SCORE together; whose they are has to be said |
| `…/reporting/evaluation/…` | an object with departmentCode, totalScore, totalMaxScore, metrics [{code, score, maxScore}], within others |
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

import msgspec

from schemas.codes import turned_round
from schemas.rulesets.model import HUNDREDTHS, RuleSet

__all__ = ["BadForm", "Read", "Score", "read_csv", "read_json"]

TOTAL: Final = "total"

_UNIT: Final = ("ma_coquan", "departmentcode", "unit")
_TOTAL: Final = ("tong_score", TOTAL)
_OTHER_NAMES: Final = {"clgq": "online"}
"""What the portal's old form calls a group."""

Row = Mapping[str, Any]


class BadForm(Exception):
    """A file is none of the forms; the message is one line for the person at the console."""


class Score(NamedTuple):
    """An official score: of a unit, by `total` or the code of a group or an indicator, in points."""

    unit: str
    code: str
    points: Decimal


class Read(NamedTuple):
    """What a file gave; ``faults``: what in it could not be used, a line each."""

    scores: list[Score]
    faults: list[str]


def read_json(raw: bytes, ruleset: RuleSet, unit: str | None = None) -> Read:
    """The scores of a JSON file of the portal, old form or new, whatever it is wrapped in.

    Args:
        raw: the file.
        ruleset: by which they were made; it says which codes there are, and what no score exceeds.
        unit: whose scores rows are that name no unit.

    Raises:
        BadForm: it is no JSON, or no score is in it.
    """
    try:
        whole = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadForm("not a JSON file") from error
    return _read(_rows(whole), ruleset, unit)


def read_csv(text: str, ruleset: RuleSet, unit: str | None = None) -> Read:
    """The same of a CSV file with a heading: a column for the unit, one for the total, one a group or indicator.

    Raises:
        BadForm: no score is in it.
    """
    sample = text.partition("\n")[0]
    delimiter = max(",;\t", key=sample.count)
    return _read(
        csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter), ruleset, unit
    )


def _read(rows: Iterable[Row], ruleset: RuleSet, unit: str | None) -> Read:
    names = _names(ruleset)
    found: dict[tuple[str, str], Decimal] = {}
    faults = []
    for row in rows:
        lower = {str(name).strip().lower(): value for name, value in row.items()}
        code = next((str(lower[name]).strip() for name in _UNIT if lower.get(name)), unit)
        if code is None:
            faults.append(f"a row names no unit; say whose it is with --unit: {_shown(row)}")
            continue
        code = turned_round(code) or code
        for name, value in _cells(lower, ruleset, names):
            try:
                points = _points(value)
            except ValueError:
                faults.append(f"{code}, {name}: {str(value)[:40]!r} is no number")
                continue
            if points is None:
                continue
            if name not in names:
                faults.append(f"{code}: {ruleset.id} has nothing that is called {name[:40]!r}")
            elif not 0 <= points * HUNDREDTHS <= names[name][1]:
                most = Decimal(names[name][1]) / HUNDREDTHS
                faults.append(f"{code}, {name}: {points} does not lie between 0 and {most:f}, as {ruleset.id} has it")
            else:
                found[code, names[name][0]] = points
    if not found and not faults:
        raise BadForm("no score of any of the portal's forms is in it")
    return Read([Score(*key, points) for key, points in found.items()], faults)


def _names(ruleset: RuleSet) -> dict[str, tuple[str, int]]:
    """By what the portal or we call it, in small letters: the code, and what it cannot exceed (hundredths)."""
    names = dict.fromkeys(_TOTAL, (TOTAL, ruleset.max))
    lines = {line.code: line for group in ruleset.file.groups for line in group.indicators}
    for group in ruleset.groups:
        names[group.code.lower()] = group.code, group.max
        for indicator in group.indicators:
            names[indicator.code] = indicator.code, indicator.max
            if (portal_code := lines[indicator.code].portal_code) is not None:
                names[portal_code.lower()] = indicator.code, indicator.max
    return names | {other: names[name] for other, name in _OTHER_NAMES.items() if name in names}


def _rows(value: Any) -> Iterator[Row]:
    """Every object that holds scores, wherever it lies (`…-tree` forms hold units within units)."""
    if isinstance(value, list):
        for each in value:
            yield from _rows(each)
    elif isinstance(value, dict):
        lower = {str(name).lower() for name in value}
        if lower & {*_UNIT, "metrics"} or {"code", "score"} <= lower:
            yield value
        for name, inner in value.items():
            if str(name).lower() != "metrics" and isinstance(inner, list | dict):
                yield from _rows(inner)


def _cells(row: Row, ruleset: RuleSet, names: Mapping[str, tuple[str, int]]) -> Iterator[tuple[str, Any]]:
    """The scores of a row, by what they are called there."""
    if {"code", "score"} <= set(row):  # one score a row
        yield str(row["code"]).strip().lower(), row["score"]
        return
    metrics = [metric for metric in row.get("metrics") or () if isinstance(metric, dict)]
    for metric in metrics:
        yield str(metric.get("code")).strip().lower(), metric.get("score")
    if row.get("totalscore") is not None:
        yield _whole(row, metrics, ruleset, names), row["totalscore"]
    yield from ((name, value) for name, value in row.items() if name in names)


def _whole(row: Row, metrics: Sequence[Row], ruleset: RuleSet, names: Mapping[str, tuple[str, int]]) -> str:
    """Of what `totalScore` is: of the group that the metrics are of, or that alone has such a maximum; else of everything."""
    known = [names.get(str(metric.get("code")).strip().lower(), ("", 0))[0] for metric in metrics]
    groups = {group.code for group in ruleset.groups for each in group.indicators if each.code in known}
    if not groups:
        most = _points(row.get("totalmaxscore"))
        groups = {group.code for group in ruleset.groups if most is not None and group.max == most * HUNDREDTHS}
        if len(groups) > 1:
            return f"totalScore of {' or '.join(sorted(groups))}"  # nothing tells which
    return groups.pop().lower() if len(groups) == 1 else TOTAL


def _points(value: Any) -> Decimal | None:
    """A number as the portal writes it; None where there is none.

    Raises:
        ValueError: it is something else.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        points = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(value) from error
    if not points.is_finite():
        raise ValueError(value)
    return points


def _shown(row: Row) -> str:
    return ", ".join(f"{name}={value}" for name, value in list(row.items())[:3] if not isinstance(value, list | dict))
