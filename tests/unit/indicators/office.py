"""A province, a department, two communes and a ministry, of which tests say what happened and ask for one row of the table A.3."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from schemas.calendar import vietnam
from schemas.moments import Zone, parse_moment
from schemas.periods import parse_period
from schemas.rulesets import ScoreDocument, document
from schemas.units import Unit, UnitTree
from services.api.cube.period_counts import PeriodCounts
from services.scorer.domain.setting import Setting
from tests.oracle.said import Said
from tests.whole import Whole

DOCUMENT = ("766-2022", "766-binh-thuan-740")
P2025, P2026 = "766-portal-2025", "766-portal-2026"
RULESETS = (*DOCUMENT, P2025, P2026)

PROVINCE, DEPARTMENT, COMMUNE, OTHER_COMMUNE, MINISTRY = "H01", "H01.06", "H01.187", "H01.188", "G09"
TREE = UnitTree(
    [
        Unit(code=PROVINCE, name="An Giang", kind="province"),
        Unit(code=DEPARTMENT, name="Sở Xây dựng", kind="department", parent=PROVINCE),
        Unit(code=COMMUNE, name="Xã Đông Thái", kind="commune", parent=PROVINCE),
        Unit(code=OTHER_COMMUNE, name="Xã Ba Chúc", kind="commune", parent=PROVINCE),
        Unit(code=MINISTRY, name="Bộ Xây dựng", kind="ministry"),
        Unit(code="G09.12", name="Cục Đường sắt", kind="department", parent=MINISTRY),
    ]
)
ZONE = Zone("Asia/Ho_Chi_Minh")
PARTS = ["name", "steps", "manner", "documents", "time", "subject", "agency"]
"""Điều 8 khoản 2 Nghị định 63/2010/NĐ-CP."""

QUARTER = "2026-Q1"
NOW = "2026-04-01T12:00:00"
MONDAY = "2026-03-02T08:00:00+07:00"
"""March 2026 has no public holiday: working days are Monday to Friday."""


class Row(NamedTuple):
    """What is shown of one indicator."""

    numerator: float
    denominator: float
    score: float | None
    status: str = "ok"


def alike(row: Row, *, p2022: Row | None = None, p2025: Row | None = None, p2026: Row | None = None) -> dict[str, Row]:
    """The same row under every rule set, but for those that are named; `p2022` are the formula document and Bình Thuận's plan."""
    others = {**dict.fromkeys(DOCUMENT, p2022), P2025: p2025, P2026: p2026}
    return {ruleset: other or row for ruleset, other in others.items()}


