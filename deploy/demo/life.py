"""The fate of one dossier, drawn when it comes in: all events that will ever be sent about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from deploy.demo.office import Office, Procedure

__all__ = ["SOURCE", "Arrival", "Happening", "events_of"]

SOURCE: Final = "/mot-cua/demo"
Happening = tuple[datetime, dict[str, Any]]
"""When an event is sent, and the CloudEvent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A dossier that comes in. ``allowed`` is the time from `at` to `due`; ``lateness`` over 1 ends after it."""

    subject: str
    office: Office
    procedure: Procedure
    at: datetime
    due: datetime
    lateness: float


def events_of(arrival: Arrival, dice: Random) -> list[Happening]:
    """Everything that will be sent about a dossier, in time order."""
    return sorted(_told(arrival, dice), key=lambda happening: happening[0])


def _told(arrival: Arrival, dice: Random) -> Iterator[Happening]:
    office, at = arrival.office, arrival.at
    allowed = arrival.due - at
    online = dice.random() < office.online
    fee = arrival.procedure.fee if dice.random() < 0.9 else 0
    yield _event(arrival, "received", at, _receipt(arrival, dice, online=online, fee=fee))
    if dice.random() < 0.02:
        yield _event(arrival, "declined", at + allowed * 0.1, {"reason": "missing_papers"})
        return
    if dice.random() < 0.95:
        yield _event(arrival, "synced", at + allowed * 0.02, {})
    if fee and dice.random() < 0.9:
        method = "national_portal" if online and dice.random() < 0.85 else "cash"
        yield _event(arrival, "paid", at + allowed * 0.03, {"method": method, "amount": fee})
    end = at + allowed * arrival.lateness
    if arrival.lateness > 1.2 and dice.random() < 0.5:  # some say sorry and set a new day
        moment = arrival.due - allowed * 0.05
        yield _event(arrival, "rescheduled", moment, {"due_at": _text(end), "apology": True, "reason": "overload"})
    elif dice.random() < 0.06:
        yield from _supplement(arrival, allowed)
        end += allowed * 0.2
    yield from _ending(arrival, dice, end, allowed)


def _receipt(arrival: Arrival, dice: Random, *, online: bool, fee: int) -> dict[str, Any]:
    digital = arrival.office.digital
    return {
        "unit": arrival.office.unit,
        "procedure": arrival.procedure.code,
        "due_at": _text(arrival.due),
        "channel": "online" if online else "onsite",
        "applicant": dice.choice(["citizen", "citizen", "citizen", "business"]),
        "fee": fee,
        "components_digitized": dice.random() < digital,
        "reused_data": dice.random() < digital * 0.6,
        "from_personal_storage": online and dice.random() < 0.4,
        "population_data": dice.random() < 0.7,
    }


def _supplement(arrival: Arrival, allowed: timedelta) -> Iterator[Happening]:
    yield _event(arrival, "supplement_requested", arrival.at + allowed * 0.3, {"supplement": "1"})
    yield _event(arrival, "supplemented", arrival.at + allowed * 0.5, {"supplement": "1"})


def _ending(arrival: Arrival, dice: Random, end: datetime, allowed: timedelta) -> Iterator[Happening]:
    if dice.random() < 0.01:
        yield _event(arrival, "withdrawn", end, {})
        return
    filed = dice.random() < arrival.office.digital
    data = {"outcome": "refused" if dice.random() < 0.02 else "completed", "result_file": filed}
    data |= {"result_coded": filed, "result_stored": filed and dice.random() < 0.6}
    yield _event(arrival, "processed", end, data)
    handed_over = end + allowed * 0.1
    yield _event(arrival, "returned", handed_over, {"result_file": filed})
    if dice.random() < 0.4:
        punctual = arrival.lateness <= 1
        pleased = dice.random() < (arrival.office.liked if punctual else 0.3)
        stars = dice.choice([4, 5, 5]) if pleased else dice.choice([1, 2, 3])
        yield _event(arrival, "rated", handed_over + allowed * 0.02, {"stars": stars, "kind": "kiosk"})


def _event(arrival: Arrival, kind: str, at: datetime, data: dict[str, Any]) -> Happening:
    event = {
        "specversion": "1.0",
        "id": f"{arrival.subject}/{kind}",
        "source": SOURCE,
        "type": f"nhip.dossier.{kind}",
        "subject": arrival.subject,
        "time": _text(at),
        "data": data,
    }
    return at, event


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
