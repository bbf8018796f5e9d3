"""The fate of one dossier, drawn when it comes in: all events that will ever be sent about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from deploy.demo.office import Office
from deploy.demo.procedures import Procedure

__all__ = ["SOURCE", "Arrival", "Fate", "Happening", "events_of", "fate_of"]

SOURCE: Final = "/mot-cua/demo"
Happening = tuple[datetime, dict[str, Any]]
"""When an event is sent, and the CloudEvent."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """In shares of the time allowed: when the office is done, and when it says sorry and sets a new day (None: never)."""

    ends: float
    sorry: float | None


def fate_of(office: Office, dice: Random, longest: float) -> Fate:
    """What an office makes of a dossier; late ones take up to `longest` times the time allowed more."""
    if dice.random() < office.punctual:
        return Fate(ends=dice.uniform(0.2, 0.95), sorry=None)
    ends = 1.1 + min(dice.expovariate(1.2), longest)
    return Fate(ends=ends, sorry=dice.uniform(0.85, 1.05) if dice.random() < office.sorry else None)


def events_of(arrival: Arrival, fate: Fate, dice: Random) -> list[Happening]:
    """Everything that will be sent about a dossier, in time order."""
    return sorted(_told(arrival, fate, dice), key=lambda happening: happening[0])


def _told(arrival: Arrival, fate: Fate, dice: Random) -> Iterator[Happening]:
    online = dice.random() < arrival.office.online
    fee = arrival.procedure.fee if dice.random() < 0.9 else 0
    yield _event(arrival, "received", 0, _receipt(arrival, dice, online=online, fee=fee))
    if dice.random() < 0.015:
        yield _event(arrival, "declined", 0.05, {"reason": dice.choice(["missing_papers", "not_eligible"])})
        return
    if dice.random() < arrival.office.synced:
        yield _event(arrival, "synced", 0.02, {})
    if fee and dice.random() < 0.95:
        yield _event(arrival, "paid", 0.04, {"method": _method(arrival.office, dice, online=online), "amount": fee})
    ends = fate.ends
    if fate.sorry is not None:
        new_day = {"due_at": _text(arrival.after(ends + 0.2)), "apology": True, "reason": "overload"}
        yield _event(arrival, "rescheduled", fate.sorry, new_day)
    elif ends > 1 and dice.random() < 0.5:
        yield _event(arrival, "late", 1.02, {"reason": dice.choice(["coordination", "overload"]), "apology": False})
    elif dice.random() < 0.06:
        waits = dice.uniform(0.1, 0.5)
        yield from _supplement(arrival, waits)
        ends += waits
    yield from _ending(arrival, fate, ends, dice)


def _receipt(arrival: Arrival, dice: Random, *, online: bool, fee: int) -> dict[str, Any]:
    digital = arrival.office.digital
    return {
        "unit": arrival.office.unit,
        "procedure": arrival.procedure.code,
        "due_at": _text(arrival.after(1)),
        "channel": "online" if online else "postal" if dice.random() < 0.05 else "onsite",
        "applicant": "business" if dice.random() < 0.2 else "citizen",
        "fee": fee,
        "components_digitized": dice.random() < digital,
        "reused_data": dice.random() < digital * 0.7,
        "from_personal_storage": online and dice.random() < digital * 0.6,
        "population_data": dice.random() < 0.3 + 0.6 * digital,
    }


def _method(office: Office, dice: Random, *, online: bool) -> str:
    if not online or dice.random() >= office.cashless:
        return "cash"
    return "national_portal" if dice.random() < 0.8 else "local_gateway"


def _supplement(arrival: Arrival, waits: float) -> Iterator[Happening]:
    """The applicant is asked for more, and brings it; the office sets a new day that allows for the wait."""
    yield _event(arrival, "supplement_requested", 0.15, {"supplement": "1"})
    new_day = {"supplement": "1", "due_at": _text(arrival.after(1 + waits))}
    yield _event(arrival, "supplemented", 0.15 + waits, new_day)


def _ending(arrival: Arrival, fate: Fate, ends: float, dice: Random) -> Iterator[Happening]:
    if dice.random() < 0.008:
        yield _event(arrival, "withdrawn", ends, {})
        return
    filed = dice.random() < arrival.office.digital
    outcome = dice.choices(["completed", "refused", "stopped"], cum_weights=[0.975, 0.995, 1])[0]
    files = {"result_file": filed, "result_coded": filed, "result_stored": filed and dice.random() < 0.6}
    yield _event(arrival, "processed", ends, {"outcome": outcome, **files})
    if outcome == "completed":
        yield _event(arrival, "returned", ends + 0.1, {"result_file": filed})
    if dice.random() < 0.35:
        pleased = dice.random() < arrival.office.liked * (1 if fate.ends < 1 else 0.6)
        stars = dice.choice([4, 5, 5, 5]) if pleased else dice.choice([1, 2, 3])
        yield _event(arrival, "rated", ends + 0.12, {"stars": stars, "kind": "online" if filed else "kiosk"})


def _event(arrival: Arrival, kind: str, share: float, data: dict[str, Any]) -> Happening:
    at = arrival.after(share)
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
