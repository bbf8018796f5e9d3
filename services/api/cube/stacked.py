"""Several counts one after the other, as if they were of so many more units: one evaluation then scores all of them."""

from collections.abc import Sequence
from math import lcm

import numpy as np
from numpy.typing import NDArray

from schemas.rulesets.counts import Attributes, Cells, Figures
from schemas.rulesets.presence import Presence
from services.api.cube.period_counts import PeriodCounts

Numbers = NDArray[np.int64]


class Stacked:
    """The rows of several `PeriodCounts` in a row (`schemas.rulesets.counts.Counts`), such as one unit in many periods.

    Args:
        parts: all of one reading.
    """

    def __init__(self, parts: Sequence[PeriodCounts]) -> None:
        self._parts = parts
        self._starts = np.cumsum([0, *(part.size for part in parts)])

    @property
    def size(self) -> int:
        """How many rows."""
        return int(self._starts[-1])

    @property
    def kinds(self) -> Sequence[str]:
        """The kind of each row's unit."""
        return [kind for part in self._parts for kind in part.kinds]

    def provinces(self) -> "tuple[Stacked, NDArray[np.intp]]":
        """As of each part, one after the other."""
        found = [part.provinces() for part in self._parts]
        above = Stacked([counts for counts, _ in found])
        rows = [np.where(rows >= 0, rows + start, -1) for (_, rows), start in zip(found, above._starts, strict=False)]
        return above, np.concatenate(rows)

    def measure(self, name: str) -> Numbers:
        """A measure of every row."""
        return np.concatenate([part.measure(name) for part in self._parts])

    def measure_of_class(self, name: str, petition_class: str) -> Numbers:
        """A measure of petitions of one class."""
        return np.concatenate([part.measure_of_class(name, petition_class) for part in self._parts])

    def cells(self, name: str) -> Cells:
        """A measure by procedure."""
        found = [part.cells(name) for part in self._parts]
        units = [cells.unit + start for cells, start in zip(found, self._starts, strict=False)]
        return Cells(
            np.concatenate(units),
            np.concatenate([cells.procedure for cells in found]),
            np.concatenate([cells.value for cells in found]),
        )

    @property
    def procedures(self) -> int:
        """How many procedures there are."""
        return self._parts[0].procedures

    def attribute(self, name: str) -> Numbers:
        """An attribute of every procedure."""
        return self._parts[0].attribute(name)

    def sum_having(self, name: str, attributes: Attributes) -> Numbers | None:
        """As of each part; None where one does not know."""
        return _joined([part.sum_having(name, attributes) for part in self._parts])

    def procedures_with(self, presence: Presence, attributes: Attributes, *, services: bool) -> Numbers | None:
        """As of each part; None where one does not know."""
        return _joined([part.procedures_with(presence, attributes, services=services) for part in self._parts])

    def figure(self, name: str) -> Figures:
        """A declared figure."""
        found = [part.figure(name) for part in self._parts]
        scale = lcm(*(figures.scale for figures in found))
        return Figures(np.concatenate([figures.value * (scale // figures.scale) for figures in found]), scale)

    def units(self, kind: str, figure: str | None = None, value: int = 0) -> Numbers:
        """How many units of a kind lie in the scope of each row."""
        return np.concatenate([part.units(kind, figure, value) for part in self._parts])


def _joined(found: Sequence[Numbers | None]) -> Numbers | None:
    known = [each for each in found if each is not None]
    return np.concatenate(known) if len(known) == len(found) else None
