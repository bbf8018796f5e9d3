"""The dossiers behind a number: those that a count counts, the most overdue first.

What is chosen agrees with the live counts of the same moment: `open` with the measure of that name, `overdue` with `open_overdue`,
`waiting` with `open_waiting`, `late` with `ended_late` of the period, `due_soon` with `due_soon`, unless days are asked for.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, String, func, literal_column, select

from schemas.moments import Zone
from schemas.periods import Period
from services.api.archive.archive import Picture
from services.api.archive.columns import LAST, AnyRow, after, is_one_of, micros
from services.api.archive.cursor import Cursor
from services.common.archived import ArchivedDossier
from services.common.instants import to_datetime

__all__ = ["DUE_SOON", "LATE", "STATUSES", "Page", "Question", "count_by_status", "read_page"]

LATE: Final = "late"
DUE_SOON: Final = "due_soon"
STATUSES: Final = ("overdue", DUE_SOON, "open", "waiting", LATE)

_D: Final = ArchivedDossier
_LINE: Final = (
    _D.code,
    _D.unit,
    _D.procedure,
    _D.state,
    _D.received_at,
    _D.due_at,
    _D.overdue_from,
    _D.waiting_since,
    _D.ended_at,
    _D.late,
    _D.agency,
)
"""What `Names.line` shows."""

# States are written into the statement: only so PostgreSQL sees that the partial indexes hold what is asked for.
_OPEN, _WAITING, _ENDED = (literal_column(f"'{state}'", String) for state in ("open", "waiting", "ended"))


class Question(NamedTuple):
    """Which dossiers are asked for.

    ``units``: where they lie. ``within``: of `due_soon`, calendar days ahead in place of working hours. ``period``: in which it ended, of
    `late`.
    """

    status: str
    units: Sequence[str]
    within: int | None
    period: Period
    procedure: str | None
    agency: str | None
    limit: int
    after: Cursor | None


class Page(NamedTuple):
    """Some of the dossiers, how many there are in all, and where the page ends (None: it is the last)."""

    dossiers: Sequence[AnyRow]
    total: int
    next: Cursor | None


async def read_page(picture: Picture, question: Question, zone: Zone) -> Page:
    """The page of a list.

    Raises:
        SQLAlchemyError: PostgreSQL does not answer (`Archive.picture` makes a problem of it).
    """
    chosen = _chosen(question, picture.as_of, zone)
    total = await picture.connection.scalar(select(func.count()).select_from(_D).where(*chosen))
    key = _key(question.status)
    rows = select(*_LINE, key.label("key")).where(*chosen).order_by(key, _D.code)
    if question.after is not None:
        rows = rows.where(after((key, _D.code), question.after.key, question.after.names))
    found = (await picture.connection.execute(rows.limit(question.limit + 1))).all()
    shown = found[: question.limit]
    more = len(found) > len(shown) > 0
    end = Cursor(question.status, shown[-1].key, (shown[-1].code,)) if more else None
    return Page(shown, total or 0, end)


async def count_by_status(picture: Picture, now: Question, then: Question, zone: Zone) -> dict[str, int]:
    """How many dossiers have each status.

    Args:
        picture: of the archive.
        now: asked of what holds now, whatever its status.
        then: the same of LATE: its units are those of the period.
        zone: whose days are meant.

    Raises:
        SQLAlchemyError: PostgreSQL does not answer (`Archive.picture` makes a problem of it).
    """
    columns = [
        select(func.count())
        .select_from(_D)
        .where(*_chosen((then if status == LATE else now)._replace(status=status), picture.as_of, zone))
        .scalar_subquery()
        for status in STATUSES
    ]
    return dict(zip(STATUSES, (await picture.connection.execute(select(*columns))).one(), strict=True))


def _chosen(question: Question, as_of: int, zone: Zone) -> list[ColumnElement[bool]]:
    chosen = [is_one_of(_D.unit, question.units), *_of_status(question, as_of, zone)]
    if question.procedure is not None:
        chosen.append(_D.procedure == question.procedure)
    if question.agency is not None:
        chosen.append(_D.agency == question.agency)
    return chosen


def _of_status(question: Question, as_of: int, zone: Zone) -> list[ColumnElement[bool]]:
    now = to_datetime(as_of)
    if question.status == "open":
        return [_D.state.in_([_OPEN, _WAITING])]
    if question.status == "waiting":
        return [_D.state == _WAITING]
    if question.status == "overdue":
        return [_D.state == _OPEN, _D.overdue_from <= now]
    if question.status == DUE_SOON and question.within is None:
        return [_D.state == _OPEN, _D.soon_from <= now, _D.overdue_from > now]
    if question.status == DUE_SOON:
        # The last moment in time, one microsecond before, is to lie within the days.
        first_after = to_datetime(zone.end_of_day(zone.day(as_of) + (question.within or 0)) + 1)
        return [_D.state == _OPEN, _D.overdue_from > now, _D.overdue_from <= first_after]
    return _ended_late(question.period, zone)


def _ended_late(period: Period, zone: Zone) -> list[ColumnElement[bool]]:
    chosen = [_D.state == _ENDED, _D.late.is_(True), _D.ended_at <= to_datetime(zone.end_of_day(period.last))]
    if period.first is not None:
        chosen.append(_D.ended_at >= to_datetime(zone.start_of_day(period.first)))
    return chosen


def _key(status: str) -> ColumnElement[int]:
    """What the dossiers of a status are sorted by, the least first: microseconds."""
    if status == LATE:
        return micros(_D.due_at) - micros(_D.ended_at)
    return func.coalesce(micros(_D.waiting_since if status == "waiting" else _D.overdue_from), LAST)
