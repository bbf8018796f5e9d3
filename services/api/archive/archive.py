"""The archive as the api reads it: a small pool of its own, short patience, one consistent picture an answer."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from schemas.topics import DOSSIERS_CHANGELOG
from services.common.archived import ArchivePosition
from services.common.database import AWAY
from services.common.instants import from_datetime
from services.common.problems import Problem

__all__ = ["Archive", "Picture"]

_log = logging.getLogger(__name__)

CONNECTIONS: Final = 4
"""Questions that are worked on at once; PostgreSQL and the api's own thread are shared with the live scores."""
PATIENCE_SECONDS: Final = 2.0
"""How long a question waits for one of them."""
STATEMENT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 8.0
"""How long all of a question may take: a server that hangs does not keep its own limits."""


class Picture:
    """What the archive holds, seen in one transaction.

    Args:
        connection: in a read-only transaction, to ask further.
        as_of: up to which moment every dossier is there, microseconds.
    """

    def __init__(self, connection: AsyncConnection, as_of: int) -> None:
        self.connection = connection
        self.as_of = as_of


class Archive:
    """Opens pictures of the archive. Nothing is connected before the first.

    Args:
        url: of PostgreSQL.
    """

    def __init__(self, url: str) -> None:
        limits = {
            "statement_timeout": str(round(STATEMENT_SECONDS * 1000)),
            "default_transaction_read_only": "on",
            "application_name": "nhip-api",
        }
        self._engine = create_async_engine(
            url,
            isolation_level="REPEATABLE READ",
            pool_pre_ping=True,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=PATIENCE_SECONDS,
            connect_args={"timeout": PATIENCE_SECONDS, "server_settings": limits},
        )
        self._told = ""

    async def stop(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    @asynccontextmanager
    async def picture(self, partitions: int) -> AsyncIterator[Picture]:
        """Look at the archive; everything read inside is of one moment.

        Args:
            partitions: how many the dossiers lie in: the archive must have begun with each.

        Raises:
            Problem: 503, PostgreSQL does not answer in time, or the archive does not hold every partition yet.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._engine.connect() as connection:
                yield Picture(connection, await _as_of(connection, partitions))
                self._tell("")
        except AWAY as error:
            self._tell(type(getattr(error, "orig", None) or error).__name__)
            detail = "the archive of dossiers does not answer in time; live counts and scores go on. Ask again shortly"
            raise Problem(503, detail) from error

    def _tell(self, failure: str) -> None:
        """Log a change between answering and not, once; only the kind of a failure: its message repeats what was asked."""
        if failure and failure != self._told:
            _log.warning("the archive does not answer: %s", failure)
        if self._told and not failure:
            _log.info("the archive answers again")
        self._told = failure


async def _as_of(connection: AsyncConnection, partitions: int) -> int:
    begun = select(func.count(ArchivePosition.as_of), func.min(ArchivePosition.as_of)).where(
        ArchivePosition.topic == DOSSIERS_CHANGELOG
    )
    there, as_of = (await connection.execute(begun)).one()
    if as_of is None or there < partitions:
        raise Problem(
            503,
            "the archive is still being filled; live counts and scores are not affected",
            headers={"Retry-After": "10"},
            members={"partitions": partitions, "archived": there},
        )
    return from_datetime(as_of)
