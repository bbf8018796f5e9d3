"""A small tree of units with counts kept in plain dictionaries: what the evaluator is asked about in tests."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from schemas.periods import Period, parse_period
from schemas.rulesets import Cells, Figures
from schemas.rulesets.exact import Ints
from schemas.rulesets.figures import LAST_YEAR, periods_a_year

Tree = list[tuple[str, str, str | None]]

UNITS: Tree = [
    ("H01", "province", None),
    ("H01.06", "department", "H01"),
    ("H01.187", "commune", "H01"),
    ("H01.188", "commune", "H01"),
    ("G09", "ministry", None),
    ("G09.12", "department", "G09"),
]
CODES = [code for code, _, _ in UNITS]
PROCEDURES = ["1.000001", "1.000002", "1.000003"]
QUARTER = parse_period("2026-Q1", 0)


@dataclass
class Province:
    """Counts by (measure, unit, procedure); a unit's total is the sum over procedures. ``subtree`` pools what is below; ``figures`` of
    the period and of the year before it (`LAST_YEAR`) are by (name, unit).
    """

    split: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    petitions: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # (measure, unit, class)
    attributes: dict[str, set[str]] = field(default_factory=dict)
    services: dict[str, int] = field(default_factory=dict)
    figures: dict[tuple[str, str], int] = field(default_factory=dict)
    subtree: bool = True
    tree: Tree = field(default_factory=lambda: UNITS)
    period: Period = QUARTER
    catalogue: Sequence[str] = tuple(PROCEDURES)

    @property
    def procedures(self) -> int:
        return len(self.catalogue)

    @property
    def codes(self) -> list[str]:
        return [code for code, _, _ in self.tree]

    def scope(self, code: str) -> list[str]:
        """The units that a unit's counts pool."""
        below = [child for child, _, parent in self.tree if parent == code] if self.subtree else []
        return [code, *below]

    def total(self, name: str, code: str, procedures: Sequence[str] | None = None) -> int:
        among = self.catalogue if procedures is None else procedures
        return sum(self.split[name, unit, procedure] for unit in self.scope(code) for procedure in among)

    def having(self, attribute: str, *, wanted: bool = True) -> list[str]:
        return [each for each in self.catalogue if (each in self.attributes.get(attribute, set())) == wanted]

    def of_class(self, name: str, code: str, classes: Sequence[str] = ("rules", "staff", "other")) -> int:
        return sum(self.petitions[name, unit, each] for unit in self.scope(code) for each in classes)

    def kind_count(self, kind: str, code: str, figure: str | None = None, value: int = 0) -> int:
        units = [unit for unit in self.scope(code) if (unit, kind) in {(each, of) for each, of, _ in self.tree}]
        return sum(1 for unit in units if figure is None or self.figures.get((figure, unit), 0) == value)

    def declared(self, name: str, code: str) -> int:
        own = self.figures.get((name, code))
        return own if own is not None else sum(self.figures.get((name, unit), 0) for unit in self.scope(code)[1:])

    # the protocol `Counts`

    @property
    def size(self) -> int:
        return len(self.tree)

    @property
    def kinds(self) -> list[str]:
        return [kind for _, kind, _ in self.tree]

    def provinces(self) -> "tuple[Province, NDArray[np.intp]]":
        whole = self if self.subtree else Province(**(self.__dict__ | {"subtree": True}))
        return whole, np.array([0 if code.startswith("H01") else -1 for code in self.codes], np.intp)

    def measure(self, name: str) -> Ints:
        counted = self.of_class if name.startswith("petition") else self.total
        return np.array([counted(name, code) for code in self.codes], np.int64)

    def measure_of_class(self, name: str, petition_class: str) -> Ints:
        return np.array([self.of_class(name, code, [petition_class]) for code in self.codes], np.int64)

    def sum_having(self, *_: object) -> None:
        """Nothing is at hand."""

    def procedures_with(self, *_: object, services: bool) -> None:
        """Nothing is at hand."""

    def cells(self, name: str) -> Cells:
        found = [
            (row, column, count)
            for row, code in enumerate(self.codes)
            for column, procedure in enumerate(self.catalogue)
            if (count := self.total(name, code, [procedure]))
        ]
        unit, procedure, value = np.array(found, np.int64).reshape(-1, 3).T
        return Cells(unit.astype(np.intp), procedure.astype(np.intp), value)

    def attribute(self, name: str) -> NDArray[np.int64]:
        if name == "services":
            return np.array([self.services.get(each, 1) for each in self.catalogue], np.int64)
        return np.array([each in self.attributes.get(name, set()) for each in self.catalogue], np.int64)

    def figure(self, name: str) -> Figures:
        found = np.array([self.declared(name, code) for code in self.codes], np.int64)
        if not name.startswith(LAST_YEAR):
            return Figures(found)
        shares = periods_a_year(self.period)
        return Figures(found * 0) if shares is None else Figures(found, shares)

    def units(self, kind: str, figure: str | None = None, value: int = 0) -> Ints:
        return np.array([self.kind_count(kind, code, figure, value) for code in self.codes], np.int64)
