"""What the archive keeps of dossiers and counts in PostgreSQL: written by `services.scorer.archive`, read by the api and by anybody's SQL.

It may lag, so every reader says as of when. Last write wins by (`partition`, `offset`) of the record that a row was made of.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Index, SmallInteger, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from schemas.codes import MAX_UNIT
from services.common.database import Base

__all__ = ["ArchivePosition", "ArchivedDossier", "ArchivedEvent", "Finding", "IndicatorDay"]


class ArchivedDossier(Base):
    """What is known of a dossier, and what it counts for until `next_change`, if nothing else is said.

    ``state``: `submitted`, `declined`, `voided`, `open`, `waiting`, `ended`, `unknown` (no receipt is known, or withdrawn before one).
    ``due_at``: the due moment in force, with the time that the clock stood still before it added (not yet that of a wait that goes on).
    ``overdue_from``: since when, or from when on, an open dossier is overdue unless something happens (None: without a due moment, or it
    waits, or it ended in time); of one that ended late, since when it was. ``ended_at``: when its end counts. ``late``: of ended ones, None
    without a due moment. ``soon_from``: since when, or from when on unless something happens, an open dossier is due soon, until it is
    overdue (`NHIP_DUE_SOON_HOURS` of working time before). ``agency``: who holds it now, of open ones, the unit itself where nobody says
    otherwise.
    ``facts``: what holds, a list of ``{"type", "id", "source", "time", "sender", "part", "data"}`` (`part`: the id within the dossier of a
    step, payment, supplement, or the petition's code; `time` in microseconds). ``counts``: ``[{"unit", "day", "procedure", "measure",
    "count"}]``.
    """

    __tablename__ = "dossier"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    unit: Mapped[str | None] = mapped_column(String(MAX_UNIT))
    procedure: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(16))
    received_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    overdue_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    waiting_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    late: Mapped[bool | None]
    agency: Mapped[str | None] = mapped_column(String(MAX_UNIT))
    facts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    counts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    next_change: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    partition: Mapped[int] = mapped_column(SmallInteger)
    offset: Mapped[int] = mapped_column(BigInteger)
    soon_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        Index("ix_dossier_open", "unit", "overdue_from", postgresql_where=text("state in ('open', 'waiting')")),
        Index("ix_dossier_ended", "unit", "ended_at", postgresql_where=text("state = 'ended'")),
    )


class ArchivedEvent(Base):
    """Every event about a dossier as it was accepted: what holds and what was superseded. ``time`` in microseconds since 1970."""

    __tablename__ = "dossier_event"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(primary_key=True)
    time: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    sender: Mapped[str] = mapped_column(String(MAX_UNIT))
    system: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    arrived_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class IndicatorDay(Base):
    """The counts of a unit and day in one partition: ``{procedure: {measure: count}}``, "" where no procedure is named.

    The view `indicator_day_count` (unit, day, procedure, measure, count) adds the partitions up.
    """

    __tablename__ = "indicator_day"

    partition: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    unit: Mapped[str] = mapped_column(String(MAX_UNIT), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    counts: Mapped[dict[str, dict[str, int]]] = mapped_column(JSONB)
    offset: Mapped[int] = mapped_column(BigInteger)


class Finding(Base):
    """What is wrong with what was said about a subject (`findings` of CONTRACT, section 3); all of a subject are replaced together."""

    __tablename__ = "finding"

    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    detail: Mapped[str] = mapped_column(primary_key=True, server_default=text("''"))
    """Of which several can be: a sender, a step."""
    unit: Mapped[str | None] = mapped_column(String(MAX_UNIT), index=True)
    since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ArchivePosition(Base):
    """How far the archive is: the next offset to be read of a partition of a topic, moved in the transaction of what was written.

    ``made_by``: the fingerprint of what the rows up to ``next_offset`` were made by (`Progress.made_by`), empty for a mixture; ``as_of``:
    the clock that the scorer had applied. ``written_at``: when it was moved, by PostgreSQL's clock.
    """

    __tablename__ = "archive_position"

    topic: Mapped[str] = mapped_column(primary_key=True)
    partition: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    next_offset: Mapped[int] = mapped_column(BigInteger)
    made_by: Mapped[str] = mapped_column(server_default=text("''"))
    as_of: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    written_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
