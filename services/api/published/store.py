"""Closings and their results in PostgreSQL."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, and_, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from services.api.problems import Problem
from services.api.published.frozen import Frozen
from services.common.database import AWAY, sessions
from services.common.published import Closing, PublishedRanking, PublishedResult

__all__ = ["AlreadyClosed", "Store"]

T = TypeVar("T", PublishedResult, PublishedRanking)

ANSWER_SECONDS: Final = 5.0
"""How long PostgreSQL may take for an answer."""
CLOSE_SECONDS: Final = 60.0
"""The same of a closing, which writes thousands of documents."""

REMEMBERED: Final = 512
"""Documents that need not be read again; one has some 10 kB, the ranking of a large province ten times as much."""


class AlreadyClosed(Exception):
    """A closing of the same unit, period and rule set is in force; ``closing`` is its number, None where it came about just now."""

    def __init__(self, closing: int | None) -> None:
        super().__init__(closing)
        self.closing = closing


class Store:
    """Reads and writes closings. Every method raises `Problem` (503) while PostgreSQL does not answer."""

    def __init__(self, engine: AsyncEngine) -> None:
        """The engine stays the caller's."""
        self._sessions = sessions(engine)
        self._memory: OrderedDict[tuple[type, tuple[int | str, ...]], Any] = OrderedDict()

    async def close(self, closing: Closing, frozen: Frozen, *, replace: bool) -> Closing:
        """Keep a closing with its results, all of it or nothing; `replace` takes the one before out of force.

        Raises:
            AlreadyClosed: without `replace` one is in force; with it another one came about at the same time.
        """
        async with self._session(CLOSE_SECONDS) as session:
            former = await session.scalar(
                select(Closing.id).where(_same(closing), Closing.replaced_at.is_(None)).with_for_update()
            )
            if former is not None:
                if not replace:
                    raise AlreadyClosed(former)
                replaced = update(Closing).where(Closing.id == former)
                await session.execute(replaced.values(replaced_at=closing.closed_at))
                closing.replaces = former
            session.add(closing)
            try:
                await session.flush()
            except IntegrityError as error:  # the index of closings in force: another one was faster
                raise AlreadyClosed(None) from error
            for table, rows in ((PublishedResult, frozen.results), (PublishedRanking, frozen.rankings)):
                if rows:
                    await session.execute(insert(table), [{"closing": closing.id, **row} for row in rows])
            await session.commit()
        return closing

    async def state(self) -> tuple[int, int]:
        """What changes with every closing, also one that replaces another."""
        asked = select(func.coalesce(func.max(Closing.id), 0), func.count(Closing.replaced_at))
        async with self._session() as session:
            newest, replaced = (await session.execute(asked)).one()
        return newest, replaced

    async def closings(self, *, replaced: bool = False) -> list[Closing]:
        """The closings in force, with `replaced` all that ever were; the last closed first."""
        asked = select(Closing).order_by(Closing.id.desc())
        async with self._session() as session:
            return list(await session.scalars(asked if replaced else asked.where(Closing.replaced_at.is_(None))))

    async def closing(self, number: int) -> Closing | None:
        """A closing by its number, also one that was replaced."""
        async with self._session() as session:
            return await session.get(Closing, number)

    async def results(self, closings: Sequence[int]) -> list[PublishedResult]:
        """All results of closings, in the order of the units."""
        asked = select(PublishedResult).where(PublishedResult.closing.in_(closings))
        async with self._session() as session:
            return list(await session.scalars(asked.order_by(PublishedResult.place, PublishedResult.closing)))

    async def result(self, closings: Sequence[Closing], unit: str) -> PublishedResult | None:
        """The result of a unit, out of the first of some closings that has it."""
        for closing in closings:
            if (found := await self._kept(PublishedResult, closing.id, unit)) is not None:
                return found
        return None

    async def report(self, result: PublishedResult) -> dict[str, Any]:
        """What a report shows beside a result."""
        same = PublishedResult.closing == result.closing, PublishedResult.unit == result.unit
        async with self._session() as session:
            found: dict[str, Any] = (await session.scalars(select(PublishedResult.report).where(*same))).one()
        return found

    async def results_below(self, closing: int, above: str) -> list[PublishedResult]:
        """The results of the units right below one."""
        asked = select(PublishedResult).where(PublishedResult.closing == closing, PublishedResult.above == above)
        async with self._session() as session:
            return list(await session.scalars(asked.order_by(PublishedResult.place)))

    async def ranking(self, closings: Sequence[Closing], parent: str, kind: str | None) -> PublishedRanking | None:
        """The ranking of the units right below one, out of the first of some closings that has it."""
        for closing in closings:
            if (found := await self._kept(PublishedRanking, closing.id, parent, kind or "")) is not None:
                return found
        return None

    async def _kept(self, table: type[T], *key: int | str) -> T | None:
        """A row, remembered: what was published never changes."""
        if any("\0" in part for part in key if isinstance(part, str)):
            return None  # PostgreSQL keeps no such text
        if (table, key) not in self._memory:
            async with self._session() as session:
                self._memory[table, key] = await session.get(table, key)
            if len(self._memory) > REMEMBERED:
                self._memory.popitem(last=False)
        found: T | None = self._memory[table, key]
        return found

    @asynccontextmanager
    async def _session(self, seconds: float = ANSWER_SECONDS) -> AsyncIterator[AsyncSession]:
        try:
            async with asyncio.timeout(seconds), self._sessions() as session:
                yield session
        except AWAY as error:
            detail = "PostgreSQL, where official results are kept, does not answer now; live figures are not concerned"
            raise Problem(503, detail) from error


def _same(closing: Closing) -> ColumnElement[bool]:
    return and_(
        Closing.parent == closing.parent,
        Closing.first_day == closing.first_day,
        Closing.last_day == closing.last_day,
        Closing.ruleset == closing.ruleset,
    )
