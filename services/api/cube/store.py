"""The arrays of the cube: totals by unit and day (dense), counts by procedure (sparse). One thread at a time."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.measures import BY_NAME, BY_NUMBER, MEASURES, Family, Kind, Measure
from schemas.periods import Period
from schemas.rows import ProcedureRow
from schemas.rulesets.needs import needs
from services.api.cube.attributes import Attributes
from services.api.cube.block import Block
from services.api.cube.declared import Declared
from services.api.cube.differences import Differences
from services.api.cube.filtered import FilteredSums
from services.api.cube.index import NOBODY, Index
from services.api.cube.ledger import Ledger
from services.api.cube.presence import Presence
from services.api.cube.standing import Standing

Numbers = NDArray[np.int64]
Places = NDArray[np.intp]

_LONG: Final = frozenset({"processing_seconds", "processing_work_seconds"})
_AHEAD: Final = frozenset({"falls_due"})
"""Booked on days ahead: with days of their own, so that a due date of the year 9999 costs one narrow column, not one of all measures."""


def _split() -> list[tuple[list[Measure], type[np.int32 | np.int64]]]:
    """The measures that lie together, and how wide a number of them is."""
    apart: list[tuple[frozenset[str], type[np.int32 | np.int64]]] = [(_LONG, np.int64), (_AHEAD, np.int32)]
    rest = [measure for measure in MEASURES if measure.name not in _LONG | _AHEAD]
    return [
        *(([measure for measure in rest if measure.family is family], np.int32) for family in Family),
        *(([measure for measure in MEASURES if measure.name in names], width) for names, width in apart),
    ]


_IN_ORDER: Final = [measure for measures, _ in _split() for measure in measures]

COLUMNS: Final[dict[str, int]] = {measure.name: column for column, measure in enumerate(_IN_ORDER)}
"""The column of each measure in what `Store.totals` answers."""

_NUMBERS: Final = max(BY_NUMBER) + 1
_KNOWN: Final = np.isin(np.arange(_NUMBERS + 1), list(BY_NUMBER))
"""By number, whether there is such a measure; the last one stands for all greater ones."""


class Entries(NamedTuple):
    """A measure of some units in a period by procedure, what is not zero: row of the unit, number of the procedure, count."""

    units: Places
    items: Places
    counts: Numbers


Still = Callable[[int, int, int], bool]
"""Whether a pair still has some of a measure on a day, in any partition: (pair, day, number of the measure)."""


_NO_ENTRIES: Final = Entries(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0, np.int64))


class Store:
    """Totals and counts by procedure, changed by differences. What the rule sets ask of procedures (`needs`) is kept ready."""

    def __init__(self) -> None:
        self.index = Index()
        self._blocks = [_Measures(measures, width) for measures, width in _split()]
        self._ledgers: dict[int, Ledger] = {}
        self.catalogue: dict[str, ProcedureRow] = {}
        self.attributes = Attributes()
        self.declared = Declared()
        self._filtered = FilteredSums(needs().filtered)
        asked = [BY_NAME[name] for name in needs().present]
        self._present = {measure.name: Presence() for measure in asked if measure.kind is Kind.FLOW}
        self._standing = {measure.name: Standing() for measure in asked if measure.kind is Kind.STOCK}

    def add(self, changes: Differences, still: Still) -> None:
        """Add what a batch of rows changes; measures that this code does not know (of a newer scorer) are left out."""
        known = _KNOWN[np.clip(changes.measures, 0, _NUMBERS)]
        if not known.all():
            pairs, days, measures, counts = (column[known] for column in changes[:4])
            changes = Differences(pairs, days, measures, counts, changes.told)
        if not len(changes.pairs):
            return
        self._add_totals(changes)
        self._add_filtered(changes.pairs, changes.days, changes.measures, changes.counts)
        self._add_by_procedure(changes, still)

    def describe(self, procedure: str, row: ProcedureRow | None) -> None:
        """What is known about a procedure now (None: nothing); what was known before is forgotten."""
        if row is None:
            self.catalogue.pop(procedure, None)
        else:
            self.catalogue[procedure] = row
        attributes = {} if row is None else row.attributes
        item = self.index.item(procedure)
        pairs = np.flatnonzero(self.index.pairs[1] == item)
        former = {name for _, name in self._filtered.filters if self.attributes.of(item, name) > 0}
        self.attributes.put(item, attributes)
        for column, (number, name) in enumerate(self._filtered.filters):
            sign = (self.attributes.of(item, name) > 0) - (name in former)
            if sign and number in self._ledgers and len(pairs):
                found, days, counts = self._ledgers[number].entries(pairs)
                self._filtered.add(column, self.index.pairs[0][found], days, sign * counts, self.index.slots)

    def totals(self, units: Places, period: Period) -> Numbers:
        """What a period adds up to, [unit][measure], for units given by slot: flows inside it, stocks at its end."""
        return np.concatenate([block.of(units, period) for block in self._blocks], axis=1, dtype=np.int64)

    def measure(self, units: Places, measure: Measure, period: Period) -> Numbers:
        """One measure of what `totals` answers."""
        (block,) = (each for each in self._blocks if each.columns[measure.number] >= 0)
        return block.of(units, period)[:, block.columns[measure.number]].astype(np.int64)

    def entries(self, units: Places, measure: Measure, period: Period) -> Entries:
        """A measure by procedure, for units given by slot; flows inside the period, stocks at its end."""
        ledger = self._ledgers.get(measure.number)
        if ledger is None:
            return _NO_ENTRIES
        slots, items = self.index.pairs  # before the number of slots: the writer may be adding both
        rows = np.full(self.index.slots, -1, np.intp)
        rows[units] = np.arange(len(units))
        rows[NOBODY] = -1
        of_pairs = rows[slots]
        pairs = np.flatnonzero(of_pairs >= 0)
        if not len(pairs):
            return _NO_ENTRIES
        counts = ledger.sums(pairs, period.first if measure.kind is Kind.FLOW else None, period.last)
        there = counts != 0
        return Entries(of_pairs[pairs[there]], items[pairs[there]], counts[there])

    def filtered(self, units: Places, period: Period) -> Numbers:
        """Measures of procedures with an attribute (`needs().filtered`), in columns, for units given by slot."""
        return self._filtered.read(units, period)

    def some_of(self, period: Period, pairs: slice | Places, size: int) -> dict[str, NDArray[np.bool_]]:
        """Of which pairs (`size` of them) there is some of a measure in a period, by measure (those of `needs().present`)."""
        return {
            **{name: each.within(period.first, period.last, pairs, size) for name, each in self._present.items()},
            **{name: each.some_at(period.last, pairs, size) for name, each in self._standing.items()},
        }

    @property
    def memory(self) -> dict[str, int]:
        """Bytes set aside for totals (spare room included), for counts by procedure, and for what rule sets ask of procedures."""
        ready: list[Presence | Standing | FilteredSums] = [
            self._filtered,
            *self._present.values(),
            *self._standing.values(),
        ]
        return {
            "totals": sum(block.nbytes for block in self._blocks),
            "by_procedure": sum(ledger.nbytes for ledger in self._ledgers.values()),
            "for_rule_sets": sum(each.nbytes for each in ready),
        }

    def _add_totals(self, changes: Differences) -> None:
        units = self.index.pairs[0][changes.pairs]
        order = np.argsort(units, kind="stable")
        units, days, counts = units[order], changes.days[order], changes.counts[order]
        for block in self._blocks:
            columns = block.columns[changes.measures[order]]
            own = columns >= 0
            block.add(units[own], days[own], columns[own], counts[own], self.index.slots)

    def _add_filtered(self, pairs: Numbers, days: Numbers, measures: Numbers, counts: Numbers) -> None:
        """Of what procedures with an attribute add, the part that some rule set asks for."""
        slots, items = self.index.pairs
        for column, (number, name) in enumerate(self._filtered.filters):
            of_measure = np.flatnonzero(measures == number)
            if len(of_measure):
                has = self.attributes.column(name, len(self.index.items))[items[pairs[of_measure]]] > 0
                own = of_measure[has]
                self._filtered.add(column, slots[pairs[own]], days[own], counts[own], self.index.slots)

    def _add_by_procedure(self, changes: Differences, still: Still) -> None:
        order = np.argsort(changes.measures, kind="stable")
        measures = changes.measures[order]
        starts = np.flatnonzero(np.diff(measures, prepend=-1))
        for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
            of_measure = order[start:end]
            number = int(measures[start])
            pairs, days, counts = changes.pairs[of_measure], changes.days[of_measure], changes.counts[of_measure]
            self._ledgers.setdefault(number, Ledger()).add(pairs, days, counts)
            name = BY_NUMBER[number].name
            if name in self._standing:
                self._standing[name].add(pairs, days, counts)
            if name in self._present:
                self._mark(number, pairs, days, counts > 0, still)

    def _mark(self, number: int, pairs: Numbers, days: Numbers, more: NDArray[np.bool_], still: Still) -> None:
        """Counts are never negative: where more came there is some; where some went, it is looked up."""
        presence = self._present[BY_NUMBER[number].name]
        if more.any():
            presence.mark(pairs[more], days[more])
        for pair, day in zip(pairs[~more].tolist(), days[~more].tolist(), strict=True):
            if not still(pair, day, number):
                presence.clear(pair, day)


class _Measures(Block):
    """A block of measures."""

    def __init__(self, measures: Sequence[Measure], width: type[np.int32 | np.int64]) -> None:
        super().__init__([measure.kind is Kind.FLOW for measure in measures], width)
        self.columns = np.full(_NUMBERS, -1, np.intp)
        """The place of each measure in the block, by number; -1: it lies in another one."""
        self.columns[[measure.number for measure in measures]] = np.arange(len(measures))
