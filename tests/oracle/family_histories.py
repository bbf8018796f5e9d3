"""Histories of petitions, procedures and figures to draw: few subjects, few moments, most of them at the edges of deadlines."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from schemas.units import Unit, UnitTree
from tests.oracle.families import neighbours
from tests.oracle.histories import History
from tests.oracle.said import Said, last_of
from tests.oracle.workdays import after

TREE = UnitTree(
    [
        Unit(code="G09", name="Bộ", kind="ministry"),
        Unit(code="G09.1", name="Cục", kind="department", parent="G09"),
        Unit(code="H01", name="Tỉnh", kind="province"),
        Unit(code="H01.11", name="Xã Một", kind="commune", parent="H01"),
        Unit(code="H01.12", name="Xã Hai", kind="commune", parent="H01"),
    ]
)
UNITS = [unit.code for unit in TREE]
START = date(2026, 4, 20)
"""Then come Hùng Kings' day (moved), 30 April and 1 May, and a working Saturday near them."""

days: SearchStrategy[date] = st.integers(-3, 45).map(lambda n: START + timedelta(days=n))
FLAGS = ["special", "fee", "paper_result", "for_citizens", "full_online_eligible"]
PARTS = ["name", "steps", "manner", "documents", "time", "subject", "agency"]
PETITIONS = ["PA-1", "PA-2"]
PROCEDURES = ["1.001", "2.002"]
DECISIONS = ["12/QĐ", "13/QĐ"]
SPANS = [
    ("2026-01-01", None),
    ("2026-03-06", None),
    ("2026-03-01", "2026-03-31"),
    ("2026-01-01", "2026-02-28"),
    ("2026-01-01", "2026-03-31"),
    ("2025-01-01", "2025-12-31"),
]
"""Days of figures: some of them tile months and quarters, one is the year before."""
_KINDS = {
    "received": ("sent_at", "forwarded_at"),
    "accepted": ("accepted_at",),
    "supplement_requested": ("requested_at",),
    "supplemented": ("completed_at",),
    "declined": ("declined_at",),
    "answered": ("answered_at",),
    "published": ("published_at",),
    "rated": (),
    "voided": (),
}


@st.composite
def palettes(draw: DrawFn, zone: ZoneInfo) -> tuple[datetime, ...]:
    """A start and the edges of all deadlines from it."""
    day = START + timedelta(days=draw(st.integers(0, 9)))
    begin = datetime.combine(day, datetime.min.time(), zone).astimezone(UTC) + timedelta(hours=9)
    edges = [begin, begin + timedelta(days=1)]
    for n in (2, 5, 10, 15, 20):
        edges += neighbours(last_of(after(day, n), zone))
    edges += neighbours(last_of(after(after(day, 15), 2), zone))
    return tuple(draw(st.lists(st.sampled_from(edges), min_size=4, max_size=10)))


@st.composite
def histories(draw: DrawFn, *, least: int = 1, events: int = 12) -> History:
    """What was sent, `least` to `events` before duplicates, in the order of arrival."""
    name = draw(st.sampled_from(["Asia/Ho_Chi_Minh", "America/New_York"]))
    palette = draw(palettes(ZoneInfo(name)))
    writer = Writer(draw, palette)
    for _ in range(draw(st.integers(least, events))):
        writer.petition() if draw(st.integers(0, 2)) else writer.other()
    said = list(writer.said)
    said += draw(st.lists(st.sampled_from(said), max_size=3))
    return History(name, palette, tuple(draw(st.permutations(said))))


