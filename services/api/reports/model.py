"""The documents of `services.api.documents.report` and `late` as records: read from their JSON, be it of now or kept from another day."""

from typing import Final

import msgspec
from msgspec import Struct

from schemas.rulesets.document import IndicatorDocument, Number
from schemas.rulesets.fileformat import IndicatorLine, RuleSetFile
from services.api.documents.late import Late
from services.api.documents.procedures_form import Form
from services.api.documents.report import Child

__all__ = [
    "Closed",
    "Group",
    "Indicator",
    "Lateness",
    "Official",
    "Report",
    "UnitName",
    "lateness_of",
    "report_of",
    "unit_of_ratio",
]

_PERIOD: Final = {"first": "from", "last": "to"}


class UnitName(Struct, frozen=True):
    """A unit as documents name it."""

    code: str
    name: str
    kind: str


Beside = dict[str, Number | str | None]
"""Values by the member that they stand beside."""


class Indicator(IndicatorDocument, frozen=True):
    """One indicator; in official reports with what holds now, and now less published (`services.api.published.difference`)."""

    now: Beside | None = None
    difference: Beside | None = None


class Group(Struct, frozen=True):
    """One group; ``now`` and ``difference`` as those of an indicator."""

    code: str
    name: str
    score: float
    max: Number
    indicators: list[Indicator]
    now: Beside | None = None
    difference: Beside | None = None


class Closer(Struct, frozen=True):
    """Whose key closed a period: the system, and its unit's code."""

    system: str
    unit: str


class Closed(Struct, frozen=True):
    """How a period was closed, and in how many figures a live report ``differs`` from that; None: not known now."""

    closing: int
    closed_at: str
    closed_by: Closer
    decision: str | None
    differs: list[Beside] | None = None


class Official(Closed, frozen=True, kw_only=True):
    """How a report became official; ``as_of`` and ``revision``: of the counts that were frozen."""

    as_of: str
    revision: int


class Report(Struct, frozen=True, rename=_PERIOD):
    """The report of a unit on the days ``first`` to ``last`` (``2026-03-12``; without the first: since ever).

    ``published``: it is official; ``closed``: it is live, and another one of its period is official.
    """

    unit: UnitName
    parent: UnitName | None
    ruleset: str
    first: str | None
    last: str
    total: float
    max: Number
    rank: int | None
    ranked: int
    groups: list[Group]
    children: list[Child]
    form: Form
    rules: RuleSetFile
    now: Beside | None = None
    difference: Beside | None = None
    published: Official | None = None
    closed: Closed | None = None

    @property
    def lines(self) -> dict[str, IndicatorLine]:
        """What the rule set says of each indicator, by code."""
        return {line.code: line for group in self.rules.groups for line in group.indicators}


class Lateness(Struct, frozen=True, rename=_PERIOD):
    """The late dossiers of a unit; units and fields, the worst first."""

    unit: UnitName
    first: str | None
    last: str
    total: Late
    units: list[Late]
    fields: list[Late]


def report_of(body: bytes) -> Report:
    """The record of a report's JSON; a stamp in it is not looked at."""
    return msgspec.json.decode(body, type=Report)


def lateness_of(body: bytes) -> Lateness:
    """The same of late dossiers."""
    return msgspec.json.decode(body, type=Lateness)


def unit_of_ratio(indicator: IndicatorDocument, line: IndicatorLine) -> str:
    """``seconds`` where the ratio is a mean time in seconds, else ``share``."""
    return "seconds" if indicator.max == 0 and line.numerator.endswith("_seconds") else "share"
