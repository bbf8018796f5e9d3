"""What is wrong with what was said about a dossier: `findings` of CONTRACT, section 3, and `events_and_measures.md`, section 4.

They judge the data, never the score: counts follow the facts alone.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from services.scorer.domain.facts import Dossier, Fact, Facts
from services.scorer.domain.life import Life, due_without_rescheduling
from services.scorer.domain.log import LogSays
from services.scorer.domain.setting import Setting
from services.scorer.domain.spans import FOREVER, first_after

__all__ = ["Finding", "findings", "foreign"]

_ONLY_ACCEPTED: Final = (
    "processed",
    "returned",
    "rescheduled",
    "late",
    "reopened",
    "requested",
    "supplemented",
    "steps",
)
"""Facts of which none can be of a dossier that was only submitted."""
_STATES_OF_ACCEPTED: Final = frozenset({"accepted", "processing", "stopped", "done", "returned"})

APOLOGY_DAYS: Final = 1
"""Working days before the due moment by which an apology with the new one must be sent (NĐ 61/2018, article 19.9)."""


class Finding(NamedTuple):
    """``detail``: of which, where several can be; ``since``: since when, microseconds."""

    code: str
    detail: str
    since: int


def foreign(dossier: Dossier, strangers: Iterable[str]) -> Iterator[Finding]:
    """`foreign_sender`: a key spoke that may not speak for the dossier (`owner.foreign_senders`); one a sender, since its first word."""
    for sender in strangers:
        yield Finding("foreign_sender", sender, _first(dossier[sender]))


def findings(facts: Facts, log: LogSays, life: Life | None, setting: Setting) -> Iterator[Finding]:
    """The findings of what counts.

    `no_received`: it was handled, and no receipt is known. `no_received_date`: a payload tells of an acceptance without its day.
    `no_due`: accepted, and there is no due moment. `late_disagrees`: the system says that it is late, the arithmetic does not.
    `rescheduled_late`: less than a working day before the due moment was over. `rescheduled_twice`: more often than once.
    `late_without_apology`: its due moment passed while it was open, and nobody apologised (NĐ 61/2018, article 19.9).
    `done_without_end`: a payload says "done" and has neither the day nor a result.

    Args:
        facts: what counts of what was said (`owner.heard`).
        log: what its log says.
        life: of a dossier that counts; None of one that is only submitted, declined, voided or not known.
        setting: what due moments depend on.
    """
    if life is None:
        yield from _of_unaccepted(facts, log)
        return
    if life.due is None:
        yield Finding("no_due", "", life.start)
    if facts.late is not None and life.overdue_from > facts.late.at:
        yield Finding("late_disagrees", "", facts.late.at)
    yield from _of_rescheduling(facts, life, setting)
    if life.overdue_from != FOREVER and not any(
        said is not None and said.apology for said in (facts.late, facts.rescheduled)
    ):
        yield Finding("late_without_apology", "", life.overdue_from)
    if (
        log.processed is not None
        and life.ended is not None
        and life.ended.at == log.processed[0]
        and any(line.result_file is False and line.at == life.ended.at for line in (facts.log or {}).values())
    ):
        yield Finding("done_without_end", "", life.ended.at)


def _of_unaccepted(facts: Facts, log: LogSays) -> Iterator[Finding]:
    submitted = facts.submitted
    if facts.received is not None or facts.voided is not None or facts.declined is not None or log.declined is not None:
        return
    if submitted is not None and submitted.state is not None:
        yield Finding("no_received_date", "", submitted.at)
        return
    handled = any(getattr(facts, field) for field in _ONLY_ACCEPTED)
    handled |= any(line.state in _STATES_OF_ACCEPTED for line in (facts.log or {}).values())
    if handled or (submitted is None and any(_said(facts))):
        yield Finding("no_received", "", _first(facts))


def _of_rescheduling(facts: Facts, life: Life, setting: Setting) -> Iterator[Finding]:
    moved = facts.rescheduled
    if moved is None:
        return
    first = facts.first_rescheduled
    if first is not None and first.due != moved.due:
        yield Finding("rescheduled_twice", "", moved.time)
    replaced = due_without_rescheduling(facts, setting)
    if replaced is None or moved.due != life.due or moved.due <= replaced:
        return
    until = first_after(replaced, life.stops)
    if until != FOREVER:
        zone, calendar = setting.zone, setting.calendar_of(life.received.unit)
        if zone.day(moved.time) > calendar.nth_working_day_before(zone.day(until - 1), APOLOGY_DAYS):
            yield Finding("rescheduled_late", "", moved.time)


def _said(facts: Facts) -> Iterator[Fact]:
    """All that was said, the plural ones one by one."""
    for field in Facts.__struct_fields__:
        held = getattr(facts, field)
        if isinstance(held, Fact):
            yield held
        elif isinstance(held, dict):
            yield from held.values()


def _first(facts: Facts) -> int:
    """The `time` of the earliest fact in force."""
    return min(fact.time for fact in _said(facts))
