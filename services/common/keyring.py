"""The keys that may be used now: kept in memory, refreshed from PostgreSQL every two seconds."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.common.database import AWAY, SystemKey
from services.common.keys import hash_key

__all__ = ["Key", "KeyRing", "KeysUnknown"]

_log = logging.getLogger(__name__)

REFRESH_SECONDS = 2.0
"""So a revoked key is refused within about this time."""
ANSWER_SECONDS = 5.0
"""How long PostgreSQL may take for an answer."""
MAX_UNKNOWN = 10_000
"""Unknown keys that are remembered until the next refresh; with more, none is looked up before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Who speaks: a one-stop system and the unit that it speaks for (see `UnitTree.may_speak`)."""

    system: str
    unit: str
    may_read: bool
    may_close: bool


class KeysUnknown(Exception):
    """A key is not in memory and PostgreSQL, where it could be, does not answer."""


class KeyRing:
    """Finds the key that a token stands for. With PostgreSQL away it goes on with what it knows."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Nothing is read yet. The engine stays the caller's."""
        self._engine = engine
        self._keys: dict[str, Key] = {}
        self._unknown: set[str] = set()
        self._looking_up = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self.ready = False
        """Whether the keys have been read once."""
        self.away = False
        """Whether PostgreSQL failed to answer the last time."""

    def start(self) -> None:
        """Begin to refresh in the background, without waiting for PostgreSQL."""
        self._task = asyncio.create_task(self._keep_fresh())

    async def stop(self) -> None:
        """Stop refreshing."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def find(self, token: str) -> Key | None:
        """The key of a token; None if there is no such key or it is revoked.

        Raises:
            KeysUnknown: it is not in memory and PostgreSQL does not answer.
        """
        return await self.find_hash(hash_key(token))

    async def find_hash(self, digest: str) -> Key | None:
        """The same by the hash of a token (`hash_key`), which is what sessions remember.

        Raises:
            KeysUnknown: as `find`.
        """
        found = self._keys.get(digest)
        return found if found is not None else await self._look_up(digest)

    async def _look_up(self, digest: str) -> Key | None:
        """Ask for a key that may have been made since the last refresh; one question at a time."""
        async with self._looking_up:
            if digest in self._keys:
                return self._keys[digest]
            if digest in self._unknown or len(self._unknown) >= MAX_UNKNOWN:
                return None
            if self.away:
                raise KeysUnknown
            try:
                found = await self._read(digest)
            except AWAY as error:
                self._note(error)
                raise KeysUnknown from error
            self._keys |= found
            if digest not in found:
                self._unknown.add(digest)
            return found.get(digest)

    async def _keep_fresh(self) -> None:
        while True:
            try:
                self._keys = await self._read()
            except AWAY as error:
                self._note(error)
            else:
                self._note(None)
                self.ready = True
                self._unknown.clear()
            await asyncio.sleep(REFRESH_SECONDS)

    def _note(self, error: BaseException | None) -> None:
        """Log a change between away and there, once."""
        if error is not None and not self.away:
            _log.warning("PostgreSQL does not answer, going on with %d known keys: %r", len(self._keys), error)
        if error is None and self.away:
            _log.info("PostgreSQL answers again")
        self.away = error is not None

    async def _read(self, digest: str | None = None) -> dict[str, Key]:
        """The keys in force by hash, all of them or one."""
        asked = select(SystemKey.hash, SystemKey.system, SystemKey.unit, SystemKey.may_read, SystemKey.may_close).where(
            SystemKey.revoked_at.is_(None)
        )
        if digest is not None:
            asked = asked.where(SystemKey.hash == digest)
        async with asyncio.timeout(ANSWER_SECONDS), self._engine.connect() as connection:
            return {row.hash: _key(row) for row in await connection.execute(asked)}


def _key(row: Row[str, str, str, bool, bool]) -> Key:
    return Key(system=row.system, unit=row.unit, may_read=row.may_read, may_close=row.may_close)
