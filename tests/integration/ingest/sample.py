"""Events to send."""

import itertools
from typing import Any

_numbers = itertools.count(1)

RECEIVED = {"unit": "H01.06", "procedure": "1.000105"}


def event(kind: str = "received", data: dict[str, Any] | None = None, **attributes: Any) -> dict[str, Any]:
    """A good event about a dossier of its own; `data` is what it says, attributes replace those given here."""
    number = next(_numbers)
    made: dict[str, Any] = {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "/mot-cua/H01",
        "type": f"nhip.dossier.{kind}",
        "subject": f"H01.06-260312-{number:04}",
        "time": "2026-03-12T08:00:01+07:00",
    }
    if data is not None or kind == "received":
        made["data"] = RECEIVED if data is None else data
    return made | attributes


def received(**fields: Any) -> dict[str, Any]:
    """A `received` that says more than it must."""
    return event(data=RECEIVED | fields)
