"""A partition of the scorer without a broker: changes are put into its tables as the engine does."""

from collections.abc import Iterable
from typing import NamedTuple
from zlib import crc32

import msgspec

from schemas.calendar import vietnam
from schemas.events import FAMILY_OF, Door, decode, encode
from schemas.measures import BY_NUMBER
from schemas.moments import Zone, parse_day, parse_moment
from schemas.rows import Counters, decode_counters, decode_progress, parse_key, progress_key
from schemas.units import Unit, UnitTree
from services.scorer.agents.job import ScoringJob
from services.scorer.agents.partition import INDICATOR_DAYS, Making
from services.scorer.domain.setting import Setting

ZONE = Zone("Asia/Ho_Chi_Minh")
CALENDAR = vietnam(ZONE)
TREE = UnitTree(
    [
        Unit(code="H01", name="An Giang", kind="province"),
        Unit(code="H01.06", name="Sở Xây dựng", kind="department", parent="H01"),
        Unit(code="H01.187", name="Xã Đông Thái", kind="commune", parent="H01"),
    ]
)


class Record(NamedTuple):
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    timestamp: int = 1 << 43
    """Of its arrival, milliseconds; unless a test says when, after all that tests tell of: that is taken for now."""


def at(text: str) -> int:
    """A moment of the test's zone."""
    return parse_moment(text, ZONE)


class Bench:
    """One partition, its tables, a clock that the test turns, and what was sent to other topics."""

    def __init__(self, now: str, tree: UnitTree = TREE, key_unit: str = "H01") -> None:
        self.now = at(now)
        self.tree = tree
        self.calendar = CALENDAR
        self.soon_hours = 16.0
        self.catalogue = 0
        self.key_unit = key_unit
        self.tables: dict[str, dict[bytes, bytes]] = {spec.name: {} for spec in ScoringJob.tables}
        self.sent: list[tuple[str, bytes | None, bytes]] = []
        self.offset = 0
        self.restart()

    def restart(self, may_step_back: int = 0, *, behind: bool = False) -> None:
        """Open the partition again on the same tables, as after a crash, and let it settle; `behind`: events wait in Kafka."""
        job = ScoringJob(self._making, lambda: self.now, may_step_back)
        self.partition = job.open(0, self.tables)
        if not behind:
            self.partition.caught_up()
        self.settle()

    def stored(self, kind: str, time: str, subject: str = "H01.06-260301-0001", **data: object) -> bytes:
        """An event in the form in which ingest stores it."""
        tag = kind if kind.startswith("nhip.") else f"nhip.dossier.{kind}"
        sent = {"specversion": "1.0", "type": tag, "id": f"{kind} {time}", "source": "/test",
                "subject": subject, "time": time, "data": data}  # fmt: skip
        door = Door(system="test", unit=self.key_unit, tree=self.tree, zone=ZONE, now=at("2100-01-01T00:00:00"))
        return encode(door.check(msgspec.json.encode(sent)))

    def push(self, *stored: bytes, arrived: str | None = None) -> None:
        """Fold a batch of stored events that arrived at a moment, or now."""
        timestamp = (self.now if arrived is None else at(arrived)) // 1_000
        self.push_records(
            Record(FAMILY_OF[type(event)].topic, 0, self.offset + i, event.subject.encode(), raw, timestamp)
            for i, (event, raw) in enumerate((decode(raw), raw) for raw in stored)
        )

    def push_records(self, records: Iterable[Record]) -> None:
        """Fold a batch of records as they are."""
        batch = list(records)
        self.offset += len(batch)
        self._apply(self.partition.fold(batch))
        self._apply(self.partition.progress({"dossier-events": self.offset}))

    def settle(self) -> int:
        """Tick until nothing more happens; returns how many ticks did something."""
        ticks = 0
        while (changes := self.partition.tick()) is not None:
            ticks += 1
            self._apply(changes)
            self._apply(self.partition.progress({"dossier-events": self.offset}))
        return ticks

    def wait_until(self, now: str) -> None:
        """Turn the clock and let time pass."""
        self.now = at(now)
        self.settle()

    def count(self, measure: str, unit: str, *days: str) -> int:
        """A measure of a unit summed over days; without days over all."""
        wanted = {parse_day(day) for day in days}
        total = 0
        for raw_key, raw in self.tables[INDICATOR_DAYS].items():
            key = parse_key(raw_key)
            if key is None or key.day is None or key.name != unit or (wanted and key.day not in wanted):
                continue
            for counts in decode_counters(raw).values():
                total += sum(n for number, n in counts.items() if BY_NUMBER[number].name == measure)
        return total

    def cube(self) -> dict[bytes, Counters]:
        """All rows of days."""
        rows = self.tables[INDICATOR_DAYS].items()
        return {key: decode_counters(raw) for key, raw in rows if (p := parse_key(key)) and p.day is not None}

    def notes(self, kind: str) -> dict[str, bytes]:
        """The notes of a kind by name."""
        rows = self.tables[INDICATOR_DAYS].items()
        return {p.name: raw for key, raw in rows if (p := parse_key(key)) and p.kind == kind}

    @property
    def clock(self) -> int:
        """The moment up to which time has been applied, as reported."""
        return decode_progress(self.tables[INDICATOR_DAYS][progress_key()]).clock

    def _making(self) -> Making:
        made_by = f"test {self.calendar.fingerprint} {crc32(self.tree.to_json())} {self.soon_hours}"
        setting = Setting(self.tree, ZONE, self.calendar, soon_seconds=self.soon_hours * 3600)
        return Making(setting, made_by, self.catalogue)

    def _apply(self, changes: object) -> None:
        self.sent += changes.sends
        for name, rows in changes.tables.items():
            table = self.tables[name]
            for key, value in rows.items():
                if value is None:
                    table.pop(key, None)
                else:
                    table[key] = value
