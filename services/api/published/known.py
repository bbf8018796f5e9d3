"""Which periods are closed: kept in memory, refreshed from PostgreSQL every two seconds, so that live answers never wait for it."""

import asyncio
import contextlib
from collections import defaultdict
from typing import Final

from schemas.moments import parse_day
from schemas.periods import Period
from services.api.problems import Problem
from services.api.published.store import Store
from services.common.published import Closing

__all__ = ["Known", "period_of"]

REFRESH_SECONDS: Final = 2.0

_Key = tuple[str, Period]


class Known:
    """The closings in force, as of some seconds ago; with PostgreSQL away as of when it was last there."""

    def __init__(self, store: Store) -> None:
        """Nothing is read yet."""
        self._store = store
        self._closings: list[Closing] = []
        self._by_period: dict[_Key, list[Closing]] = {}
        self._state: tuple[int, int] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to refresh in the background, without waiting for PostgreSQL."""
        self._task = asyncio.create_task(self._keep_fresh())

    async def stop(self) -> None:
        """Stop refreshing."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def refresh(self) -> None:
        """Read anew where anything was closed.

        Raises:
            Problem: 503, PostgreSQL does not answer.
        """
        state = await self._store.state()
        if state == self._state:
            return
        self._closings = await self._store.closings()
        found: dict[_Key, list[Closing]] = defaultdict(list)
        for closing in sorted(self._closings, key=lambda each: (-each.units, -each.id)):
            found[closing.ruleset, period_of(closing)].append(closing)
        self._by_period = dict(found)
        self._state = state

    async def as_of_now(self) -> "Known":
        """Itself, with what was closed just now; with PostgreSQL away what was known before, if anything was ever read.

        Raises:
            Problem: 503, nothing was.
        """
        try:
            await self.refresh()
        except Problem:
            if self._state is None:
                raise
        return self

    def of(self, ruleset: str, period: Period) -> list[Closing]:
        """The closings of a period in force, the widest first: where several closed a unit, the result of the highest holds."""
        return self._by_period.get((ruleset, period), [])

    def of_any(self, ruleset: str, period: Period) -> list[Closing]:
        """The same by a rule set, else by whichever there is: counts are the same for all."""
        others = (closings for (_, closed), closings in self._by_period.items() if closed == period)
        return self.of(ruleset, period) or next(others, [])

    def inside(self, ruleset: str, period: Period) -> list[Closing]:
        """The closings in force of all periods that lie in one, sorted by period, of one period the widest first."""
        first = -(1 << 31) if period.first is None else period.first
        inside = [
            (closed, closings)
            for (name, closed), closings in self._by_period.items()
            if name == ruleset and (closed.first or 0) >= first and closed.last <= period.last
        ]
        return [closing for _, closings in sorted(inside, key=lambda each: each[0]) for closing in closings]

    @property
    def closings(self) -> list[Closing]:
        """All in force, the last closed first."""
        return self._closings

    async def _keep_fresh(self) -> None:
        while True:
            with contextlib.suppress(Problem):
                await self.refresh()
            await asyncio.sleep(REFRESH_SECONDS)


def period_of(closing: Closing) -> Period:
    """The days that were closed."""
    return Period(parse_day(closing.first_day.isoformat()), parse_day(closing.last_day.isoformat()))
