"""Form II.06a/VPCP/KSTT, "Tình hình, kết quả giải quyết thủ tục hành chính", as plain data (`events_and_measures.md`, 3.3)."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from msgspec import UNSET, Struct, UnsetType, structs

from schemas.periods import Period
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.order import TreeOrder
from services.api.documents.parts import Kind, parts_by_sector, parts_by_unit, whole

__all__ = [
    "CELLS",
    "ROWS",
    "WAITING",
    "Cells",
    "Form",
    "FormAsked",
    "FormRow",
    "cells_of",
    "form_in",
    "waiting_in_time",
]

ROWS: Final = ("unit", "sector")
WAITING: Final = ("in_time", "separate")

CELLS: Final[dict[str, int]] = {
    "handled": 3,
    "online": 4,
    "direct": 5,
    "carried_over": 6,
    "ended": 7,
    "ended_early": 8,
    "ended_in_time": 9,
    "ended_late": 10,
    "open": 11,
    "open_in_time": 12,
    "open_overdue": 13,
    "open_waiting": 14,
}
"""Cell -> number of its column on the form; 14 is there only where what waits stands in a column of its own."""

Cells = dict[str, int]


class FormAsked(NamedTuple):
    """How the form is filled in: ``rows``, a row a unit or a sector ("lĩnh vực"); ``waiting``, where open dossiers stand that wait for a
    supplement: among those in time (column 12, as the form has it), or in a column 14 of their own.
    """

    rows: str = "unit"
    waiting: str = "in_time"


class FormRow(Struct, frozen=True):
    """One row: a part of the unit's counts (`Part`)."""

    of: Kind
    code: str | None
    name: str | None
    cells: Cells


class Form(Struct, frozen=True):
    """The whole form; the rows add up to the total.

    ``now`` and ``difference`` (now less published) of the total are there in official reports alone.
    """

    rows_by: str
    waiting: str
    rows: list[FormRow]
    total: Cells
    now: Cells | UnsetType | None = UNSET
    difference: Cells | UnsetType | None = UNSET


def form_in(reading: Reading, order: TreeOrder, unit: Unit, period: Period, asked: FormAsked) -> Form:
    """The form of a unit with all below it."""
    apart = asked.waiting == "separate"
    parts = parts_by_sector if asked.rows == "sector" else parts_by_unit
    rows = [
        FormRow(part.of, part.code, part.name, cells_of(part.counts, waiting_apart=apart))
        for part in parts(reading, order, unit, period)
    ]
    total = cells_of(whole(reading, order, unit, period).counts, waiting_apart=apart)
    return Form(asked.rows, asked.waiting, rows, total)


def waiting_in_time(form: Form) -> Form:
    """A form on which what waits stands apart, with it among what is in time."""
    rows = [structs.replace(row, cells=_together(row.cells)) for row in form.rows]
    return structs.replace(form, waiting="in_time", rows=rows, total=_together(form.total))


def _together(cells: Cells) -> Cells:
    together = {**cells, "open_in_time": cells["open_in_time"] + cells["open_waiting"]}
    del together["open_waiting"]
    return together


def cells_of(counts: Mapping[str, int], *, waiting_apart: bool) -> Cells:
    """The cells of a row out of the counts of CONTRACT, section 2. Those in time include dossiers without a due moment."""
    in_time = counts["open"] - counts["open_overdue"]
    cells = {
        "handled": counts["received"] + counts["carried_over"],
        "online": counts["online"],
        "direct": counts["received"] - counts["online"],
        "carried_over": counts["carried_over"],
        "ended": counts["ended"],
        "ended_early": counts["ended_early"],
        "ended_in_time": counts["ended_on_time"] - counts["ended_early"] + counts["ended_no_due"],
        "ended_late": counts["ended_late"],
        "open": counts["open"],
        "open_in_time": in_time,
        "open_overdue": counts["open_overdue"],
    }
    if waiting_apart:
        cells |= {"open_in_time": in_time - counts["open_waiting"], "open_waiting": counts["open_waiting"]}
    return cells
