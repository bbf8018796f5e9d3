"""Seeded histories of dossiers in the form in which ingest stores them: received, processed, returned, rated."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import msgspec

from schemas.events import Door, encode
from schemas.moments import Zone, parse_moment
from schemas.units import Unit, UnitTree

ZONE = Zone("Asia/Ho_Chi_Minh")
NOW = "2026-06-01T00:00:00+07:00"
SPAN = 30 * 86_400
_START = datetime(2026, 1, 2, 7, tzinfo=timezone(timedelta(hours=7)))


def tree(communes: int = 700) -> UnitTree:
    """A province with communes."""
    below = [Unit(code=f"H01.{100 + i}", name=f"Xã {i}", kind="commune", parent="H01") for i in range(communes)]
    return UnitTree([Unit(code="H01", name="An Giang", kind="province"), *below])


def events(count: int, units: UnitTree, seed: int = 766) -> list[tuple[bytes, bytes]]:
    """(key, value) of `count` events in the order of their time; 3 % of them come again, 3 % are displaced."""
    rnd = random.Random(seed)
    whole = sorted(_histories(count * 100 // 412, units, rnd), key=lambda event: event[0])[: count * 97 // 100]
    places = [(i + rnd.uniform(-3000, 3000) * (rnd.random() < 0.03), i) for i in range(len(whole))]
    again = rnd.choices(range(len(whole)), k=count - len(whole))
    places += [(i + rnd.uniform(0, 3000), i) for i in again]
    return [whole[i][1:] for _, i in sorted(places)]


def _histories(dossiers: int, units: UnitTree, rnd: random.Random) -> Iterator[tuple[float, bytes, bytes]]:
    door = Door(system="bench", unit="H01", tree=units, zone=ZONE, now=parse_moment(NOW, ZONE))
    codes = [unit.code for unit in units if unit.parent is not None]
    life = SPAN * 20_000 / max(dossiers, 100_000)
    for number in range(dossiers):
        unit = codes[int(len(codes) * rnd.random() ** 1.3)]
        subject = f"{unit}-260102-{number:07d}"
        moment = SPAN * number / dossiers
        due = _text(moment + life * rnd.choice((0.3, 0.6, 1.2)))
        channel = "online" if rnd.random() < 0.6 else "onsite"
        said: list[tuple[str, dict[str, object]]] = [
            (
                "received",
                {"unit": unit, "procedure": f"1.{rnd.randrange(4000, 4300):06d}", "due_at": due, "channel": channel},
            ),
            ("processed", {"result_file": rnd.random() < 0.7}),
            ("returned", {}),
            ("rated", {"stars": rnd.choice((1, 2, 3, 4, 4, 5, 5, 5))}),
        ]
        for kind, data in said:
            sent = {"specversion": "1.0", "type": f"nhip.dossier.{kind}", "id": f"{number:x}-{kind}", "source": "/mot-cua/H01",
                    "subject": subject, "time": _text(moment), "data": data}  # fmt: skip
            yield moment, subject.encode(), encode(door.check(msgspec.json.encode(sent)))
            moment += rnd.expovariate(1) * 0.33 * life + 60


def _text(seconds: float) -> str:
    return (_START + timedelta(seconds=int(seconds))).isoformat()
