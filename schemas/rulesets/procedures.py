"""What is counted procedure by procedure: sums over procedures with an attribute, and procedures for which a condition holds."""

from collections.abc import Iterator, Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from schemas.rulesets.checks import RELATIONS
from schemas.rulesets.counts import Attributes, Counts
from schemas.rulesets.exact import Flags, Ints
from schemas.rulesets.presence import presence_of
from schemas.rulesets.tree import Binary, Comparison, Name, Node, Number, Procedures, walk

Column = NDArray[np.int64]


class ByProcedure(Struct, frozen=True, eq=False):
    """The counts split by procedure, and the names that the rule set defines."""

    counts: Counts
    definitions: Mapping[str, Node]

    def sum_of(self, measure: str, attributes: Attributes) -> Ints:
        """A measure of every unit, of procedures with these attributes only."""
        ready = self.counts.sum_having(measure, attributes)
        if ready is not None:
            return ready
        cells = self.counts.cells(measure)
        kept = self._kept(attributes)[cells.procedure]
        return self._added(cells.unit[kept], cells.value[kept])

    def number_of(self, node: Procedures, attributes: Attributes) -> Ints:
        """How many procedures (or services of procedures) of every unit fulfil a condition and have these attributes."""
        presence = presence_of(node.condition)
        if presence is not None and not any(name in self.definitions for name, _ in presence):
            ready = self.counts.procedures_with(presence, attributes, services=node.what == "services")
            if ready is not None:
                return ready
        unit, procedure, columns = self._pairs(node.condition)
        holds = self._kept(attributes)[procedure]
        for comparison in node.condition:
            left, right = self._column(comparison.left, columns), self._column(comparison.right, columns)
            holds = holds & np.asarray(RELATIONS[comparison.relation](left, right), np.bool_)
        weight = (
            np.ones(self.counts.procedures, np.int64) if node.what == "procs" else self.counts.attribute("services")
        )
        return self._added(unit[holds], weight[procedure[holds]])

    def _pairs(self, condition: tuple[Comparison, ...]) -> tuple[Column, Column, dict[str, Column]]:
        """All pairs (unit, procedure) of which any measure of a condition was counted, and their counts by measure.

        Pairs of which nothing was counted need no look: no condition holds for them (`checks` sees to that).
        """
        width = max(1, self.counts.procedures)
        split = {}
        for name in set(self._measures(condition)):
            cells = self.counts.cells(name)
            split[name] = cells.unit.astype(np.int64) * width + cells.procedure, cells.value
        keys = _united([places for places, _ in split.values()])
        columns = {name: _spread(keys, places, values) for name, (places, values) in split.items()}
        unit, procedure = np.divmod(keys, width)
        return unit, procedure, columns

    def _measures(self, condition: tuple[Comparison, ...]) -> Iterator[str]:
        waiting = [side for comparison in condition for side in (comparison.left, comparison.right)]
        for side in waiting:  # grows while it is read
            for node in walk(side):
                if isinstance(node, Name) and node.name in self.definitions:
                    waiting.append(self.definitions[node.name])
                elif isinstance(node, Name):
                    yield node.name

    def _column(self, node: Node, columns: Mapping[str, Column]) -> Column:
        """One side of a comparison, for every pair."""
        match node:
            case Name(_, name) if name in self.definitions:
                return self._column(self.definitions[name], columns)
            case Name(_, name):
                return columns[name]
            case Number(_, value):
                return np.array([value.numerator], np.int64)
            case Binary(_, sign, left, right):
                one, other = self._column(left, columns), self._column(right, columns)
                return one + other if sign == "+" else one - other
            case _:
                raise AssertionError(node)  # the checker lets nothing else into a condition

    def _kept(self, attributes: Attributes) -> Flags:
        """Which procedures have these attributes."""
        kept = np.ones(self.counts.procedures, np.bool_)
        for attribute, wanted in attributes:
            kept &= (self.counts.attribute(attribute) > 0) == wanted
        return kept

    def _added(self, unit: NDArray[np.intp] | Column, value: Column) -> Ints:
        sums = np.zeros(self.counts.size, np.int64)
        np.add.at(sums, unit, value)
        return sums


def _united(sorted_runs: list[Column]) -> Column:
    """All numbers of some rising arrays, rising, each once."""
    if len(sorted_runs) == 1:
        return sorted_runs[0]
    merged = np.concatenate([np.zeros(0, np.int64), *sorted_runs])
    merged.sort(kind="stable")  # merges runs that are in order
    return merged[np.diff(merged, prepend=-1) > 0]


def _spread(keys: Column, places: Column, values: Column) -> Column:
    """The values at their keys, zero at all others."""
    if len(keys) == len(places):
        return values
    column = np.zeros(len(keys), np.int64)
    column[np.searchsorted(keys, places)] = values
    return column
