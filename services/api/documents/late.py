"""Dossiers handled late ("đã xử lý trễ") and being handled late ("đang xử lý trễ") by unit and field, as in Thăng Bình's notices."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from schemas.periods import Period
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.scope import Scope
from services.api.documents.counts import counts_in
from services.api.documents.grouped import grouped_counts
from services.api.documents.kept import Document, Made, Stamp
from services.api.documents.naming import unit_json
from services.api.service import Service

__all__ = ["Late", "late_document"]


class Late(Struct, frozen=True):
    """Dossiers of a unit or a field: ``ended`` in the period, of these ``ended_late``; ``open`` at its end, of these ``open_overdue``.

    ``of``: a ``unit`` below with all below it, the unit ``itself``, a ``sector``, a ``procedure`` (where its sector is not known) or
    the ``total``. ``name`` is null where the catalogue has none.
    """

    of: str
    code: str
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
    """The late dossiers of a unit and all below it; of units and of fields the worst come first.

    Raises:
        Problem: 503, the counts are not complete yet.
    """
    order = service.order_of(period)

    def work(reading: Reading) -> Document:
        whole = Scope.of(order, [unit.code], pooled=True)
        codes = order.children(unit.code)
        below = counts_in(reading, Scope.of(order, codes, pooled=True), period) if codes else []
        (itself,) = counts_in(reading, Scope.of(order, [unit.code], pooled=False), period)
        (total,) = counts_in(reading, whole, period)
        units = [_late("unit", code, order.tree[code].name, each) for code, each in zip(codes, below, strict=True)]
        return {
            "unit": unit_json(unit),
            **period.to_json(),
            "total": _late("total", unit.code, unit.name, total),
            "units": _worst_first([*units, _late("itself", unit.code, unit.name, itself)]),
            "fields": _worst_first(_fields(reading, whole, period)),
        }

    return service.document(("late", order, unit.code, period), work)


def _fields(reading: Reading, scope: Scope, period: Period) -> Iterable[Late]:
    """By sector; procedures whose sector is not known by themselves."""
    (sectors,) = grouped_counts(reading, scope, period, "sector")
    for each in sectors:
        if each["sector"] is not None:
            yield _late("sector", each["sector"], each["name"], each["counts"])
    (procedures,) = grouped_counts(reading, scope, period, "procedure")
    for each in procedures:
        known = reading.catalogue.get(each["procedure"])
        if known is None or not known.sector:
            name = None if known is None else known.name or None
            yield _late("procedure", each["procedure"], name, each["counts"])


def _late(of: str, code: str, name: str | None, counts: Mapping[str, Any]) -> Late:
    return Late(of, code, name, *(counts[one] for one in ("ended", "ended_late", "open", "open_overdue")))


def _worst_first(found: Iterable[Late]) -> list[Late]:
    return sorted(found, key=lambda one: (-one.late, -one.open_overdue, one.code))
