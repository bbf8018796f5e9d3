"""The tables in PostgreSQL that services share, as SQLAlchemy models (asyncpg)."""

from datetime import date, datetime
from typing import Final

from asyncpg import InternalClientError
from sqlalchemy import ARRAY, DateTime, ForeignKey, String, func, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from schemas.codes import MAX_UNIT

__all__ = ["AWAY", "Base", "SystemKey", "Unit", "connect", "sessions"]

AWAY: Final = (SQLAlchemyError, InternalClientError, OSError, TimeoutError)
"""What comes of a PostgreSQL that is away, or goes in the middle of an answer (that asyncpg takes for a fault of its own)."""


class Base(DeclarativeBase):
    """All tables; `deploy/migrations` brings a database up to them."""


class Unit(Base):
    """One unit of public administration (see `schemas.units.Unit`)."""

    __tablename__ = "unit"

    code: Mapped[str] = mapped_column(String(MAX_UNIT), primary_key=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="")
    parent: Mapped[str | None] = mapped_column(
        ForeignKey("unit.code", deferrable=True, initially="DEFERRED"), index=True
    )
    aliases: Mapped[list[str]] = mapped_column(ARRAY(String), server_default=text("'{}'"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor: Mapped[str | None] = mapped_column(ForeignKey("unit.code", deferrable=True, initially="DEFERRED"))
    position: Mapped[int] = mapped_column(server_default=text("0"))
    """Place in the file that it was loaded from: siblings are shown in that order."""


class SystemKey(Base):
    """The right of one system to speak for one unit and those below it. The key itself is not here."""

    __tablename__ = "system_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    system: Mapped[str]
    unit: Mapped[str] = mapped_column(String(MAX_UNIT))  # may leave the tree; the key then speaks for nobody
    may_read: Mapped[bool] = mapped_column(server_default=text("false"))
    may_close: Mapped[bool] = mapped_column(server_default=text("false"))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


def connect(url: str) -> AsyncEngine:
    """A pool of connections that notices when PostgreSQL was away. Dispose of it at the end."""
    return create_async_engine(url, pool_pre_ping=True)


def sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Makes sessions whose objects stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)