class Office:
    """What has been said of the units, as of a moment."""

    def __init__(self, now: str = NOW, tree: UnitTree = TREE) -> None:
        self._whole = Whole(Setting(tree, ZONE, vietnam(ZONE)), parse_moment(now, ZONE))
        self._said = 0

    def say(self, kind: str, subject: str, time: str = MONDAY, **data: Any) -> None:
        """One event, sent with the key of the uppermost unit. None leaves a field out."""
        self._said += 1
        fields = {name.rstrip("_"): value for name, value in data.items() if value is not None}
        event = {"specversion": "1.0", "id": str(self._said), "source": "/mot-cua/test", "type": f"nhip.{kind}",
                 "subject": subject, "time": _moment(time), "data": fields}  # fmt: skip
        speaker = MINISTRY if str(fields.get("unit", fields.get("owner", ""))).startswith(MINISTRY) else PROVINCE
        self._whole.push([Said(event, speaker)])

    def dossier(
        self,
        *,
        unit: str = COMMUNE,
        procedure: str = "1.001",
        received: str = MONDAY,
        due_at: str | None = "2026-03-20",
        ended: str | None = "2026-03-10T08:00:00",
        end: dict[str, Any] | None = None,
        synced: bool = False,
        paid: str | None = None,
        **fields: Any,
    ) -> str:
        """A dossier from its receipt to its end (`ended` None: it is still open); its code. `end` is what `processed` says."""
        code = f"{unit}-26-{self._said}"
        self.say("dossier.received", code, received, unit=unit, procedure=procedure, due_at=due_at, **fields)
        if ended is not None:
            self.say("dossier.processed", code, ended, **(end or {}))
        if synced:
            self.say("dossier.synced", code, received)
        if paid is not None:
            self.say("dossier.paid", code, received, method=paid)
        return code

    def described(self, *procedures: str, owner: str = PROVINCE, **data: Any) -> None:
        """Lines of the catalogue."""
        for procedure in procedures:
            self.say("procedure.described", procedure, procedure=procedure, owner=owner, **data)

    def offered(self, *procedures: str, unit: str = COMMUNE, **data: Any) -> None:
        """Offers, in force since January."""
        for procedure in procedures:
            data = {"from_at": "2026-01-01"} | data
            self.say("procedure.offered", f"{unit}/{procedure}", unit=unit, procedure=procedure, **data)

    def decided(self, decision: str, procedure: str, *, on: str, unit: str = PROVINCE, **data: Any) -> None:
        """A decision announces a procedure."""
        where = {"decision": decision, "procedure": procedure, "unit": unit}
        self.say("procedure.announced", f"{decision}/{procedure}", _past(on), **where, decided_at=on, **data)

    def published(self, decision: str, procedure: str, *, at: str) -> None:
        """It is made public."""
        where = {"decision": decision, "procedure": procedure, "unit": PROVINCE}
        self.say("procedure.published", f"{decision}/{procedure}", at, **where)

    def declared(self, figure: str, value: float, unit: str, *, first: str, last: str | None = None) -> None:
        """A figure for a span of days; without the last until further notice."""
        data = {"figure": figure, "value": value, "unit": unit, "from_": first, "to": last}
        self.say("unit.declared", f"{unit}/{figure}/{first}/{last or ''}", **data)

    def petition(self, code: str, sent: str = MONDAY, unit: str = COMMUNE, *, steps: Any = (), **data: Any) -> None:
        """A petition that came to a unit, and what the unit did: (kind, moment) each."""
        self.say("petition.received", code, sent, unit=unit, **data)
        for kind, time in steps:
            self.say(f"petition.{kind}", code, time, unit=unit)

    def turn_to(self, now: str) -> None:
        """Let time pass."""
        self._whole.turn_to(parse_moment(now, ZONE))

    def shown(self, unit: str = PROVINCE, ruleset: str = P2026, period: str = QUARTER) -> ScoreDocument:
        """The score of a unit."""
        return document(self._whole.scores(ruleset, parse_period(period, 0), [unit]), 0)

    @contextmanager
    def counts(self, unit: str = PROVINCE, period: str = QUARTER) -> Iterator[PeriodCounts]:
        """The counts of a unit."""
        with self._whole.counts(parse_period(period, 0), [unit]) as counts:
            yield counts

    @property
    def procedures(self) -> list[str]:
        """Procedures by their numbers."""
        return self._whole.procedures

    def rows(self, code: str, unit: str = PROVINCE, period: str = QUARTER) -> dict[str, Row]:
        """One indicator of a unit, by rule set."""
        return {ruleset: _row(self.shown(unit, ruleset, period), code) for ruleset in RULESETS}

    def group(self, code: str, ruleset: str = P2026, unit: str = PROVINCE) -> float:
        """The points of a group."""
        return next(group.score for group in self.shown(unit, ruleset).groups if group.code == code)


def _row(shown: ScoreDocument, code: str) -> Row:
    found = next(each for group in shown.groups for each in group.indicators if each.code == code)
    assert (found.ratio is None) == (found.denominator == 0), "no data is never a ratio"
    return Row(found.numerator, found.denominator, found.score, found.status)


def _moment(text: str) -> str:
    return text if "+" in text else f"{text}+07:00"


def _past(day: str) -> str:
    """A time at which the system recorded what happened on a day."""
    return f"{day[:10]}T08:00:00"
