"""The picture of a dossier: what people and SQL ask about it, beside what it counts for.

A pure function of the facts, constant as long as the contributions are (`Booking.next_change`).
"""

from collections.abc import Iterator

from msgspec import Struct

from services.scorer.domain.book import Cells
from services.scorer.domain.contributions import book
from services.scorer.domain.facts import Dossier, Facts
from services.scorer.domain.findings import Finding, findings, foreign
from services.scorer.domain.life import (
    Life,
    Now,
    come_true,
    is_voided,
    life_of,
    log_of,
    refused_at_intake,
    withdrawal,
)
from services.scorer.domain.owner import foreign_senders, heard, owner
from services.scorer.domain.setting import Setting
from services.scorer.domain.spans import FOREVER, first_after
from services.scorer.domain.told import Told, told

__all__ = ["Picture", "picture"]


class Picture(Struct, kw_only=True):
    """A dossier as of a moment. Moments in microseconds, None where there is none.

    ``unit``: where it lies; of one that nobody received, the unit that its code or its sender names. ``state``: `submitted`, `declined`,
    `voided`, `open`, `waiting`, `ended`, `unknown` (no receipt is known, or withdrawn before one). ``due_at``: the due moment in
    force and the time that the clock stood still before it; a wait that goes on adds nothing yet. ``overdue_from``: since when, or from
    when on if nothing else happens, an open dossier is overdue (None: it waits, or has no due moment, or ended in time); of one that ended
    late, since when it was. ``soon_from``: since when, or from when on if nothing else happens, an open dossier that is not overdue is due
    soon (None: it never is). ``ended_at``: when its end counts. ``late``: of ended ones, None without a due moment. ``agency``: who holds
    it now, of open ones. ``next_change``: the first later moment at which any of it can change without an event (`FOREVER`: never).
    """

    unit: str | None
    procedure: str | None
    state: str
    received_at: int | None = None
    due_at: int | None = None
    overdue_from: int | None = None
    soon_from: int | None = None
    waiting_since: int | None = None
    ended_at: int | None = None
    late: bool | None = None
    agency: str | None = None
    facts: list[Told]
    cells: Cells
    findings: list[Finding]
    next_change: int


def picture(subject: str, dossier: Dossier, now: int, setting: Setting) -> Picture:
    """The picture of a dossier as of `now` (microseconds)."""
    at = Now(now)
    said = heard(subject, dossier, setting.tree)
    facts = come_true(said, at)
    log = log_of(facts, at)
    voided, declined = is_voided(facts), refused_at_intake(facts, log) is not None
    life = None if voided or declined else life_of(facts, log, at, setting)
    booking = book(subject, dossier, now, setting)
    where = facts.received or facts.submitted
    strangers = foreign_senders(subject, dossier, setting.tree)
    seen = Picture(
        unit=booking.unit or owner(subject, dossier, setting.tree),
        procedure=None if where is None else where.procedure,
        state="voided" if voided else "declined" if declined else "unknown",
        facts=told({sender: dossier[sender] for sender in dossier if sender not in strangers}, said, setting.zone),
        cells=booking.cells,
        findings=[*foreign(dossier, strangers), *findings(said, log, life, setting)],
        next_change=booking.next_change,
    )
    if life is not None:
        _show_life(seen, facts, life, now)
    elif facts.submitted is not None and not voided and not declined and withdrawal(facts, log, at) is None:
        seen.state = "submitted"
    return seen


def _show_life(seen: Picture, facts: Facts, life: Life, now: int) -> None:
    """What is to be said of a dossier that counts."""
    seen.received_at = life.start
    if life.due is not None:
        seen.due_at = first_after(life.due, [stop for stop in life.stops if stop[1] <= now]) - 1
    if life.ended is not None:
        seen.state, seen.ended_at = "ended", life.end
        seen.late = None if life.due is None else life.late
        seen.overdue_from = life.overdue_from if life.late else None
        return
    seen.agency = _holder(facts) or life.received.unit
    if life.waiting and life.waiting[-1][1] > now:  # all waits have begun, so only the last can go on
        seen.state, seen.waiting_since = "waiting", life.waiting[-1][0]
        return
    seen.state = "open"
    if life.overdue_from != FOREVER:
        seen.overdue_from = life.overdue_from
    elif life.in_time_until != FOREVER:
        seen.overdue_from = life.in_time_until + 1
        if (
            life.soon and life.soon[-1][1] == seen.overdue_from
        ):  # else it never is: no working time is left to count back
            seen.soon_from = life.soon[-1][0]


def _holder(facts: Facts) -> str | None:
    """The agency that was last said to have it: by a step that is not finished, or by a line of the log."""
    return max(_holders(facts), default=(0, None), key=lambda held: held[0])[1]


def _holders(facts: Facts) -> Iterator[tuple[int, str]]:
    for step in (facts.steps or {}).values():
        if step.agency is not None and step.finished_at is None:
            yield step.time if step.started_at is None else step.started_at, step.agency
    for line in (facts.log or {}).values():
        if line.agency is not None:
            yield line.at, line.agency
