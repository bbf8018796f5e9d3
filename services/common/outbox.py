"""What `services.notices` keeps in PostgreSQL: who is told, what is told, and how far it has read. `nhip webhooks`, `nhip notices` show it.

A digest is *gathering* until its time has come, then *waiting* until somebody took it: *delivered*; or until nobody did after the last try:
*dead* (`nhip notices resend` makes it wait again). What a webhook was told of a notice, it is not told again.
What was delivered, and what was kept for a webhook that is out of force, is forgotten after `NHIP_NOTICES_KEEP_DAYS`.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    String,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from schemas.codes import MAX_UNIT
from services.common.database import Base

__all__ = ["DEAD", "DELIVERED", "GATHERING", "WAITING", "DigestNotice", "NoticePosition", "OutgoingDigest", "Webhook"]

GATHERING: Final = "gathering"
WAITING: Final = "waiting"
DELIVERED: Final = "delivered"
DEAD: Final = "dead"

_Moment = DateTime(timezone=True)


class Webhook(Base):
    """Who is told of a unit and of those below it, from `created_at` until `removed_at`.

    ``kinds``: `schemas.notices.Kind`. ``secret``: what digests are signed with (`whsec_…`); whoever has it can sign in Nhịp's name, so
    nothing shows it after it was made. ``why_removed``: where nobody removed it, what its receiver answered.
    """

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    url: Mapped[str]
    unit: Mapped[str] = mapped_column(String(MAX_UNIT))  # may leave the tree; nothing more is told then
    kinds: Mapped[list[str]] = mapped_column(ARRAY(String))
    secret: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(_Moment, server_default=func.now())
    removed_at: Mapped[datetime | None] = mapped_column(_Moment)
    why_removed: Mapped[str | None]


class OutgoingDigest(Base):
    """One digest for one webhook.

    ``size``: its notices. ``next_at``: when it is to be posted (again). ``body``: what is posted, fixed when it stops gathering.
    ``tries``: how often it was posted; ``answer``: what came of the last try. ``told_at``: when the dossiers were told that somebody
    knows (`nhip.dossier.notified`); of `due_soon` there is nothing to tell.
    """

    __tablename__ = "digest"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    webhook: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    unit: Mapped[str] = mapped_column(String(MAX_UNIT))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    size: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(_Moment, server_default=func.now())
    next_at: Mapped[datetime] = mapped_column(_Moment)
    body: Mapped[str | None]
    tries: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    answer: Mapped[str | None]
    delivered_at: Mapped[datetime | None] = mapped_column(_Moment)
    told_at: Mapped[datetime | None] = mapped_column(_Moment)

    __table_args__ = (
        Index(
            "ux_digest_gathering", "webhook", "unit", "kind", unique=True, postgresql_where=text("state = 'gathering'")
        ),
        Index("ix_digest_next", "next_at", postgresql_where=text("state in ('gathering', 'waiting')")),
        Index("ix_digest_dead", "id", postgresql_where=text("state = 'dead'")),
        Index("ix_digest_delivered", "delivered_at", postgresql_where=text("state = 'delivered'")),
        Index("ix_digest_undelivered", "webhook", postgresql_where=text("state <> 'delivered'")),
        Index(
            "ix_digest_untold",
            "id",
            postgresql_where=text("state = 'delivered' and kind = 'late' and told_at is null"),
        ),
    )


class DigestNotice(Base):
    """A notice in a digest. ``notice``: its id. Moments as `canonical` writes them: they are told, not asked for."""

    __tablename__ = "digest_notice"

    notice: Mapped[str] = mapped_column(primary_key=True)  # first: whoever tells a dossier looks for it alone
    webhook: Mapped[int] = mapped_column(ForeignKey("webhook.id"), primary_key=True)
    digest: Mapped[int] = mapped_column(ForeignKey("digest.id"), index=True)
    code: Mapped[str] = mapped_column(String(64))
    procedure: Mapped[str]
    received_at: Mapped[str]
    due_at: Mapped[str]
    late_from: Mapped[str]


class NoticePosition(Base):
    """The next offset to be read of a partition of a topic of notices, moved in the transaction of what was made of the records."""

    __tablename__ = "notice_position"

    topic: Mapped[str] = mapped_column(primary_key=True)
    partition: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    next_offset: Mapped[int] = mapped_column(BigInteger)
