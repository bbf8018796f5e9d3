"""The cube as the rule sets' evaluator wants to see it (`schemas.rulesets.counts.Counts`)."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from schemas.measures import BY_NAME
from schemas.periods import Period
from schemas.rulesets.counts import Attributes, Cells, Figures
from schemas.rulesets.evaluate import PROVINCE
from schemas.rulesets.figures import LAST_YEAR, periods_a_year
from schemas.rulesets.needs import needs
from schemas.rulesets.presence import Presence
from services.api.cube.cube import Reading
from services.api.cube.figures import figures_of, year_before
from services.api.cube.procedures import ProcedureRows, Some, procedure_rows
from services.api.cube.scope import Scope
from services.api.cube.store import COLUMNS

Numbers = NDArray[np.int64]

_PRESENT: Final = needs().present
_FILTERED: Final = {each: column for column, each in enumerate(needs().filtered)}


class PeriodCounts:
    """Counts of the units of a scope in a period; used while its `reading` is open."""

    def __init__(self, reading: Reading, scope: Scope, period: Period) -> None:
        self._reading = reading
        self._scope = scope
        self._period = period
        self._cells: dict[str, Cells] = {}
        self._numbers: dict[tuple[Presence, Attributes, bool], Numbers] = {}

    @property
    def size(self) -> int:
        """How many units."""
        return len(self._scope)

    @property
    def kinds(self) -> Sequence[str]:
        """The kind of each unit."""
        return self._scope.kinds

    def provinces(self) -> "tuple[PeriodCounts, NDArray[np.intp]]":
        """The counts of the provinces in which these units lie, whole, and for each unit the row of its province (-1: none)."""
        above, rows = self._scope.above(PROVINCE)
        return self if above is self._scope else PeriodCounts(self._reading, above, self._period), rows

    def measure(self, name: str) -> Numbers:
        """A measure of the whole unit."""
        return self._totals[:, COLUMNS[name]]

    def measure_of_class(self, name: str, petition_class: str) -> Numbers:
        """A measure of petitions of one class."""
        found = np.zeros(self.size, np.int64)
        cells = self.cells(name)
        if petition_class in self._reading.items:
            chosen = cells.procedure == self._reading.items.index(petition_class)
            found[cells.unit[chosen]] = cells.value[chosen]
        return found

    def cells(self, name: str) -> Cells:
        """A measure by procedure."""
        if name not in self._cells:  # several indicators ask for the same
            found = self._reading.entries(self._scope.codes, BY_NAME[name], self._period)
            self._cells[name] = Cells(*self._scope.entries(found))
        return self._cells[name]

    @property
    def procedures(self) -> int:
        """How many procedures there are."""
        return len(self._reading.items)

    def attribute(self, name: str) -> Numbers:
        """An attribute of every procedure."""
        return self._reading.attribute(name)

    def sum_having(self, name: str, attributes: Attributes) -> Numbers | None:
        """A measure of procedures with one attribute (or without it), where that is kept ready."""
        if len(attributes) != 1:
            return None
        ((attribute, wanted),) = attributes
        if (name, attribute) not in _FILTERED:
            return None
        having: Numbers = self._filtered[:, _FILTERED[name, attribute]]
        return having if wanted else self.measure(name) - having

    def procedures_with(self, presence: Presence, attributes: Attributes, *, services: bool) -> Numbers | None:
        """How many procedures have some of a measure, or none, and these attributes, where that is kept ready."""
        key = presence, attributes, services
        if key not in self._numbers:
            if not _PRESENT.issuperset(name for name, _ in presence):
                return None
            weight = self.attribute("services") if services else np.ones(self.procedures, np.int64)
            for attribute, wanted in attributes:
                weight = np.where((self.attribute(attribute) > 0) == wanted, weight, 0)
            self._numbers[key] = self._rows.number(self._some, presence, weight)
        return self._numbers[key]

    def figure(self, name: str) -> Figures:
        """A declared figure: the unit's own, else the sum of its children's, in 1/`scale`; of the year before, see `Counts.figure`."""
        if not name.startswith(LAST_YEAR):
            return figures_of(self._reading.declared.of(name, self._period), self._scope)
        shares = periods_a_year(self._period)
        if shares is None:
            return Figures(np.zeros(self.size, np.int64))
        declared = self._reading.declared.of(name.removeprefix(LAST_YEAR), year_before(self._period))
        return figures_of({unit: value / shares for unit, value in declared.items()}, self._scope)

    def units(self, kind: str, figure: str | None = None, value: int = 0) -> Numbers:
        """How many units of a kind lie in the scope, of those in force; with `figure` those that declared this value."""
        order, scope = self._scope.order, self._scope
        if figure is None:
            before = order.numbers_of(kind)
        else:
            declared = self._reading.declared.of(figure, self._period)
            said = np.zeros(len(order.codes), np.bool_)
            said[[order.places[unit] for unit, its in declared.items() if its == value and unit in order.places]] = True
            before = np.concatenate([[0], np.cumsum(said & (np.diff(order.numbers_of(kind)) > 0))])
        ends = order.ends if scope.pooled else order.own_ends
        found: Numbers = before[ends[scope.places]] - before[scope.places]
        return found

    @cached_property
    def _some(self) -> Some:
        rows = self._rows
        return Some(rows, self._reading.states(self._period, rows.chosen, rows.size))

    @cached_property
    def _rows(self) -> ProcedureRows:
        return procedure_rows(self._reading.pairs(self._scope.order), self._scope)

    @cached_property
    def _filtered(self) -> Numbers:
        return self._scope.added(self._reading.filtered(self._scope.codes, self._period))

    @cached_property
    def _totals(self) -> Numbers:
        return self._scope.added(self._reading.totals(self._scope.codes, self._period))
