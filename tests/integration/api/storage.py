"""A real PostgreSQL with all tables, and keys in it as the command line makes them."""

import asyncio
from typing import Any

from sqlalchemy import Row, insert, text

from deploy.local.postgres import Postgres
from deploy.migrations import migrate
from services.common.database import SystemKey, connect
from services.common.keys import hash_key, new_key


class Storage:
    """The database of one server."""

    def __init__(self, server: Postgres) -> None:
        self.server = server

    @property
    def url(self) -> str:
        return self.server.url

    def prepare(self) -> None:
        """Bring it up to the services' tables."""
        asyncio.run(migrate(self.url))

    def key(self, unit: str, *, close: bool = False, read: bool = False, system: str = "vpubnd") -> str:
        """A new key."""
        key = new_key()
        row = {"system": system, "unit": unit, "hash": hash_key(key), "may_close": close, "may_read": read}
        asyncio.run(self._run(insert(SystemKey).values(row)))
        return key

    def sql(self, statement: str, **values: Any) -> list[Row[Any]]:
        """Run a statement; its rows."""
        return asyncio.run(self._run(text(statement), values))

    async def _run(self, statement: Any, values: dict[str, Any] | None = None) -> list[Row[Any]]:
        engine = connect(self.url)
        try:
            async with engine.begin() as connection:
                found = await connection.execute(statement, values or {})
                return list(found) if found.returns_rows else []
        finally:
            await engine.dispose()
