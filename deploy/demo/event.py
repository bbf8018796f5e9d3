"""One event of the demo: a CloudEvent, and the moment at which it is sent."""

from datetime import datetime
from typing import Any, Final

__all__ = ["PROVINCE", "SOURCE", "Happening", "happening", "text"]

PROVINCE: Final = "H01"
SOURCE: Final = "/mot-cua/demo"

Happening = tuple[datetime, dict[str, Any]]
"""When an event is sent, and the CloudEvent."""


def happening(at: datetime, kind: str, subject: str, data: dict[str, Any], *, mark: str = "") -> Happening:
    """An event that is recorded, and sent, at a moment.

    ``kind`` is its type without the prefix, such as ``dossier.received``; ``mark`` tells it from others of its kind about its subject.
    """
    name = kind.rpartition(".")[2]
    event = {
        "specversion": "1.0",
        "id": f"{subject}/{name}{mark}",
        "source": SOURCE,
        "type": f"nhip.{kind}",
        "subject": subject,
        "time": text(at),
        "data": data,
    }
    return at, event


def text(moment: datetime) -> str:
    """As events write moments: to the millisecond, with the offset."""
    return moment.isoformat(timespec="milliseconds")
