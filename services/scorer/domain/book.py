"""A book of counts: cells by unit, day and procedure."""

from schemas.moments import Zone
from services.scorer.domain.spans import Span

Cell = tuple[str, int, str]
"""(unit, day, procedure)"""

Cells = dict[Cell, dict[int, int]]
"""What is booked: cell -> number of the measure -> count (a stock that ends takes off)."""


class Book:
    """Books flows and stocks on a unit and a procedure; `cells` may be shared by several.

    Of stocks it leaves out what lies after now; whoever books a flow knows that its moment has come, or means a day ahead.
    """

    __slots__ = ("_at", "_day", "_item", "_now", "_unit", "cells")

    def __init__(self, zone: Zone, now: int, unit: str, item: str, cells: Cells) -> None:
        self.cells = cells
        self._day = zone.day
        self._now = now
        self._unit = unit
        self._item = item
        self._at: dict[int, dict[int, int]] = {}

    def on(self, moment: int) -> dict[int, int]:
        """The cell of the day of a moment, to write flows into."""
        cell = self._at.get(moment)
        if cell is None:
            cell = self._at[moment] = self.of(self._unit, moment)
        return cell

    def of(self, unit: str, moment: int) -> dict[int, int]:
        """The same of another unit."""
        key = unit, self._day(moment), self._item
        cell = self.cells.get(key)
        if cell is None:
            cell = self.cells[key] = {}
        return cell

    def add(self, measure: int, moment: int, count: int = 1) -> None:
        """Book a flow on the day of a moment."""
        cell = self.on(moment)
        cell[measure] = cell.get(measure, 0) + count

    def stock(self, measure: int, spans: list[Span]) -> None:
        """Book a stock: in on the day each span begins, out on the day it ends, each if that has come."""
        for start, end in spans:
            if start > self._now:
                continue
            self.add(measure, start)
            if end <= self._now:
                self.add(measure, end, -1)
