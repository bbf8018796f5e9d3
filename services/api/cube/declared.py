"""Figures that units declared, and which of them holds for a period (`events_and_measures.md`, sections 2.5 and 6, reading 7)."""

from collections import defaultdict
from collections.abc import Collection
from fractions import Fraction

from schemas.periods import Period
from schemas.rows import FigureRow

__all__ = ["Declared", "holding"]


class Declared:
    """The figures in force, by name and unit."""

    __slots__ = ("_figures", "_rows")

    def __init__(self) -> None:
        self._rows: dict[str, FigureRow] = {}
        self._figures: dict[str, dict[str, dict[str, FigureRow]]] = defaultdict(lambda: defaultdict(dict))

    def put(self, subject: str, row: FigureRow | None) -> None:
        """Put in force what was declared under a subject last; None: nothing any more."""
        former = self._rows.pop(subject, None)
        if former is not None:
            del self._figures[former.figure][former.unit][subject]
        if row is not None:
            self._rows[subject] = row
            self._figures[row.figure][row.unit][subject] = row

    def of(self, name: str, period: Period) -> dict[str, Fraction]:
        """What each unit that declared a figure declared for a period."""
        units = self._figures.get(name, {})
        found = ((unit, holding(rows.values(), period)) for unit, rows in units.items())
        return {unit: value for unit, value in found if value is not None}

    def exactly(self, name: str, period: Period) -> dict[str, Fraction]:
        """What each unit declared of the very days of a period: of scores, which do not add up over spans."""
        days, units = (period.first, period.last), self._figures.get(name, {})
        return {
            unit: _exact(row) for unit, rows in units.items() for row in rows.values() if (row.first, row.last) == days
        }


def holding(rows: Collection[FigureRow], period: Period) -> Fraction | None:
    """What rows of one unit and figure make of a period; None: nothing.

    Spans hold if they tile the period: the fewest that do, and of these the longest first. Else what was declared until further notice
    holds, from the latest day that is not after the period.
    """
    tiles = None if period.first is None else _tiling(rows, period.first, period.last)
    if tiles is not None:
        return sum((_exact(row) for row in tiles), Fraction(0))
    standing = [row for row in rows if row.last is None and row.first <= period.last]
    return _exact(max(standing, key=lambda row: row.first)) if standing else None


def _tiling(rows: Collection[FigureRow], first: int, last: int) -> list[FigureRow] | None:
    """The fewest spans that make up some days, one after the other; None where none do."""
    spans = [(row.first, row.last + 1, row) for row in rows if row.last is not None]
    best: dict[int, list[FigureRow]] = {last + 1: []}
    for begin, end, row in sorted(
        spans, key=lambda span: (-span[0], -span[1])
    ):  # the latest day first, then the longest
        rest, known = best.get(end), best.get(begin)
        if rest is not None and (known is None or len(rest) + 1 < len(known)):
            best[begin] = [row, *rest]
    return best.get(first)


def _exact(row: FigureRow) -> Fraction:
    """The number that was written, not the nearest binary one."""
    return Fraction(repr(row.value))
