"""Who works in the demo province, and how well."""

import csv
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from deploy.demo.dice import dice_of
from deploy.demo.offers import Offer, offers_of
from deploy.demo.procedures import COMMUNE, Procedure, Procedures, procedures_of

__all__ = ["UNITS", "Office", "offices", "worst"]

UNITS: Final = Path(__file__).with_name("units.csv")

WORST: Final = 3
"""Communes that are known to be bad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One unit that takes dossiers in. ``a_day``: dossiers a working day; ``standing``: 0 is the best, 1 the worst of its kind.

    ``offers`` by procedure. The others are shares of 1: dossiers done in time, late ones for which the office says sorry and sets a new
    day, dossiers through the internet where that is offered, fees of these paid there, dossiers that reach the national portal, papers
    and results kept as files, content people, petitions that are answered in time.
    """

    unit: str
    name: str
    kind: str
    procedures: Procedures
    a_day: float
    standing: float
    punctual: float
    sorry: float
    online: float
    cashless: float
    synced: float
    digital: float
    liked: float
    heeding: float
    offers: dict[str, Offer] = field(compare=False)

    def online_share(self, procedure: Procedure) -> float:
        """Of the dossiers of a procedure those that come through the internet."""
        return self.online * self.offers[procedure.code].share


@cache
def offices() -> tuple[Office, ...]:
    """The offices of the province, each with habits of its own, always the same."""
    with UNITS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["parent"]]
    return tuple(
        _office(row["code"], row["name"], kind, place / (len(alike) - 1))
        for kind in ("department", COMMUNE)
        for alike in [[row for row in rows if row["kind"] == kind]]
        for place, row in enumerate(sorted(alike, key=lambda row: dice_of("standing", row["code"]).random()))
    )


@cache
def worst() -> tuple[Office, ...]:
    """The communes that a stranger should find at the end of the list, the very worst first."""
    communes = [office for office in offices() if office.kind == COMMUNE]
    return tuple(sorted(communes, key=lambda office: -office.standing)[:WORST])


def _office(unit: str, name: str, kind: str, standing: float) -> Office:
    """Habits go with the standing, more or less: a few offices are clearly bad, most are alike."""
    dice = dice_of("office", unit)
    trouble = 0.3 * standing + 0.7 * standing**60

    def habit(best: float, span: float) -> float:
        return best - span * min(1, max(0, trouble + dice.uniform(0, 0.25)))

    procedures = procedures_of(COMMUNE if kind == COMMUNE else unit.rpartition(".")[2])
    return Office(
        unit=unit,
        name=name,
        kind=kind,
        procedures=procedures,
        a_day=_size(name, procedures, dice.random()) * (1 + trouble),
        standing=standing,
        punctual=habit(0.998, 0.4),
        sorry=habit(0.7, 0.6),
        online=habit(0.97, 0.6),
        cashless=habit(0.95, 0.7),
        synced=habit(1, 0.35),
        digital=habit(0.97, 0.7),
        liked=habit(0.99, 0.35),
        heeding=habit(0.99, 0.5),
        offers=offers_of(unit, procedures, habit(0.99, 0.4)),
    )


def _size(name: str, procedures: Procedures, share: float) -> float:
    """Dossiers a working day; a town ("phường") has more than a village ("xã"), a department as many as it has procedures."""
    if procedures is not procedures_of(COMMUNE):
        return len(procedures.all) * (0.7 + 0.6 * share)
    return 2.2 + 2 * share if name.startswith("Xã") else 5 + 4 * share
