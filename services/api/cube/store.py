"""The arrays of the cube: totals by unit and day (dense), counts by procedure (sparse). One thread at a time."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.measures import BY_NUMBER, MEASURES, Family, Kind, Measure
from schemas.periods import Period
from services.api.cube.days import DayAxis
from services.api.cube.differences import Differences
from services.api.cube.index import NOBODY, Index
from services.api.cube.ledger import Ledger
from services.api.cube.sums import DaySums

Numbers = NDArray[np.int64]
Places = NDArray[np.intp]

COLUMNS: Final[dict[str, int]] = {measure.name: column for column, measure in enumerate(MEASURES)}
"""The column of each measure in `Totals`."""

_FLOWS: Final = np.array([measure.kind is Kind.FLOW for measure in MEASURES])
_LONG: Final = frozenset({"processing_seconds", "processing_work_seconds"})
_NUMBERS: Final = max(BY_NUMBER) + 1
_KNOWN: Final = np.isin(np.arange(_NUMBERS + 1), list(BY_NUMBER))
"""By number, whether there is such a measure; the last one stands for all greater ones."""


class Totals(NamedTuple):
    """Of some units in a period, [unit][measure]: flows inside it and stocks at its end; the same of all time before it."""

    period: Numbers
    before: Numbers


class Entries(NamedTuple):
    """A measure of some units in a period by procedure, what is not zero: row of the unit, number of the procedure, count."""

    units: Places
    items: Places
    counts: Numbers


class Store:
    """Totals and counts by procedure, changed by differences."""

    def __init__(self) -> None:
        self.index = Index()
        self._days = DayAxis()
        self._blocks = [_Block(measures, width) for measures, width in _split()]
        self._ledgers: dict[int, Ledger] = {}

    def add(self, changes: Differences) -> None:
        """Add what a batch of rows changes; measures that this code does not know (of a newer scorer) are left out."""
        known = _KNOWN[np.clip(changes.measures, 0, _NUMBERS)]
        if not known.all():
            pairs, days, measures, counts = (column[known] for column in changes[:4])
            changes = Differences(pairs, days, measures, counts, changes.newest)
        if not len(changes.pairs):
            return
        continued = self._days.add(np.unique(changes.days))
        if continued is not None:
            for block in self._blocks:
                block.sums.move_columns(continued)
        self._add_totals(changes)
        self._add_by_procedure(changes)

    def totals(self, units: Places, period: Period) -> Totals:
        """Add up the days of a period for units given by slot."""
        last = self._days.column(period.last)
        first = 0 if period.first is None else self._days.column(period.first - 1)
        upto = np.concatenate([block.sums.up_to(last, units) for block in self._blocks], axis=1)[:, _ORDER]
        before = np.concatenate([block.sums.up_to(first, units) for block in self._blocks], axis=1)[:, _ORDER]
        return Totals(upto - before * _FLOWS, before)

    def entries(self, units: Places, measure: Measure, period: Period) -> Entries:
        """A measure by procedure, for units given by slot; flows inside the period, stocks at its end."""
        slots, items = self.index.pairs  # before the number of slots: the writer may be adding both
        rows = np.full(self.index.slots, -1, np.intp)
        rows[units] = np.arange(len(units))
        rows[NOBODY] = -1
        of_pairs = rows[slots]
        pairs = np.flatnonzero(of_pairs >= 0)
        ledger = self._ledgers.get(measure.number)
        if ledger is None or not len(pairs):
            return Entries(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0, np.int64))
        counts = ledger.sums(pairs, period.first if measure.kind is Kind.FLOW else None, period.last)
        there = counts != 0
        return Entries(of_pairs[pairs[there]], items[pairs[there]], counts[there])

    @property
    def memory(self) -> dict[str, int]:
        """Bytes set aside for totals (spare room included) and for counts by procedure."""
        return {
            "totals": sum(block.sums.nbytes for block in self._blocks),
            "by_procedure": sum(ledger.nbytes for ledger in self._ledgers.values()),
        }

    def _add_totals(self, changes: Differences) -> None:
        units = self.index.pairs[0][changes.pairs]
        order = np.argsort(units, kind="stable")
        units, counts, days = units[order], changes.counts[order], self._days.columns(changes.days[order])
        for block in self._blocks:
            columns = block.columns[changes.measures[order]]
            own = columns >= 0
            size = self.index.slots, len(self._days)
            block.sums.add(units[own], days[own], columns[own], counts[own], size)

    def _add_by_procedure(self, changes: Differences) -> None:
        order = np.argsort(changes.measures, kind="stable")
        measures = changes.measures[order]
        starts = np.flatnonzero(np.diff(measures, prepend=-1))
        for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
            of_measure = order[start:end]
            ledger = self._ledgers.setdefault(int(measures[start]), Ledger())
            ledger.add(changes.pairs[of_measure], changes.days[of_measure], changes.counts[of_measure])


class _Block:
    """Measures that come together and are equally wide lie together: no array is made before its first count."""

    def __init__(self, measures: Sequence[Measure], width: type[np.int32 | np.int64]) -> None:
        self.sums = DaySums(len(measures), width)
        self.columns = np.full(_NUMBERS, -1, np.intp)
        self.columns[[measure.number for measure in measures]] = np.arange(len(measures))


def _split() -> list[tuple[list[Measure], type[np.int32 | np.int64]]]:
    families: list[tuple[list[Measure], type[np.int32 | np.int64]]] = [
        ([m for m in MEASURES if m.family is family and m.name not in _LONG], np.int32) for family in Family
    ]
    return [*families, ([m for m in MEASURES if m.name in _LONG], np.int64)]


_ORDER: Final = np.argsort([COLUMNS[measure.name] for measures, _ in _split() for measure in measures])
"""From the order of the blocks to that of COLUMNS."""
