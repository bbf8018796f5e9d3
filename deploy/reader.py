"""A role of PostgreSQL that may read what dashboards show, and nothing else: no keys, no secrets of webhooks."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.common.database import connect

__all__ = ["READABLE", "ROLE", "make_reader"]

ROLE: Final = "nhip_reader"
READABLE: Final = (
    "unit",
    "dossier",
    "indicator_day",
    "indicator_day_count",
    "finding",
    "archive_position",
    "closing",
    "published_result",
    "published_ranking",
)
"""Tables and views."""

_STATEMENTS: Final = (
    f"alter role {ROLE} set default_transaction_read_only = on",
    f"alter role {ROLE} set statement_timeout = '30s'",
    f"grant usage on schema public to {ROLE}",
    f"revoke all on all tables in schema public from {ROLE}",
    f"grant select on {', '.join(READABLE)} to {ROLE}",
)


async def make_reader(url: str, password: str) -> None:
    """Make the role, or bring it up to date; the tables are there.

    Raises:
        SQLAlchemyError: the role of `url` may not make roles.
    """
    engine = connect(url)
    try:
        async with engine.begin() as at:
            await _make(at, password)
    finally:
        await engine.dispose()


async def _make(at: AsyncConnection, password: str) -> None:
    if await at.scalar(text("select 1 from pg_roles where rolname = :role"), {"role": ROLE}) is None:
        await at.execute(text(f"create role {ROLE}"))
    # a password cannot be a parameter of the statement itself
    login = await at.scalar(
        text("select format('alter role %I login password %L', cast(:role as text), cast(:password as text))"),
        {"role": ROLE, "password": password},
    )
    await at.exec_driver_sql(str(login))
    for statement in _STATEMENTS:
        await at.execute(text(statement))
