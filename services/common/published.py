"""Results that were made official by closing a period (chốt kỳ), as they stood then: written and read by the api.

Nothing here is ever changed but what says that a closing was replaced. Documents are `json`, not `jsonb`: they stay as they were written.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Identity, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from schemas.codes import MAX_UNIT
from services.common.database import Base

__all__ = ["Closing", "PublishedRanking", "PublishedResult"]


class Closing(Base):
    """One closing of a period, of a unit (`parent`) and all below it, by one rule set.

    It is in force from `closed_at` until `replaced_at`. ``ruleset_text``: the rule set's file as it was; ``as_of`` and ``revision``: of
    the counts; ``units``: how many were closed; ``closed_system`` and ``closed_unit``: whose key it was (the key is nowhere).
    """

    __tablename__ = "closing"

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    parent: Mapped[str] = mapped_column(String(MAX_UNIT))
    first_day: Mapped[date]
    last_day: Mapped[date]
    ruleset: Mapped[str]
    ruleset_fingerprint: Mapped[str]
    ruleset_text: Mapped[str]
    as_of: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revision: Mapped[int] = mapped_column(BigInteger)
    units: Mapped[int]
    closed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    closed_system: Mapped[str]
    closed_unit: Mapped[str] = mapped_column(String(MAX_UNIT))
    decision: Mapped[str | None]
    note: Mapped[str | None]
    replaces: Mapped[int | None] = mapped_column(ForeignKey("closing.id"))
    reason: Mapped[str | None]
    replaced_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        Index(
            "ux_closing_in_force",
            "parent",
            "first_day",
            "last_day",
            "ruleset",
            unique=True,
            postgresql_where=text("replaced_at is null"),
        ),
    )


class PublishedResult(Base):
    """The official result of a unit: ``score`` is the score document, ``counts`` those of CONTRACT, section 2, ``report`` what a report
    shows beside them (`services.api.published.report`).

    ``rank``: among the units right below the same one (``above``), ``kind_rank``: among those of its kind; None of the `parent` of a
    closing. ``place``: its place in the list of all units.
    """

    __tablename__ = "published_result"

    closing: Mapped[int] = mapped_column(ForeignKey("closing.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(String(MAX_UNIT), primary_key=True)
    above: Mapped[str | None] = mapped_column(String(MAX_UNIT))
    name: Mapped[str]
    kind: Mapped[str]
    place: Mapped[int]
    total: Mapped[float]
    rank: Mapped[int | None] = mapped_column(SmallInteger)
    kind_rank: Mapped[int | None] = mapped_column(SmallInteger)
    score: Mapped[dict[str, Any]] = mapped_column(JSON)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    # the largest by far, and seldom asked for: read alone
    report: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True, deferred_raiseload=True)

    __table_args__ = (Index("ix_published_result_unit", "unit"),)


class PublishedRanking(Base):
    """The official ranking of the units right below one; ``kind`` "": of all kinds together."""

    __tablename__ = "published_ranking"

    closing: Mapped[int] = mapped_column(ForeignKey("closing.id"), primary_key=True)
    parent: Mapped[str] = mapped_column(String(MAX_UNIT), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
