"""Events of dossiers for the browser's tests: received some days ago, due soon or long ago."""

from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime.now(UTC)


def received(unit: str, number: int, *, late: bool = False) -> dict[str, Any]:
    """A dossier that came in five days ago and is due in a month; late: since yesterday."""
    due = NOW + timedelta(days=-1 if late else 30)
    data = {"unit": unit, "procedure": "1.001193", "due_at": due.isoformat(), "channel": "online"}
    return _event(unit, number, "received", NOW - timedelta(days=5), data)


def processed(unit: str, number: int) -> dict[str, Any]:
    """It was finished an hour ago."""
    return _event(unit, number, "processed", NOW - timedelta(hours=1), {})


def _event(unit: str, number: int, kind: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    subject = f"{unit}-26-p{number}"
    return {
        "specversion": "1.0",
        "id": f"{subject}/{kind}",
        "source": "/mot-cua/page",
        "type": f"nhip.dossier.{kind}",
        "subject": subject,
        "time": at.isoformat(),
        "data": data,
    }
