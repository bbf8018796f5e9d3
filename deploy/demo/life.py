"""The fate of one dossier, drawn when it comes in: all events that will ever be sent about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from deploy.demo.arrival import Arrival
from deploy.demo.ending import ending
from deploy.demo.event import Happening, text
from deploy.demo.office import Office, offices
from deploy.demo.procedures import COMMUNE

__all__ = ["Fate", "events_of", "fate_of"]

SUBMITTED: Final = 0.15
"""Share of the online dossiers that somebody has to take in by hand; the others are accepted at once."""
ELSEWHERE: Final = 0.06
"""Share of the dossiers at the counter of a commune that belong to another commune ("không phụ thuộc địa giới")."""
CONSULTED: Final = 0.3
"""Share of the dossiers with a long time allowed for which another office has a say."""
CONSULTED_DAYS: Final = 5
"""So many working days allowed are a long time."""


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
    online = dice.random() < arrival.office.online_share(arrival.procedure)
    declined = dice.random() < 0.015
    receipt: dict[str, Any] = {"unit": arrival.office.unit, "procedure": arrival.procedure.code}
    if online and dice.random() < SUBMITTED:
        yield arrival.tells("submitted", 0, receipt | {"channel": "online"})
        receipt["submitted_at"] = text(arrival.at)
        # who is late with what was taken in also lets it lie before
        arrival = arrival.put_off(dice.uniform(0.02, 0.3 - 0.25 * arrival.office.punctual))
        if declined:
            yield arrival.tells("declined", 0, {"reason": "missing_papers"})
            return
    fee = arrival.procedure.fee if dice.random() < 0.9 else 0
    yield arrival.tells("received", 0, receipt | _receipt(arrival, dice, online=online, fee=fee))
    if declined:
        yield arrival.tells("declined", 0.05, {"reason": dice.choice(["missing_papers", "not_eligible"])})
        return
    if dice.random() < 0.003:
        yield arrival.tells("voided", 0.03, {})
        return
    if dice.random() < arrival.office.synced:
        yield arrival.tells("synced", 0.02, {})
    if fee and dice.random() < 0.95:
        yield arrival.tells("paid", 0.04, {"method": _method(arrival.office, dice, online=online), "amount": fee})
    yield from _handling(arrival, fate, dice)


def _handling(arrival: Arrival, fate: Fate, dice: Random) -> Iterator[Happening]:
    ends = fate.ends
    if arrival.procedure.days >= CONSULTED_DAYS and dice.random() < CONSULTED:
        yield from _consulted(arrival, ends, dice)
    if fate.sorry is not None:
        new_day = {"due_at": text(arrival.after(ends + 0.2)), "apology": True, "reason": "overload"}
        yield arrival.tells("rescheduled", fate.sorry, new_day)
    elif ends > 1 and dice.random() < 0.5:
        yield arrival.tells("late", 1.02, {"reason": dice.choice(["coordination", "overload"]), "apology": False})
    elif dice.random() < 0.06:
        waits = dice.uniform(0.1, 0.5)
        fault = "applicant" if dice.random() < arrival.office.punctual - 0.2 else "agency"
        yield from _supplement(arrival, 0.15, waits, 0, fault=fault)
        ends += waits
        if dice.random() < 1.1 - arrival.office.punctual:
            # the decree allows one request; by Decision 766 a second one is late as long as it waits
            again = dice.uniform(0.1, 0.4)
            yield from _supplement(arrival, 0.17 + waits, again, waits, fault="agency", mark="2")
            ends += again
    yield from ending(arrival, ends, dice, late=fate.ends > 1)


def _receipt(arrival: Arrival, dice: Random, *, online: bool, fee: int) -> dict[str, Any]:
    digital = arrival.office.digital
    receipt = {
        "due_at": text(arrival.after(1)),
        "channel": "online" if online else "postal" if dice.random() < 0.05 else "onsite",
        "applicant": "business" if dice.random() < 0.2 else "citizen",
        "fee": fee,
        "components_digitized": dice.random() < digital,
        "reused_data": dice.random() < digital * 0.7,
        "from_personal_storage": online and dice.random() < digital * 0.6,
        "population_data": dice.random() < 0.3 + 0.6 * digital,
    }
    if arrival.office.kind == COMMUNE and receipt["channel"] == "onsite" and dice.random() < ELSEWHERE:
        receipt["intake_unit"] = _other(arrival.office, COMMUNE, dice)
    return receipt


def _method(office: Office, dice: Random, *, online: bool) -> str:
    if not online or dice.random() >= office.cashless:
        return "cash"
    return "national_portal" if dice.random() < 0.8 else "local_gateway"


def _consulted(arrival: Arrival, ends: float, dice: Random) -> Iterator[Happening]:
    """A department is asked; who is late has been late there already, as a rule."""
    agency = _other(arrival.office, "department", dice)
    moment = text(arrival.after(0.15))
    yield arrival.tells("progressed", 0.15, {"state": "processing", "progressed_at": moment, "agency": agency})
    done = 0.15 + 0.3 * ends
    spans = {"started_at": moment, "due_at": text(arrival.after(0.48)), "finished_at": text(arrival.after(done))}
    yield arrival.tells("step", done, {"step": "consulted", "agency": agency, **spans})


def _supplement(
    arrival: Arrival, share: float, waits: float, waited: float, *, fault: str, mark: str = "1"
) -> Iterator[Happening]:
    """The applicant is asked for more, and brings it; the office sets a new day that allows for the wait."""
    asked = {"supplement": mark, "fault": fault}
    yield arrival.tells("supplement_requested", share, asked, mark=mark)
    new_day = {"supplement": mark, "due_at": text(arrival.after(1 + waited + waits))}
    yield arrival.tells("supplemented", share + waits, new_day, mark=mark)


def _other(office: Office, kind: str, dice: Random) -> str:
    """Another office of a kind."""
    return dice.choice([other.unit for other in offices() if other.kind == kind and other.unit != office.unit])
