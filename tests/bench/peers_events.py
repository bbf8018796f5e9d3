"""Events of dossiers with the exact answer: what the peers job has to find, whatever the order and the doubles."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec

__all__ = ["Event", "build", "expected_rows"]

UNITS = 700
DAYS = 30
IN_FLIGHT = 20_000
DISPLACED = 0.03
DISPLACED_BY = 3_000
EXTENDED_EARLY, EXTENDED_LATE = 0.02, 0.01
_ZERO = datetime(2025, 1, 2, 7, tzinfo=timezone(timedelta(hours=7)))
_STEPS = ("received", "processed", "returned", "rated")


@dataclass(frozen=True, slots=True)
class Event:
    """What the generator knows of an event; `encoded` is what goes to Kafka."""

    kind: str
    dossier: str
    unit: str
    time: str
    due: str
    stars: int
    serial: int

    def encoded(self) -> bytes:
        data: dict[str, Any] = {"unit": self.unit, "dossier": self.dossier, "due": self.due, "channel": "online"}
        data["procedure"] = f"1.{4000 + self.serial % 300:06d}"
        if self.kind == "rated":
            data["stars"] = self.stars
        return msgspec.json.encode(
            {
                "specversion": "1.0",
                "id": f"{self.serial:032x}",
                "source": f"/mot-cua/{self.unit}",
                "type": f"vn.nhip.dossier.{self.kind}",
                "subject": self.dossier,
                "time": self.time,
                "datacontenttype": "application/json",
                "data": data,
            }
        )


def build(events: int, seed: int) -> list[Event]:
    """`events` events: four a dossier, 3 % of them again, 3 % displaced by up to 3,000 places."""
    rnd = random.Random(seed)
    doubles = int(events * 0.0291)
    dossiers = (events - doubles) // 4
    timed: list[tuple[float, Event]] = []
    for number in range(dossiers):
        timed += _life(rnd, number, dossiers)
    timed.sort(key=lambda pair: pair[0])
    places = [
        (place + (rnd.uniform(-DISPLACED_BY, DISPLACED_BY) if rnd.random() < DISPLACED else 0.0), place)
        for place in range(len(timed))
    ]
    doubled = rnd.choices(range(len(timed)), k=events - len(timed))
    places += [(place + rnd.uniform(0, DISPLACED_BY), place) for place in doubled]
    return [timed[place][1] for _, place in sorted(places)]


def _life(rnd: random.Random, number: int, dossiers: int) -> list[tuple[float, Event]]:
    span = DAYS * 86_400.0
    life = span * IN_FLIGHT / max(dossiers, IN_FLIGHT // 10)
    at = span * number / dossiers
    unit = f"H{10 + int(UNITS * rnd.random() ** 1.3) // 100:02d}.{rnd.randrange(100):02d}"
    dossier = f"{unit}-{_ZERO + timedelta(seconds=at):%y%m%d}-{number:07d}"
    due = at + life * rnd.choice((0.3, 0.6, 1.2))
    fate = rnd.random()
    stars = rnd.choice((1, 2, 3, 4, 4, 5, 5, 5))
    events = []
    for place, (kind, share) in enumerate(zip(_STEPS, (0.0, 0.5, 0.25, 0.25), strict=True)):
        at += rnd.expovariate(1) * share * life + (60 if place else 0)
        if (kind == "processed" and fate < EXTENDED_EARLY) or (
            kind == "returned" and EXTENDED_EARLY <= fate < EXTENDED_EARLY + EXTENDED_LATE
        ):
            due += life * 0.5
        events.append((at, Event(kind, dossier, unit, _moment(at), _moment(due), stars, 4 * number + place)))
    return events


def _moment(seconds: float) -> str:
    return (_ZERO + timedelta(seconds=int(seconds))).isoformat()


def expected_rows(events: Iterable[Event]) -> dict[str, list[int]]:
    """The answer, the slow and obvious way: by `unit|day` received, finished, finished late, rated, sum of stars."""
    of_dossier: dict[str, list[Event]] = {}
    for event in events:
        of_dossier.setdefault(event.dossier, []).append(event)
    rows: dict[str, list[int]] = {}
    for told in of_dossier.values():
        unit = told[0].unit
        due = max((event.time, event.due) for event in told)[1]
        first = {kind: min((e.time for e in told if e.kind == kind), default="") for kind in _STEPS}
        rating = max(((e.time, e.stars) for e in told if e.kind == "rated"), default=None)
        for moment, counters in (
            (first["received"], (1, 0, 0, 0, 0)),
            (first["processed"], (0, 1, int(first["processed"] > due), 0, 0)),
            (rating[0] if rating else "", (0, 0, 0, 1, rating[1] if rating else 0)),
        ):
            if moment:
                row = rows.setdefault(f"{unit}|{moment[:10]}", [0] * 5)
                rows[f"{unit}|{moment[:10]}"] = [a + b for a, b in zip(row, counters, strict=True)]
    return rows
