"""Reports as one flat table: CSV (RFC 4180) in UTF-8 with a byte order mark, so that spreadsheets read Vietnamese right."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any, Final

from services.api.documents.kept import Stamp
from services.api.documents.late import Late
from services.api.documents.report import Child
from services.api.reports.model import Group, Indicator, Lateness, Official, Report

__all__ = ["lateness_table", "report_table"]

_REPORT: Final[tuple[str, ...]] = (
    "unit", "unit_name", "kind", "level", "group", "indicator", "name", "numerator", "denominator", "ratio", "score", "max",
    "status", "rank", "rank_in_kind", "ruleset", "from", "to", "as_of", "revision",
)  # fmt: skip
_MEMBERS: Final = ("numerator", "denominator", "ratio", "score", "status", "rank")
_OFFICIAL: Final = (
    *(f"now_{member}" for member in _MEMBERS), *(f"difference_{member}" for member in _MEMBERS if member != "status"),
    "closing", "closed_at", "closed_by", "closed_unit", "decision", "official_as_of", "official_revision",
)  # fmt: skip
"""Columns of official reports alone."""
_LATE: Final = ("of", "code", "name", "ended", "ended_late", "open", "open_overdue", "from", "to", "as_of", "revision")

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

Row = dict[str, Any]


def report_table(report: Report, stamp: Stamp) -> bytes:
    """A row for the total of the unit (``level`` total), each group and each indicator; total and groups of each unit below.

    An official report has what holds now (as of the stamp) beside each figure; a live one of a closed period the column ``closed``.
    """
    columns, same = _REPORT, {"ruleset": report.ruleset, "from": report.first, "to": report.last, **stamp.members}
    if report.published is not None:
        columns, same = (*columns, *_OFFICIAL), same | _official(report.published)
    if report.closed is not None:
        columns, same = (*columns, "closed"), same | {"closed": report.closed.closing}
    return _csv(columns, (same | row for row in _report_rows(report)))


def lateness_table(lateness: Lateness, stamp: Stamp) -> bytes:
    """A row for the total, each unit and each field."""
    same = {"from": lateness.first, "to": lateness.last, **stamp.members}
    rows: list[Late] = [lateness.total, *lateness.units, *lateness.fields]
    return _csv(_LATE, (same | {name: getattr(row, name) for name in Late.__struct_fields__} for row in rows))


def _report_rows(report: Report) -> Iterator[Row]:
    unit = {"unit": report.unit.code, "unit_name": report.unit.name, "kind": report.unit.kind}
    yield unit | {"level": "total", "score": report.total, "max": report.max, "rank": report.rank} | _beside(report)
    for group in report.groups:
        of = unit | {"group": group.code}
        yield of | {"level": "group", "name": group.name, "score": group.score, "max": group.max} | _beside(group)
        for each in group.indicators:
            told = {name: getattr(each, name) for name in ("name", "numerator", "denominator", "ratio", "score", "max")}
            yield of | told | {"level": "indicator", "indicator": each.code, "status": each.status} | _beside(each)
    for child in report.children:
        unit = {"unit": child.unit["code"], "unit_name": child.unit["name"], "kind": child.unit["kind"]}
        ranks = {"rank": child.rank, "rank_in_kind": child.rank_in_kind}
        yield unit | ranks | {"level": "total", "score": child.total, "max": report.max} | _beside(child)
        for group in report.groups:
            scored = {"score": child.groups[group.code], "max": group.max} | _beside_group(child, group.code)
            yield unit | scored | {"level": "group", "group": group.code, "name": group.name}


def _beside(part: Report | Group | Indicator | Child) -> Row:
    """What holds now beside a row; a total stands in the column of the score, as the total itself."""
    return {
        f"{side}_{'score' if member == 'total' else member}": value
        for side, values in (("now", part.now), ("difference", part.difference))
        for member, value in (values or {}).items()
        if member != "groups"
    }


def _beside_group(child: Child, group: str) -> Row:
    sides = (("now", child.now), ("difference", child.difference))
    return {f"{side}_score": values["groups"].get(group) for side, values in sides if values}


def _official(official: Official) -> Row:
    return {
        "closing": official.closing,
        "closed_at": official.closed_at,
        "closed_by": official.closed_by.system,
        "closed_unit": official.closed_by.unit,
        "decision": official.decision,
        "official_as_of": official.as_of,
        "official_revision": official.revision,
    }


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    text = StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _safe(value) for name, value in row.items()})
    return text.getvalue().encode("utf-8-sig")


def _safe(value: Any) -> Any:
    """A name that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
