"""The rows of Decision 766 about procedures, petitions and figures, by the words of the law; and which units and days are looked at."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property

from schemas.periods import Period
from schemas.rows import FigureRow
from schemas.units import UnitTree
from tests.oracle.families import FamiliesRecount, Part
from tests.oracle.figures import by_trying
from tests.oracle.said import EPOCH, NEVER, Line, Said, day_of, greatest, last_of

Pair = tuple[Fraction | int, Fraction | int]
Pairs = dict[str, Pair]
"""Numerator and denominator by indicator."""


def consequences(said: Said) -> Iterator[Said]:
    """What ingest sends on account of an event about a petition (`events_and_measures.md`, 1.1, 2.2, and reading 3)."""
    event, data = said.event, said.event.get("data") or {}
    kind = event["type"].removeprefix("nhip.petition.")
    told: dict[str, object] | None = None
    if kind == "received":
        told = {"petitioned_at": data.get("forwarded_at") or data.get("sent_at")}
    elif kind == "answered" and data.get("upheld") is not None:
        told = {"upheld": data["upheld"], "finding": True}
    elif kind == "voided":
        told = {"voided": True}
    if told is not None and data.get("dossier") is not None:
        about = told | {"petition": event["subject"]}
        yield _following(said, "nhip.dossier.petitioned", data["dossier"], about)
    if kind == "received" and data.get("repeats") not in (None, event["subject"]):
        yield _following(said, "nhip.petition.repeated", data["repeats"], {"by": event["subject"]})


def _following(cause: Said, tag: str, subject: str, data: dict[str, object]) -> Said:
    return Said(cause.event | {"type": tag, "subject": subject, "data": data}, cause.unit, cause.system)


class Sight:
    """The units and the days that are looked at; the period ends now if that is earlier."""

    def __init__(
        self, tree: UnitTree, families: FamiliesRecount, unit: str, first: date | None, last: date, *, pooled: bool
    ) -> None:
        self.tree, self.families, self.unit = tree, families, unit
        self.first, self.last, self.pooled = first, last, pooled
        self.units = set(tree.subtree(unit)) if pooled else {unit}
        self.until = min(last_of(last, families.zone), families.now)

    def inside(self, moment: datetime) -> bool:
        """Trong kỳ."""
        return moment <= self.until and (self.first is None or day_of(moment, self.families.zone) >= self.first)


class FamilyRows:
    """The rows about all but dossiers."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self.recount = sight.families

    # procedures

    @cached_property
    def catalogue(self) -> dict[str, Line]:
        """What holds of every procedure that is described; of all days, whatever its `time`."""
        found = ((subject, self.recount.holds(lines, "described")) for subject, lines in self.recount.procedures())
        return {subject: line for subject, line in found if line is not None}

    def offered(self, attribute: str | None = None, *, online: Collection[str] | None = None) -> set[str]:
        """Procedures that some of the units offer at the end of the period: described so; online in one of these ways."""
        found = set()
        for _, lines in self.recount.procedures():
            line = self.recount.holds(lines, "offered")
            if line is None or line.data["unit"] not in self.sight.units:
                continue
            procedure = line.data["procedure"]
            known = self.catalogue.get(procedure)
            described = attribute is None or (known is not None and known.says(attribute))
            fits = online is None or line.data.get("online") in online
            if described and fits and line.at("from_at") <= self.sight.until <= line.data.get("to_at", NEVER):
                found.add(procedure)
        return found

    @cached_property
    def province(self) -> str | None:
        """The province in which the unit lies."""
        code: str | None = self.sight.unit
        while code is not None and self.sight.tree[code].kind != "province":
            code = self.sight.tree[code].parent
        return code

    def asked(self, procedure: str) -> bool:
        """1.1 and 1.3 ask of a province for its special procedures ("đặc thù") alone."""
        known = self.catalogue.get(procedure)
        return self.province is None or (known is not None and known.says("special"))

    def publicity(self) -> Pairs:
        """1.1 to 1.3: any late decision makes its procedure late for the period."""
        seen: dict[str, set[str]] = {
            name: set() for name in ("announced", "announced_late", "publication", "publication_late")
        }
        for _, lines in self.recount.procedures():
            for unit, procedure, what, moment in self.recount.decisions(lines):
                if unit in self.sight.units and self.sight.inside(moment):
                    seen[what].add(procedure)
        announced = set(filter(self.asked, seen["announced"]))
        public = set(filter(self.asked, self.public()))
        return {
            "1.1": (len(announced - seen["announced_late"]), len(announced)),
            "1.2": (len(seen["publication"] - seen["publication_late"]), len(seen["publication"])),
            "1.3": (sum(len(set(self.catalogue[each].data.get("parts", []))) == 7 for each in public), len(public)),
        }

    def public(self) -> Iterator[str]:
        """Đang công khai, đang công khai sửa đổi bổ sung; of owners among the units."""
        for procedure, line in self.catalogue.items():
            owner = line.data.get("owner", line.key)
            if owner in self.sight.units and line.data.get("status", "public") in {"public", "amending"}:
                yield procedure

    # petitions

    @cached_property
    def parts(self) -> list[Part]:
        """The parts of petitions that the units handle in the period: open at its end, or closed in it."""
        mine = (part for part in self.recount.parts() if part.unit in self.sight.units)
        return [part for part in mine if self.is_open(part) or self.sight.inside(self.closed_at(part))]

    def closed_at(self, part: Part) -> datetime:
        end = part.closing()
        return NEVER if end is None else max(end[0], part.start)

    def is_open(self, part: Part) -> bool:
        return part.start <= self.sight.until < self.closed_at(part)

    def in_time(self, part: Part) -> bool:
        """Đúng hạn, trong hạn."""
        end = part.closing()
        if end is None or self.is_open(part):
            return self.sight.until <= part.limit(part.start, 15)
        return not end[1]

    def petitions(self) -> Pairs:
        """5.1 to 5.3, the last by the first acceptance in the period."""
        parts = self.parts
        accepted = [part for part in self.recount.parts() if part.unit in self.sight.units and self.accepted(part)]
        return {
            "5.1a": (sum(part.item == "rules" for part in parts), len(parts)),
            "5.1b": (sum(part.item == "staff" for part in parts), len(parts)),
            "5.2": (sum(map(self.in_time, parts)), len(parts)),
            "5.3": (sum(not self.late_now(part) and part.liked() for part in accepted), len(accepted)),
        }

    def satisfied(self, *, closed_only: bool = False) -> Pair:
        """5.3 of the portal, of all petitions handled; of the draft, of those that were closed."""
        parts = [part for part in self.parts if not (closed_only and self.is_open(part))]
        return sum(self.in_time(part) and part.liked() for part in parts), len(parts)

    def accepted(self, part: Part) -> bool:
        """Whether its first acceptance lies in the period; before it came it counts when it came."""
        moments = [line.at("accepted_at") for line in part.lines if line.kind == "accepted"]
        first = min(moments, default=NEVER)
        return first <= self.recount.now and self.sight.inside(max(first, part.start))

    def late_now(self, part: Part) -> bool:
        end = part.closing()
        return end[1] if end else self.recount.now > part.limit(part.start, 15)

    # figures

    def figure(self, name: str) -> Fraction:
        """What the unit declared for the period, else what those below it did."""
        return self._of(self.sight.unit, name, self.sight.first, self.sight.last)

    def last_year(self, name: str) -> Fraction:
        """The period's share of the figure of the year before: a twelfth, a quarter, or all of it; of other days nothing."""
        shares, year = shares_of(self.sight.first, self.sight.last), self.sight.last.year - 1
        return self._of(self.sight.unit, name, date(year, 1, 1), date(year, 12, 31)) / shares if shares else Fraction(0)

    def copies(self) -> Pair:
        """4.6: xã cung cấp / tổng số xã."""
        communes = [code for code in self.sight.units if self.sight.tree[code].kind == "commune"]
        first, last = self.sight.first, self.sight.last
        return sum(self._own(code, "certified_copy", first, last) == 1 for code in communes), len(communes)

    def _of(self, code: str, name: str, first: date | None, last: date) -> Fraction:
        own = self._own(code, name, first, last)
        if own is not None or not self.sight.pooled:
            return own or Fraction(0)
        below = (self._of(child.code, name, first, last) for child in self.sight.tree.children(code))
        return sum(below, Fraction(0))

    def _own(self, code: str, name: str, first: date | None, last: date) -> Fraction | None:
        period = Period(None if first is None else _number(first), _number(last))
        return by_trying([row for row in self._figures if (row.unit, row.figure) == (code, name)], period)

    @cached_property
    def _figures(self) -> list[FigureRow]:
        held = [greatest(lines) for (family, _), lines in self.recount.subjects.items() if family == "unit"]
        return [
            FigureRow(data["unit"], data["figure"], data["value"], _day(data["from"]), to and _day(to))
            for data, to in ((line.data, line.data.get("to")) for line in held if line)
        ]


def shares_of(first: date | None, last: date) -> int | None:
    """Into how many of its kind a year is cut: 12 months, 4 quarters, itself."""
    after = last + timedelta(days=1)
    if first is None or first.day != 1 or after.day != 1:
        return None
    months = (after.year - first.year) * 12 + after.month - first.month
    whole = months in (1, 3, 12) and (first.month - 1) % months == 0
    return 12 // months if whole else None


def _day(text: str) -> int:
    return _number(date.fromisoformat(text))


def _number(day: date) -> int:
    return (day - EPOCH.date()).days
