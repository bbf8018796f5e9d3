"""What the offices of the demo province are asked for."""

import csv
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final

__all__ = ["COMMUNE", "Procedure", "Procedures", "Sector", "catalogue", "procedures_of", "sectors"]

COMMUNE: Final = "commune"
"""Stands in the file for every commune; a department stands for itself (`STP`)."""

_FILE: Final = Path(__file__).with_name("procedures.csv")
_SECTORS: Final = Path(__file__).with_name("sectors.csv")


@dataclass(frozen=True, slots=True)
class Sector:
    """A field of administration ("lĩnh vực"), and the department that looks after its procedures (`STP`)."""

    code: str
    name: str
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """An administrative procedure ("thủ tục hành chính").

    ``office`` as in `COMMUNE`; ``days``: working days allowed; ``fee`` in VND; ``share``: how often it is asked for, beside the others of
    its office. ``special``: the province's own ("đặc thù"); ``paper``: its result is a document; ``citizens``: it is for them;
    ``online``: how far it can be done through the internet at best; ``services``: online services of it; ``missing``: parts that its
    publication lacks; ``status`` of its publication.
    """

    code: str
    name: str
    office: str
    days: int
    fee: int
    share: float
    sector: Sector
    special: bool
    paper: bool
    citizens: bool
    online: str
    services: int
    missing: frozenset[str]
    status: str


@dataclass(frozen=True, slots=True)
class Procedures:
    """The procedures of an office; ``up_to`` are their shares, each with those before it."""

    all: tuple[Procedure, ...]
    up_to: tuple[float, ...]

    def draw(self, dice: Random) -> Procedure:
        """The one that somebody asks for."""
        return dice.choices(self.all, cum_weights=self.up_to)[0]


@cache
def procedures_of(office: str) -> Procedures:
    """Those of a department (`STP`), or of every commune (`commune`)."""
    found = tuple(procedure for procedure in catalogue() if procedure.office == office)
    return Procedures(found, tuple(accumulate(procedure.share for procedure in found)))


@cache
def catalogue() -> tuple[Procedure, ...]:
    """All procedures of the province."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(map(_procedure, csv.DictReader(file)))


@cache
def sectors() -> dict[str, Sector]:
    """All sectors, by their code."""
    with _SECTORS.open(encoding="utf-8", newline="") as file:
        return {row["code"]: Sector(**row) for row in csv.DictReader(file)}


def _procedure(row: dict[str, str]) -> Procedure:
    return Procedure(
        code=row["code"],
        name=row["name"],
        office=row["office"],
        days=int(row["days"]),
        fee=int(row["fee"]),
        share=float(row["share"]),
        sector=sectors()[row["sector"]],
        special=row["special"] == "1",
        paper=row["paper"] == "1",
        citizens=row["citizens"] == "1",
        online=row["online"],
        services=int(row["services"]),
        missing=frozenset(row["missing"].split()),
        status=row["status"] or "public",
    )
