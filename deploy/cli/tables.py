"""What commands that work on PostgreSQL's tables share."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from deploy.cli.storage import storage_settings
from deploy.local.process import StackError
from services.common.database import Unit, connect

__all__ = ["check_unit", "in_database", "minute"]

T = TypeVar("T")


async def in_database(work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Do some work in one transaction."""
    engine = connect(storage_settings().database_url)
    try:
        async with engine.begin() as connection:
            return await work(connection)
    finally:
        await engine.dispose()


async def check_unit(at: AsyncConnection, unit: str) -> None:
    """See that there is such a unit.

    Raises:
        StackError: there is none.
    """
    if await at.scalar(select(Unit.code).where(Unit.code == unit)) is None:
        raise StackError(f"There is no unit {unit!r}; `nhip units load FILE.csv` loads units")


def minute(moment: datetime | None) -> str:
    """A moment as tables show it, in local time; empty for None."""
    return "" if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M}"
