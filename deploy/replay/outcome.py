"""What became of the events of a replay."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import msgspec

__all__ = ["Outcome", "Rejection"]

SHOWN: Final = 20
"""Rejections that are kept to be shown at the end; all of them go to the file, if one is asked for."""


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """One event that was not taken. ``line`` counts from 1; ``code`` ``bad_row`` means that the mapping made no event of it."""

    line: int
    id: str | None = None
    code: str
    detail: str


@dataclass(slots=True)
class Outcome:
    """Counts so far. `keep` is called with each rejection."""

    keep: Callable[[Rejection], None] = lambda _rejection: None
    accepted: int = 0
    rejected: int = 0
    retried: int = 0
    """Requests that had to be sent again."""
    first: list[Rejection] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Events that were answered, one way or the other."""
        return self.accepted + self.rejected

    def reject(self, rejection: Rejection) -> None:
        """Note an event that was not taken."""
        self.rejected += 1
        if len(self.first) < SHOWN:
            self.first.append(rejection)
        self.keep(rejection)
