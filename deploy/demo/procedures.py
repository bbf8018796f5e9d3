"""What the offices of the demo province are asked for."""

import csv
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final

__all__ = ["Procedure", "Procedures", "procedures_of"]

COMMUNE: Final = "commune"
"""Stands in the file for every commune; a department stands for itself (`STP`)."""

_FILE: Final = Path(__file__).with_name("procedures.csv")


@dataclass(frozen=True, slots=True)
class Procedure:
    """An administrative procedure ("thủ tục hành chính"): code, working days allowed, fee in VND."""

    code: str
    days: int
    fee: int


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
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["office"] == office]
    return Procedures(
        tuple(Procedure(row["code"], int(row["days"]), int(row["fee"])) for row in rows),
        tuple(accumulate(float(row["share"]) for row in rows)),
    )
