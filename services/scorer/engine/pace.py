"""When a partition commits and when its clock ticks: a plain rule, so that it can be tested without a broker."""

import math

from services.scorer.engine.settings import EngineSettings

__all__ = ["Pace"]


class Pace:
    """Batches clock themselves: while one is committed, the next one gathers; large under load, small when quiet.

    Every method takes the time `now` in seconds of any steady clock.
    """

    def __init__(self, settings: EngineSettings, now: float) -> None:
        self._min_interval = settings.min_commit_interval
        self._max_interval = settings.max_commit_interval
        self._tick_interval = settings.tick_interval
        self._next_tick = now
        self._last_commit = -math.inf

    def commit_due(self, now: float, *, backlog: bool) -> bool:
        """Whether to commit what was folded. With a `backlog` it pays to fold that first, but not for ever."""
        return now - self._last_commit >= (self._max_interval if backlog else self._min_interval)

    def committing(self, now: float) -> None:
        """A commit begins now."""
        self._last_commit = now

    def tick_due(self, now: float) -> bool:
        """Whether the job's clock should tick; if so, it counts as done."""
        if now < self._next_tick:
            return False
        self._next_tick = now + self._tick_interval
        return True

    def rest(self, now: float, *, uncommitted: bool) -> float:
        """How long nothing is due, if no record comes: seconds until the next tick or, if due earlier, commit."""
        due = min(self._next_tick, self._last_commit + self._min_interval) if uncommitted else self._next_tick
        return max(0.0, due - now)
