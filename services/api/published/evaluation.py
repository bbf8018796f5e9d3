"""The sheet that feeds officials' yearly evaluation (Bình Thuận, Quyết định 740/QĐ-UBND: results are a criterion for units and heads).

`evaluation_sheet` gives plain rows; whoever files them in another form (xlsx) takes them from there.
"""

import csv
import io
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from schemas.periods import Period, months_of, year_earlier
from schemas.rulesets.document import Language
from services.api.documents.kept import Document
from services.api.published.known import period_of
from services.api.published.telling import closing_json, in_language
from services.api.service import Service
from services.common.published import Closing, PublishedResult

__all__ = ["EvaluationRow", "EvaluationSheet", "as_csv", "as_json", "evaluation_sheet"]

_BOM: Final = "\ufeff"
"""By which spreadsheets know UTF-8."""

_NEVER: Final = Period(None, 0)
"""No period that was closed."""

_HEADINGS: Final[dict[Language, tuple[str, ...]]] = {
    "vi": (
        "Mã đơn vị",
        "Đơn vị",
        "Loại",
        "Từ ngày",
        "Đến ngày",
        "Tổng điểm",
        "Điểm tối đa",
        "Xếp hạng",
        "Xếp hạng cùng loại",
        "Xếp loại",
        "Tổng điểm cùng kỳ năm trước",
        "Tăng, giảm so với năm trước",
        "Số quyết định",
        "Lần chốt",
    ),
    "en": (
        "Unit code",
        "Unit",
        "Kind",
        "From",
        "To",
        "Total",
        "Maximum",
        "Rank",
        "Rank of its kind",
        "Band",
        "Total a year before",
        "Change to the year before",
        "Decision",
        "Closing",
    ),
}


class EvaluationRow(Struct, frozen=True, kw_only=True):
    """A unit in a closed period. Scores are points; ``before``: the published total of the same period a year before, if there is one
    by the same rule set; ``groups``: scores by code; ``band``: None where no bands are set.
    """

    unit: str
    name: str
    kind: str
    first: str
    last: str
    total: float
    max: float
    rank: int | None
    kind_rank: int | None
    band: str | None
    before: float | None
    change: float | None
    decision: str | None
    closing: int
    groups: dict[str, float]


class EvaluationSheet(Struct, frozen=True, kw_only=True):
    """The sheet of a year: ``closings`` are those that it is made of, ``groups`` the codes and names of the rule set's groups."""

    closings: list[dict[str, Any]]
    groups: dict[str, str]
    rows: list[EvaluationRow]


async def evaluation_sheet(service: Service, closing: Closing, language: Language = "vi") -> EvaluationSheet:
    """The rows of a closing, with those of the other closed periods of its year that are as long; by unit, then period.

    Raises:
        Problem: 503, PostgreSQL does not answer.
    """
    in_force = await service.published.closings()
    same = [each for each in in_force if (each.parent, each.ruleset) == (closing.parent, closing.ruleset)]
    chosen = [closing, *(each for each in same if _beside(each, closing))]
    by_period = {period_of(each): each for each in same}
    former = {each.id: by_period.get(year_earlier(period_of(each)) or _NEVER) for each in chosen}
    totals = await _totals(service, [each.id for each in former.values() if each is not None])
    by_id = {each.id: each for each in chosen}
    results = await service.published.results(list(by_id))
    rows = [_row(each, by_id[each.closing], former[each.closing], totals, service.settings.bands) for each in results]
    places = {each.unit: each.place for each in results}
    return EvaluationSheet(
        closings=[closing_json(service, each) for each in sorted(chosen, key=period_of)],
        groups=_group_names(results, by_id, language),
        rows=sorted(rows, key=lambda row: (places[row.unit], row.unit, row.first)),
    )


def as_json(sheet: EvaluationSheet) -> Document:
    """The sheet as a document."""
    found: dict[str, Any] = msgspec.to_builtins(sheet)
    return found


def as_csv(sheet: EvaluationSheet, language: Language) -> bytes:
    """The sheet as CSV, one column a group; UTF-8 with a mark by which spreadsheets know it."""
    text = io.StringIO(_BOM)
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerow([*_HEADINGS[language], *(f"{code} – {name}" for code, name in sheet.groups.items())])
    for row in sheet.rows:
        *cells, groups = msgspec.structs.astuple(row)
        writer.writerow([*map(_plain, cells), *(groups.get(code) for code in sheet.groups)])
    return text.getvalue().encode()


def _plain(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: texts come from whoever named the unit or closed the period."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _beside(one: Closing, closing: Closing) -> bool:
    """Whether a closing is of another period of the same year, as long as the given one."""
    period, other = period_of(closing), period_of(one)
    alike = months_of(period) is not None and months_of(period) == months_of(other)
    return alike and one.last_day.year == closing.last_day.year and period != other


async def _totals(service: Service, closings: Sequence[int]) -> dict[tuple[int, str], float]:
    results = await service.published.results(closings) if closings else []
    return {(each.closing, each.unit): each.total for each in results}


def _group_names(
    results: Sequence[PublishedResult], closings: dict[int, Closing], language: Language
) -> dict[str, str]:
    """Codes and names of the groups of all closings, in the order of their rule sets."""
    one_of_each = {each.closing: each for each in results}.values()
    scores = [in_language(closings[each.closing], each.score, language) for each in one_of_each]
    return {group["code"]: group["name"] for score in scores for group in score["groups"]}


def _row(
    result: PublishedResult,
    closing: Closing,
    former: Closing | None,
    totals: dict[tuple[int, str], float],
    bands: Sequence[tuple[float, str]],
) -> EvaluationRow:
    before = None if former is None else totals.get((former.id, result.unit))
    reached = [name for least, name in bands if result.total >= least]
    return EvaluationRow(
        unit=result.unit,
        name=result.name,
        kind=result.kind,
        first=closing.first_day.isoformat(),
        last=closing.last_day.isoformat(),
        total=result.total,
        max=result.score["max"],
        rank=result.rank,
        kind_rank=result.kind_rank,
        band=result.score.get("band") or (reached[-1] if reached else None),
        before=before,
        change=None if before is None else round(result.total - before, 2),
        decision=closing.decision,
        closing=closing.id,
        groups={group["code"]: group["score"] for group in result.score["groups"]},
    )
