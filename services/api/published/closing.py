"""Closing a period: who may, which days, from which counts."""

import asyncio
import contextlib
from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from schemas.moments import format_day
from schemas.periods import Period
from schemas.rulesets.library import fingerprint, text_of
from schemas.rulesets.model import RuleSet
from schemas.units import Unit
from services.api.documents.asked import Asked
from services.api.problems import Problem, wrong
from services.api.published.freeze import freeze
from services.api.published.frozen import Frozen
from services.api.published.store import AlreadyClosed
from services.api.service import Service
from services.common.instants import to_datetime
from services.common.keyring import Key
from services.common.published import Closing

__all__ = ["CloseRequest", "close_period", "may_close"]

CAUGHT_UP_SECONDS: Final = 10.0
"""How long a closing waits until all is counted that was accepted before it."""

_PRINTABLE: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
Text = Annotated[str, Meta(min_length=1, max_length=2_000, pattern=_PRINTABLE)]
Number = Annotated[str, Meta(min_length=1, max_length=200, pattern=_PRINTABLE)]


class CloseRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is to be closed: `period`, or `from` and `to`; of `parent` and all units below it.

    ``decision``: number of the decision that makes it official; ``replace`` needs a ``reason``.
    """

    parent: str
    period: str | None = None
    first: str | None = msgspec.field(name="from", default=None)
    last: str | None = msgspec.field(name="to", default=None)
    ruleset: str | None = None
    decision: Number | None = None
    note: Text | None = None
    replace: bool = False
    reason: Text | None = None


def may_close(service: Service, key: Key, parent: Unit) -> None:
    """Return if a key may close the periods of a unit.

    Raises:
        Problem: 403.
    """
    if not key.may_close:
        raise Problem(403, "this key may not close periods; `nhip keys create … --close` makes one that may")
    if not service.units.may_speak(key.unit, parent.code):
        raise Problem(403, f"this key speaks for {key.unit}, which is neither {parent.code} nor above it")


async def close_period(service: Service, key: Key, parent: Unit, asked: Asked, request: CloseRequest) -> Closing:
    """Freeze the results of a unit and all below it, in one transaction of PostgreSQL.

    Raises:
        Problem: 409 it is closed already, 422 the period has not ended, 503 not all is counted yet or PostgreSQL does not answer.
    """
    ruleset, period = asked.ruleset, asked.period
    _must_have_ended(service, period)
    if request.replace and request.reason is None:
        raise wrong("reason", "what was published is replaced only with a reason")
    if request.reason is not None and not request.replace:
        raise wrong("reason", "a reason is given with replace=true, for what else there is note")
    if not await service.backlog.caught_up(CAUGHT_UP_SECONDS):
        raise Problem(503, "events that were accepted before are not counted yet; close the period when they are")
    frozen = await asyncio.to_thread(_frozen, service, parent, asked)
    text = text_of(ruleset.id)
    closing = Closing(
        parent=parent.code,
        first_day=date.fromisoformat(format_day(period.first or 0)),
        last_day=date.fromisoformat(format_day(period.last)),
        ruleset=ruleset.id,
        ruleset_fingerprint=fingerprint(text),
        ruleset_text=text,
        as_of=to_datetime(frozen.state.as_of),
        revision=frozen.state.revision,
        units=len(frozen.results),
        closed_at=to_datetime(service.now),
        closed_system=key.system,
        closed_unit=key.unit,
        decision=request.decision,
        note=request.note,
        reason=request.reason,
    )
    try:
        closed = await service.published.close(closing, frozen, replace=request.replace)
    except AlreadyClosed as error:
        raise _already(parent, ruleset, error) from error
    with contextlib.suppress(Problem):  # it is closed, whatever becomes of PostgreSQL now
        await service.closings.refresh()
    return closed


def _must_have_ended(service: Service, period: Period) -> None:
    if period.first is None:
        raise wrong("from", "a period that is closed has a first day")
    if period.last >= service.today:
        ends = f"it ends on {format_day(period.last)} and has not ended; its figures still change"
        raise wrong("period", f"{ends}. Days that have passed can be closed with from and to")


def _frozen(service: Service, parent: Unit, asked: Asked) -> Frozen:
    order = service.order_of(asked.period)
    with service.reading() as reading:
        if reading.state.as_of <= service.zone.end_of_day(asked.period.last):
            raise Problem(503, "the scorer has not brought all counts past the end of the period yet")
        return freeze(reading, order, parent.code, asked, service.today)


def _already(parent: Unit, ruleset: RuleSet, error: AlreadyClosed) -> Problem:
    if error.closing is None:
        return Problem(409, "somebody else closed the same period at the same time; GET /v1/periods shows it")
    detail = f"this period of {parent.code} is closed by {ruleset.id} (closing {error.closing})"
    how = 'to put another result in its place send "replace": true with a reason; what was published is kept'
    return Problem(409, f"{detail}; {how}", members={"closing": error.closing})
