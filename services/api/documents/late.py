"""Dossiers handled late ("đã xử lý trễ") and being handled late ("đang xử lý trễ") by unit and field, as in Thăng Bình's notices."""

from collections.abc import Iterable

from msgspec import Struct

from schemas.periods import Period
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.order import TreeOrder
from services.api.documents.kept import Document, Made, Stamp
from services.api.documents.naming import unit_json
from services.api.documents.parts import Kind, Part, parts_by_procedure, parts_by_sector, parts_by_unit, whole
from services.api.service import Service

__all__ = ["Late", "late_document"]


class Late(Struct, frozen=True):
    """A part of a unit's dossiers (`Part`): ``ended`` in the period, of these ``ended_late``; ``open`` at its end, of these
    ``open_overdue``.
    """

    of: Kind
    code: str | None
    name: str | None
    ended: int
    ended_late: int
    open: int
    open_overdue: int

    @property
    def late(self) -> int:
        """Late dossiers, ended or not."""
        return self.ended_late + self.open_overdue


def late_document(service: Service, unit: Unit, period: Period) -> tuple[Made, Stamp]:
    """The late dossiers of a unit and all below it by unit and by field, of both the worst first.

    A field is a sector ("lĩnh vực"), of procedures without one the procedure.

    Raises:
        Problem: 503, the counts are not complete yet.
    """
    order = service.order_of(period)

    def work(reading: Reading) -> Document:
        return {
            "unit": unit_json(unit),
            **period.to_json(),
            "total": _late(whole(reading, order, unit, period)),
            "units": _worst_first(parts_by_unit(reading, order, unit, period)),
            "fields": _worst_first(_fields(reading, order, unit, period)),
        }

    return service.document(("late", order, unit.code, period), work)


def _fields(reading: Reading, order: TreeOrder, unit: Unit, period: Period) -> list[Part]:
    sectors = [part for part in parts_by_sector(reading, order, unit, period) if part.code is not None]
    known = {code for code, row in reading.catalogue.items() if row.sector}
    procedures = parts_by_procedure(reading, order, unit, period)
    return sectors + [part for part in procedures if part.code not in known]


def _late(part: Part) -> Late:
    counts = (part.counts[name] for name in ("ended", "ended_late", "open", "open_overdue"))
    return Late(part.of, part.code, part.name, *counts)


def _worst_first(parts: Iterable[Part]) -> list[Late]:
    return sorted(map(_late, parts), key=lambda row: (-row.late, -row.open_overdue, row.code or ""))
