"""The documents about dossiers and findings, as they are answered (and described in /docs). Moments are RFC 3339, days 2026-03-12."""

from typing import Any, Literal

from typing_extensions import TypedDict  # pydantic, which makes /docs of these, wants this one before Python 3.12

__all__ = [
    "AsOf",
    "Count",
    "DossierDocument",
    "DossierLine",
    "DossierList",
    "Fact",
    "FindingLine",
    "FindingList",
    "Identity",
    "ProcedureName",
    "State",
    "Statement",
    "Superseded",
    "UnitName",
]

State = Literal["submitted", "declined", "voided", "open", "waiting", "ended", "unknown"]


class UnitName(TypedDict):
    """A unit; without a name and a kind where it is not in the tree."""

    code: str
    name: str
    kind: str


class ProcedureName(TypedDict):
    """A procedure ("thủ tục") and its sector ("lĩnh vực"); `null` where the catalogue does not say."""

    code: str
    name: str | None
    sector: str | None
    sector_name: str | None


class AsOf(TypedDict):
    """How far the archive is, and by how many seconds that lies behind now."""

    as_of: str
    lag_seconds: float


class DossierLine(TypedDict):
    """A dossier in short.

    ``due_at``: the due moment in force, plus the time that the clock stood still; ``late``: past it, now or at the end (or `null`).
    ``working_days_left``: of eight working hours each, by the hours of the unit, from now, from the end, or from where the clock stands
    still; negative: so many over. ``agency``: who holds it.
    """

    code: str
    unit: UnitName | None
    procedure: ProcedureName | None
    state: State
    received_at: str | None
    due_at: str | None
    working_days_left: float | None
    late: bool | None
    waiting_since: str | None
    ended_at: str | None
    agency: UnitName | None


DossierList = TypedDict(
    "DossierList",
    {
        "unit": UnitName,
        "scope": Literal["subtree", "own"],
        "status": str,
        "within": int | None,
        "from": str | None,
        "to": str | None,
        "total": int,
        "dossiers": list[DossierLine],
        "next": str | None,
        "as_of": str,
        "archive": AsOf,
    },
)
"""The dossiers behind a number: ``total`` of all pages, ``next`` for `after` of the next page (`null`: this is the last)."""


class Identity(TypedDict):
    """Which event it is."""

    type: str
    id: str
    source: str
    time: str


class Count(TypedDict):
    """What is counted because of a fact: `measure` as docs/rulesets.md names it."""

    unit: str
    day: str
    procedure: str
    measure: str
    count: int


class Statement(Identity):
    """What an event says. ``part``: the id within the dossier of a step, payment, supplement; ``sender``: the unit of its key."""

    part: str | None
    sender: UnitName
    data: dict[str, Any]


class Fact(Statement):
    """A fact in force, and what it counts for. ``taken_back_by``: the reopening that undid it."""

    counts: list[Count]
    taken_back_by: Identity | None


class Superseded(Statement):
    """An event that no longer holds, and the one that holds instead."""

    superseded_by: Identity


class DossierDocument(DossierLine):
    """All that is known about a dossier. ``not_heard``: what senders said who may not speak for it (finding `foreign_sender`)."""

    next_change: str | None
    facts: list[Fact]
    superseded: list[Superseded]
    not_heard: list[Statement]
    as_of: str
    archive: AsOf


class FindingLine(TypedDict):
    """Something that is wrong with what was said about a subject; ``detail``: of which several can be (a sender, a step)."""

    subject: str
    code: str
    detail: str
    unit: UnitName | None
    since: str | None


class FindingList(TypedDict):
    """Findings, the newest first. ``counts``: of all of them by code, whatever code was asked for."""

    unit: UnitName
    scope: Literal["subtree", "own"]
    counts: dict[str, int]
    total: int
    findings: list[FindingLine]
    next: str | None
    as_of: str
    archive: AsOf
