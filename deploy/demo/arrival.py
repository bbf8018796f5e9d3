"""A dossier that comes in, and how time is counted for it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from deploy.demo.event import Happening, happening
from deploy.demo.office import Office
from deploy.demo.procedures import Procedure

__all__ = ["Arrival", "Later"]

Later = Callable[[datetime, timedelta], datetime]
"""How time is counted: the moment so long after another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A dossier that comes in, and the time allowed for it, as `later` counts time."""

    subject: str
    office: Office
    procedure: Procedure
    at: datetime
    allowed: timedelta
    later: Later

    def after(self, share: float) -> datetime:
        """The moment when so much of the time allowed has passed; 1 is the due moment."""
        return self.later(self.at, self.allowed * share)

    def put_off(self, share: float) -> "Arrival":
        """The same dossier, taken in only when so much of the time that will be allowed has passed."""
        return replace(self, at=self.after(share))

    def tells(self, kind: str, share: float, data: dict[str, Any], *, mark: str = "") -> Happening:
        """What happens to it when so much of the time allowed has passed; ``mark`` as in `happening`."""
        return happening(self.after(share), f"dossier.{kind}", self.subject, data, mark=mark)
