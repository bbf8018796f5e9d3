"""The counts of a unit cut into what makes them up: units or sectors. The parts always add up to the whole."""

from typing import Literal, NamedTuple

from schemas.periods import Period
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.order import TreeOrder
from services.api.cube.scope import Scope
from services.api.documents.counts import counts_in
from services.api.documents.grouped import grouped_counts

__all__ = ["Kind", "Part", "parts_by_procedure", "parts_by_sector", "parts_by_unit", "whole"]

Counts = dict[str, int]
Kind = Literal["total", "unit", "itself", "ended", "sector", "procedure"]


class Part(NamedTuple):
    """One part. ``of``: a ``unit`` right below with all below it, the unit ``itself``, units that have ``ended`` and that nobody took
    over, a ``sector``, a ``procedure``, or the ``total``.

    ``code`` and ``name`` are None of ended units and where no sector is known; ``name`` also where the catalogue has none.
    """

    of: Kind
    code: str | None
    name: str | None
    counts: Counts


def whole(reading: Reading, order: TreeOrder, unit: Unit, period: Period) -> Part:
    """The unit with all below it."""
    (counts,) = counts_in(reading, Scope.of(order, [unit.code], pooled=True), period)
    return Part("total", unit.code, unit.name, counts)


def parts_by_unit(reading: Reading, order: TreeOrder, unit: Unit, period: Period) -> list[Part]:
    """The units right below in the tree's order, then the unit itself."""
    codes = order.children(unit.code)
    below = counts_in(reading, Scope.of(order, codes, pooled=True), period) if codes else []
    (itself,) = counts_in(reading, Scope.of(order, [unit.code], pooled=False), period)
    parts = [Part("unit", code, order.tree[code].name, counts) for code, counts in zip(codes, below, strict=True)]
    parts.append(Part("itself", unit.code, unit.name, itself))
    total = whole(reading, order, unit, period).counts
    rest = {name: count - sum(part.counts[name] for part in parts) for name, count in total.items()}
    return [*parts, Part("ended", None, None, rest)] if any(rest.values()) else parts


def parts_by_sector(reading: Reading, order: TreeOrder, unit: Unit, period: Period) -> list[Part]:
    """By sector ("lĩnh vực"); first, if there are any, the procedures of which none is known."""
    (groups,) = grouped_counts(reading, Scope.of(order, [unit.code], pooled=True), period, "sector")
    return [Part("sector", each["sector"], each["name"], each["counts"]) for each in groups]


def parts_by_procedure(reading: Reading, order: TreeOrder, unit: Unit, period: Period) -> list[Part]:
    """By procedure."""
    (groups,) = grouped_counts(reading, Scope.of(order, [unit.code], pooled=True), period, "procedure")
    names = {code: row.name or None for code, row in reading.catalogue.items()}
    return [Part("procedure", each["procedure"], names.get(each["procedure"]), each["counts"]) for each in groups]