class Writer:
    """Writes events of all families but dossiers, with moments of a palette; petitions may name these dossiers."""

    def __init__(self, draw: DrawFn, palette: Sequence[datetime], dossiers: Sequence[str] = ("H01.11-1",)) -> None:
        self._draw = draw
        self._palette = palette
        self._dossiers = dossiers
        self.said: list[Said] = []

    def petition(self, kind: str | None = None) -> None:
        """Something about a petition."""
        kind = kind or self._one([*_KINDS, "received", "answered", "repeated"])
        subject = self._one(PETITIONS)
        if kind == "repeated":
            return self._say(f"nhip.petition.{kind}", subject, {"by": self._one(["PA-8", "PA-9"])}, self._one(UNITS))
        unit = self._one(["H01.11", "H01.11", "H01"])
        data: dict[str, Any] = {"unit": unit}
        for field in _KINDS[kind]:
            if self._maybe():
                data[field] = self._moment()
        if kind == "received" and self._maybe():
            data["class"] = self._one(["rules", "staff", "other"])
            data["repeats"] = self._one([None, *PETITIONS])
        if kind in {"received", "answered", "voided"} and self._maybe():
            data["dossier"] = self._one(self._dossiers)
        if kind == "answered":
            data["upheld"] = self._one([None, True, False])
        if kind == "rated":
            data |= {"likes": self._one([0, 1, 2, None]), "dislikes": self._one([0, 1, 2, None])}
        return self._say(f"nhip.petition.{kind}", subject, data, self._speaker(unit))

    def other(self) -> None:
        """Something about a procedure, or a figure."""
        often = [self.described, self.announced, self.published, self.offered, self.offered]
        self._draw(st.sampled_from([*often, *often, self.declared, self.voided]))()

    def described(self) -> None:
        procedure, owner = self._one(PROCEDURES), self._one([None, "H01", "G09.1"])
        data = {
            "procedure": procedure,
            "owner": owner,
            "services": self._one([None, 0, 2, 3]),
            "status": self._one([None, "public", "amending", "abolished", "hidden"]),
            "parts": self._one([None, PARTS, PARTS[:6], PARTS + PARTS[:1], [PARTS[0]] * 7]),
            **{flag: self._one([True, True, False, None]) for flag in FLAGS},
        }
        self._say("nhip.procedure.described", procedure, data, self._speaker(owner) if owner else self._one(UNITS))

    def announced(self) -> None:
        data = self._decision()
        data |= {"decided_at": self._legal(), "effective_at": self._legal()}
        self._say(
            "nhip.procedure.announced", f"{data['decision']}/{data['procedure']}", data, self._speaker(data["unit"])
        )

    def published(self) -> None:
        data = self._decision() | {"published_at": self._legal()}
        self._say(
            "nhip.procedure.published", f"{data['decision']}/{data['procedure']}", data, self._speaker(data["unit"])
        )

    def offered(self) -> None:
        unit, procedure = self._one(["H01.11", "H01"]), self._one(PROCEDURES)
        data = {
            "unit": unit,
            "procedure": procedure,
            "online": self._one([None, "none", "information", "partial", "full"]),
            "on_site": self._one([None, "none", "reception", "full"]),
            "on_site_exempt": self._one([None, True, False]),
            "from_at": self._legal(),
            "to_at": self._one([None, self._legal()]),
        }
        self._say("nhip.procedure.offered", f"{unit}/{procedure}", data, self._speaker(unit))

    def voided(self) -> None:
        left = self._one(["12/QĐ/", "13/QĐ/", "H01.11/", "H01/", ""])
        self._say("nhip.procedure.voided", left + self._one(PROCEDURES), {}, self._one(UNITS))

    def declared(self) -> None:
        unit, (first, last) = self._one(["H01.11", "H01.12", "H01"]), self._one(SPANS)
        figure, values = self._one([("certified_copy", [0, 1, 2.5]), ("national_report_received", [2, 7, 2.5])])
        data = {"unit": unit, "figure": figure, "value": self._one(values), "from": first, "to": last}
        self._say("nhip.unit.declared", f"{unit}/{figure}/{first}/{last or ''}", data, self._speaker(unit))

    def _decision(self) -> dict[str, Any]:
        unit = self._one(["H01", "H01", "G09.1", "G09"])
        return {"decision": self._one(DECISIONS), "procedure": self._one(PROCEDURES), "unit": unit}

    def _say(self, tag: str, subject: str, data: dict[str, Any], key: str) -> None:
        event = {"specversion": "1.0", "id": self._one(["a", "b", "c"]) + str(len(self.said)), "source": "/s",
                 "type": tag, "subject": subject, "time": self._moment(), "data": data}  # fmt: skip
        self.said.append(Said(event, key))

    def _speaker(self, unit: str) -> str:
        return self._one(sorted(TREE.line(unit)))

    def _legal(self) -> str | None:
        return self._one([None, self._moment(), self._moment(), self._one(self._palette).date().isoformat()])

    def _moment(self) -> str:
        return self._one(self._palette).isoformat()

    def _maybe(self) -> bool:
        return self._draw(st.booleans())

    def _one(self, things: Any) -> Any:
        return self._draw(st.sampled_from(things))
