"""When a digest that nobody took is posted again."""

from collections.abc import Callable, Sequence
from typing import Final

__all__ = ["JITTER", "LONGEST", "delay"]

JITTER: Final = 0.1
"""A pause is longer by up to this part of it, so that what failed together does not come back together."""
LONGEST: Final = 86_400.0
"""Seconds: no receiver (`Retry-After`) can put a try off for longer."""


def delay(pauses: Sequence[float], tries: int, asked: float | None, chance: Callable[[], float]) -> float | None:
    """Seconds until the next try; None: that was the last.

    Args:
        pauses: the pause after the first try, after the second, and so on, seconds.
        tries: how many there were, 1 or more.
        asked: how long the receiver asked to wait for, seconds.
        chance: a number from 0 to 1.
    """
    if tries > len(pauses):
        return None
    pause = pauses[tries - 1] * (1 + JITTER * chance())
    return pause if asked is None else max(pause, min(asked, LONGEST))
