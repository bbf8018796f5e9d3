"""Histories to draw: what systems might send about a few dossiers, with few distinct moments, so that everything collides.

`histories()` draws what was sent; `moments` and `days` say where in time to look at it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from schemas.units import Unit, UnitTree
from tests.oracle.said import EPOCH, MICROSECOND, Said, last_of, read_moment

TREE = UnitTree(
    [
        Unit(code="H01", name="Tỉnh", kind="province"),
        Unit(code="H01.01", name="Sở Một", kind="department", parent="H01"),
        Unit(code="H01.02", name="Sở Hai", kind="department", parent="H01"),
        Unit(code="H01.11", name="Xã Một", kind="commune", parent="H01.01"),
        Unit(code="H01.12", name="Xã Hai", kind="commune", parent="H01"),
    ]
)
"""Three levels: a province, two departments, a commune below one of them and one below the province."""

UNITS = [unit.code for unit in TREE]
PROCEDURES = ["1.001", "2.002"]
STATUTORY = {"2.002": (1.5, "working_day")}
"""Time allowed by the law for a procedure; the other one has none."""
OWN_HOURS = {"H01.01": "08:00-12:00,13:00-16:30"}
"""A department, and the commune below it, that work by hours of their own."""
STARTS = ["H01.11", "H01.12", "H01.01", "H01", "000.00.11.H01", "X", "Y"]
"""Left parts of dossier codes; the last two name no unit."""

DUE_SOON_HOURS = 6.25
"""How much working time before its due moment a dossier begins to be due soon."""

FIRST_DAY, DAYS = date(2026, 3, 5), 6
"""New York sets its clocks forward on the fourth of these days."""

DOOR_NOW = int(datetime(2026, 12, 1, tzinfo=UTC).timestamp()) * 1_000_000
"""The clock at the door: after everything, so that looking at an earlier now finds moments that lie ahead."""


@dataclass(frozen=True)
class History:
    """What was sent, in the order of arrival, in a zone; and the moments that were drawn from."""

    zone: str
    palette: tuple[datetime, ...]
    said: tuple[Said, ...]


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def moments(history: History) -> SearchStrategy[int]:
    """Instants to look at: those of the history, and one microsecond beside them."""
    beside = st.sampled_from([-1, 0, 0, 1])
    return st.builds(lambda moment, off: micros(moment) + off, st.sampled_from(history.palette), beside)


days: SearchStrategy[date] = st.integers(-1, DAYS + 1).map(lambda n: FIRST_DAY + timedelta(days=n))


@st.composite
def palettes(draw: DrawFn, zone: ZoneInfo) -> tuple[datetime, ...]:
    """A few instants: ends and beginnings of days, noon, times within working hours, and their neighbours."""
    pool = []
    for n in range(DAYS):
        end = last_of(FIRST_DAY + timedelta(days=n), zone)
        pool += [end, end, end + MICROSECOND, end - timedelta(hours=12), end - timedelta(hours=8, minutes=7)]
        pool += [end - timedelta(hours=14, minutes=31)]
    pool += [pool[3] + MICROSECOND, pool[4] + timedelta(milliseconds=1500), pool[9] - MICROSECOND]
    return tuple(draw(st.lists(st.sampled_from(pool), min_size=3, max_size=8)))


@st.composite
def histories(draw: DrawFn, *, dossiers: int = 6, events: int = 14) -> History:
    """What was sent about 1 to `dossiers` dossiers, up to `events` each before duplicates, in any order."""
    zone = draw(st.sampled_from(["Asia/Ho_Chi_Minh", "America/New_York"]))
    palette = draw(palettes(ZoneInfo(zone)))
    writer = Writer(draw, ZoneInfo(zone), palette)
    for n in range(draw(st.sampled_from([1, 1, 1, 2, 3, dossiers]))):
        writer.dossier(f"{draw(st.sampled_from(STARTS))}-{n}", events)
    said = list(writer.said)
    if said:
        said += draw(st.lists(st.sampled_from(said), max_size=3))
    return History(zone, palette, tuple(draw(st.permutations(said))))


class Writer:
    """Writes events as one-stop systems do: several spellings of one moment, fields left out, unknown fields."""

    def __init__(self, draw: DrawFn, zone: ZoneInfo, palette: tuple[datetime, ...]) -> None:
        self._draw, self._zone, self._palette = draw, zone, palette
        self._identities: set[tuple[str, str]] = set()
        self.said: list[Said] = []

    def dossier(self, subject: str, events: int, themes: Sequence[Sequence[str]] | None = None) -> None:
        """What is said about one dossier."""
        # a dossier that somebody received is what most rules are about; who speaks for it mostly may
        key = self._pick("H01", "H01", TREE.of_subject(subject) or "H01")
        theme = self._draw(st.sampled_from(themes or THEMES))
        size = self._draw(st.integers(0, events))
        chosen = self._draw(st.lists(st.sampled_from(theme), min_size=size, max_size=size))
        for kind in ([] if self._chance(1) else ["received"]) + chosen:
            self._say(subject, kind, self._pick(*UNITS) if self._chance(1) else key)

    def _say(self, subject: str, kind: str, key: str) -> None:
        source = self._pick("/mot-cua/a", "/mot-cua/b")
        name = self._pick("1", "2", "9", "10", "é")
        while (source, name) in self._identities:
            name += self._pick("0", "5")
        self._identities.add((source, name))
        data = KINDS[kind](self, key)
        if self._chance(1):
            data["unit"] = data.get("unit") or key
        event = {
            "specversion": "1.0",
            "id": name,
            "source": source,
            "type": f"nhip.dossier.{kind}",
            "subject": subject,
            "time": self._spelled(self._pick(*self._palette)),
            "data": data,
        }
        self.said.append(Said(event, key, self._pick("s1", "s2")))
        if self._chance(1) and kind not in {
            "received",
            "submitted",
        }:  # of two first receipts nobody can say whose it is
            self.said.append(Said(event, self._pick(*TREE.line(data.get("unit") or key)), "s3"))

    # drawing

    def _pick(self, *values: Any) -> Any:
        return self._draw(st.sampled_from(sorted(values)))

    def _chance(self, tenths: int) -> bool:
        """True `tenths` times in ten; shrinks to False."""
        return bool(self._draw(st.integers(0, 9)) >= 10 - tenths)

    def _spelled(self, moment: datetime) -> str:
        far = [UTC, ZoneInfo("Asia/Ho_Chi_Minh"), self._zone]
        text: str = moment.astimezone(far[self._draw(st.integers(0, 2))]).isoformat()
        if "." in text and self._chance(1):
            text = text[: -len("+00:00")] + "999" + text[-len("+00:00") :]  # digits beyond the microsecond
        return text.replace("+00:00", "Z")

    def moment(self) -> str:
        """A moment of `data`: also without an offset, where that means the same."""
        moment = self._pick(*self._palette)
        local = moment.astimezone(self._zone).replace(tzinfo=None).isoformat()
        return local if self._chance(2) and read_moment(local, self._zone) == moment else self._spelled(moment)

    def due(self) -> str:
        moment = self._pick(*self._palette)
        day = moment.astimezone(self._zone).date()
        return str(day) if last_of(day, self._zone) == moment and self._chance(5) else self._spelled(moment)

    def fields(self, **values: Callable[[], Any]) -> dict[str, Any]:
        """Each field given, left out or null."""
        data: dict[str, Any] = {"note": "x"} if self._chance(1) else {}
        for name, value in values.items():
            if self._chance(6):
                data[name] = value()
            elif self._chance(1):
                data[name] = None
        return data

    def flag(self) -> bool:
        return self._chance(7)

    def of(self, *values: Any) -> Callable[[], Any]:
        return lambda: self._pick(*values)

    # what each type says

    def received(self, key: str) -> dict[str, Any]:
        flags = ("components_digitized", "reused_data", "from_personal_storage", "population_data")
        return self.fields(
            received_at=self.moment,
            due_at=self.due,
            channel=self.of("onsite", "online", "online", "postal"),
            fee=self.of(0, 0, 5000),
            intake_unit=self.of(*UNITS),
            allowed=self.of(0.25, 0.5, 1, 2, 20),
            allowed_unit=self.of("working_day", "working_day", "hour", "day", "month"),
            **dict.fromkeys(flags, self.flag),
        ) | self.place(key)

    def place(self, key: str) -> dict[str, Any]:
        return {"unit": self._pick(*TREE.subtree(key)), "procedure": self._pick(*PROCEDURES)}

    def rated(self, _key: str) -> dict[str, Any]:
        levels = self.of("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")
        stars: Callable[[], Any] = lambda: self._draw(st.integers(1, 5))  # noqa: E731  as short as its siblings
        answers = st.dictionaries(st.sampled_from(list("1234567")), st.integers(0, 2), min_size=1)
        data = self.fields(
            stars=stars,
            level=levels,
            rated_at=self.moment,
            slip=lambda: self._draw(answers),
            kind=self.of("paper", "kiosk", "online"),
        )
        if not (data.get("stars") or data.get("level") or data.get("slip")):
            data["slip"] = self._draw(answers)
        return data

    def supplemented(self, _key: str) -> dict[str, Any]:
        due = {"due_at": self.due()} if self._chance(3) else {}
        return self.fields(completed_at=self.moment) | {"supplement": self._pick("a", "b"), **due}

    def progressed(self, _key: str) -> dict[str, Any]:
        states = ["registered", "accepted", "declined", "processing", "supplement", "supplement", "supplement"]
        state = self._pick(*states, "payment", "withdrawn", "stopped", "done", "returned")
        return self.fields(agency=self.of(*UNITS)) | {"state": state, "progressed_at": self.moment()}


_REASONS = ("overload", "Ông A bận")

KINDS: dict[str, Callable[[Writer, str], dict[str, Any]]] = {
    "received": Writer.received,
    "submitted": lambda w, key: (
        w.fields(submitted_at=w.moment, channel=w.of("online", "onsite", "postal")) | w.place(key)
    ),
    "declined": lambda w, key: w.fields(declined_at=w.moment, reason=w.of(*_REASONS), unit=lambda: key),
    "step": lambda w, _: (
        w.fields(agency=w.of(*UNITS), started_at=w.moment, due_at=w.due, finished_at=w.moment)
        | {"step": w.of("x", "y")()}
    ),
    "supplement_requested": lambda w, _: (
        w.fields(requested_at=w.moment, fault=w.of("agency", "applicant")) | {"supplement": w.of("a", "b")()}
    ),
    "supplemented": Writer.supplemented,
    "rescheduled": lambda w, _: w.fields(apology=w.flag, reason=w.of(*_REASONS)) | {"due_at": w.due()},
    "processed": lambda w, _: w.fields(
        finished_at=w.moment,
        outcome=w.of("completed", "refused", "stopped"),
        result_file=w.flag,
        result_stored=w.flag,
        result_coded=w.flag,
    ),
    "returned": lambda w, _: w.fields(returned_at=w.moment, result_file=w.flag, result_coded=w.flag),
    "withdrawn": lambda w, _: w.fields(withdrawn_at=w.moment),
    "reopened": lambda w, _: w.fields(reopened_at=w.moment),
    "paid": lambda w, _: w.fields(
        payment=w.of("1", "2"), paid_at=w.moment, method=w.of("national_portal", "local_gateway", "other", "cash")
    ),
    "synced": lambda w, _: w.fields(synced_at=w.moment),
    "late": lambda w, _: w.fields(late_at=w.moment, apology=w.flag, reason=w.of(*_REASONS)),
    "notified": lambda w, _: w.fields(notified_at=w.moment),
    "rated": Writer.rated,
    "progressed": Writer.progressed,
    "petitioned": lambda w, _: (
        w.fields(petitioned_at=w.moment, upheld=w.flag, finding=w.of(True, False), voided=w.of(True, False, False))
        | {"petition": w.of("p", "q")()}
    ),
    "voided": lambda _w, _: {},
}

_ENDS = ["processed", "processed", "returned", "withdrawn", "reopened", "rescheduled", "rated"]
_WAITS = ["supplement_requested", "supplement_requested", "supplemented", "supplemented"]
_LOG = ["progressed"] * 4
INDICATORS = ["processed", "processed", "returned", "synced", "synced", "paid", "paid", "rated", *_WAITS[1:]]
"""What most indicators of Decision 766 are about."""

THEMES: list[list[str]] = [
    list(KINDS),
    [*_WAITS, "rescheduled", "petitioned", "rated"],
    [*_WAITS, *_ENDS],
    [*_WAITS, *_LOG, "processed"],
    [*_LOG, *_LOG, *_ENDS, "declined"],
    ["rescheduled", "late", "notified", "processed", "supplement_requested", "supplemented"],
    ["submitted", "submitted", "declined", "withdrawn", "voided", "received", "reopened"],
    INDICATORS,
]
"""What a dossier's events are drawn from: few types at a time, so that those which bear on each other meet."""
