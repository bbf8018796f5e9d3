"""Petitions, procedures and figures, counted by their definitions (`events_and_measures.md`, sections 2.1, 2.2, 5.3 and 6).

For every look everything is gone through again: no sums, no timers, no facts kept.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from schemas.units import UnitTree
from tests.oracle.recount import Place
from tests.oracle.said import MICROSECOND, NEVER, Line, Said, day_of, greatest, last_of, moment_of, read_moment
from tests.oracle.workdays import after

Counted = tuple[str, str, str, datetime]
"""Unit, item, measure, moment."""


class FamiliesRecount:
    """What was said, counted as of `now` (microseconds)."""

    def __init__(self, said: Iterable[Said], tree: UnitTree, zone: str, now: int) -> None:
        self.tree = tree
        self.zone = ZoneInfo(zone)
        self.now = moment_of(now)
        self.subjects: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for one in said:
            line = self._read(one)
            family = one.event["type"].split(".")[1]
            self.subjects[family, one.event["subject"]].append(line)

    def measures(self, first: date | None, last: date) -> dict[Place, Counter[str]]:
        """Each measure of a period by unit and item."""
        found: dict[Place, Counter[str]] = defaultdict(Counter)
        until = min(last_of(last, self.zone), self.now)
        for unit, item, measure, moment in self._flows():
            if moment <= until and (first is None or day_of(moment, self.zone) >= first):
                found[unit, item][measure] += 1
        for unit, item, measure in self._stocks(until):
            found[unit, item][measure] += 1
        return found

    def figures(self) -> dict[str, tuple[str, str, float]]:
        """Declared figures that hold: subject -> unit, figure, value."""
        found = {}
        for (family, subject), lines in self.subjects.items():
            if family == "unit":
                line = greatest(lines)
                assert line is not None
                found[subject] = line.data["unit"], line.data["figure"], line.data["value"]
        return found

    def described(self) -> dict[str, Line]:
        """What the catalogue says of every procedure."""
        return {subject: line for subject, lines in self.procedures() if (line := self.holds(lines, "described"))}

    def _flows(self) -> Iterator[Counted]:
        for part in self.parts():
            yield from part.flows()
        for _, lines in self.procedures():
            yield from self.decisions(lines)

    def _stocks(self, moment: datetime) -> Iterator[tuple[str, str, str]]:
        for part in self.parts():
            for measure in part.stocks(moment):
                yield part.unit, part.item, measure
        for subject, lines in self.procedures():
            described = self.holds(lines, "described")
            if described and described.data.get("status", "public") in {"public", "amending"}:
                owner = described.data.get("owner", described.key)
                yield owner, subject, "procedure_public"
                if len(set(described.data.get("parts", []))) == 7:
                    yield owner, subject, "procedure_complete"
            offered = self.holds(lines, "offered")
            if offered and offered.at("from_at") <= moment <= offered.data.get("to_at", NEVER):
                yield from _offer(offered)

    def parts(self) -> Iterator["Part"]:
        for (family, _), lines in self.subjects.items():
            if family == "petition":
                for unit in {line.data["unit"] for line in lines if line.kind == "received"}:
                    part = Part(self, unit, lines)
                    if part.counts:
                        yield part

    def procedures(self) -> Iterator[tuple[str, list[Line]]]:
        for (family, subject), lines in self.subjects.items():
            if family == "procedure":
                yield subject, lines

    def decisions(self, lines: list[Line]) -> Iterator[Counted]:
        announced, published = self.holds(lines, "announced"), self.holds(lines, "published")
        deadline = None
        if announced and announced.at("decided_at") <= self.now:
            where = announced.data["unit"], announced.data["procedure"]
            decided = announced.at("decided_at")
            ministry = self._of_ministry(where[0])
            yield *where, "announced", decided
            if effective := announced.data.get("effective_at"):
                latest = after(day_of(effective, self.zone), 20 if ministry else 5, step=-1)
                if day_of(decided, self.zone) > latest:
                    yield *where, "announced_late", decided
            deadline = last_of(after(day_of(decided, self.zone), 10 if ministry else 5), self.zone)
            missed = deadline < self.now and not (published and published.at("published_at") <= deadline)
            if missed:
                yield *where, "publication", deadline
                yield *where, "publication_late", deadline
        if published and published.at("published_at") <= self.now:
            where, moment = (published.data["unit"], published.data["procedure"]), published.at("published_at")
            yield *where, "publication", moment
            if deadline and moment > deadline:
                yield *where, "publication_late", moment

    def holds(self, lines: list[Line], kind: str) -> Line | None:
        """Of a kind the greatest, if nobody who may has voided it."""
        held = max((line for line in lines if line.kind == kind), key=lambda line: (line.rank, line.key), default=None)
        if held is None:
            return None
        unit = held.data.get("unit") or held.data.get("owner") or held.key
        voidings = [line for line in lines if line.kind == "voided" and self.tree.may_speak(line.key, unit)]
        return None if any(voiding.time >= held.time for voiding in voidings) else held

    def _of_ministry(self, unit: str) -> bool:
        return any(self.tree[above].kind == "ministry" for above in self._above(unit))

    def _above(self, unit: str) -> Iterator[str]:
        yield unit
        parent = self.tree[unit].parent
        if parent:
            yield from self._above(parent)

    def _read(self, said: Said) -> Line:
        event = said.event
        data: dict[str, Any] = {name: value for name, value in event.get("data", {}).items() if value is not None}
        for name, value in data.items():
            if name.endswith("_at"):
                bare = len(value) == len("2026-03-12")
                data[name] = read_moment(f"{value}T00:00:00" if bare and name != "to_at" else value, self.zone)
        kind = event["type"].split(".")[2]
        return Line(kind, read_moment(event["time"], self.zone), event["id"], event["source"], said.unit, data)


class Part:
    """One unit's part of a petition."""

    def __init__(self, recount: FamiliesRecount, unit: str, lines: list[Line]) -> None:
        self.unit = unit
        self._recount = recount
        tree = recount.tree
        self._repeats = [line for line in lines if line.kind == "repeated" and tree.may_speak(line.key, unit)]
        self.lines = [line for line in lines if line.data.get("unit") == unit]
        received, voided = self._last("received"), self._last("voided")
        assert received is not None
        self.start = received.data.get("forwarded_at") or received.at("sent_at")
        self.item = received.data.get("class", "other")
        self.counts = self.start <= recount.now and not (voided and voided.time >= received.time)

    def flows(self) -> Iterator[Counted]:
        yield self.unit, self.item, "petition_received", self.start
        end = self.closing()
        if end:
            moment, late = max(end[0], self.start), end[1]
            yield self.unit, self.item, "petition_closed", moment
            if not late:
                yield self.unit, self.item, "petition_closed_on_time", moment
                if self.liked():
                    yield self.unit, self.item, "petition_closed_satisfied", moment
        accepted = [line.at("accepted_at") for line in self.lines if line.kind == "accepted"]
        if accepted and min(accepted) <= self._recount.now:
            moment = max(min(accepted), self.start)
            yield self.unit, self.item, "petition_accepted", moment
            late_now = end[1] if end else self._recount.now > self.limit(self.start, 15)
            if late_now or not self.liked():
                yield self.unit, self.item, "petition_accepted_unsatisfied", moment

    def stocks(self, moment: datetime) -> Iterator[str]:
        end = self.closing()
        if self.start <= moment and (end is None or moment < max(end[0], self.start)):
            yield "petition_open"
            if moment > self.limit(self.start, 15):
                yield "petition_open_overdue"
            elif self.liked():
                yield "petition_open_satisfied"

    def closing(self) -> tuple[datetime, bool] | None:
        """When it was closed, and whether too late."""
        declined, answered = self._when("declined", "declined_at"), self._when("answered", "answered_at")
        asked, told = self._when("supplement_requested", "requested_at"), self._when("supplemented", "completed_at")
        ways = []
        if declined:
            ways.append((declined, declined > self.limit(self.start, 2)))
        if answered:
            published, limit = self._when("published", "published_at"), self.limit(answered, 2)
            hidden = self._recount.now > limit and not (published and published <= limit)
            ways.append((answered, answered > self.limit(self.start, 15) or hidden))
        if not ways and asked and not (told and told > asked):
            ways.append((asked, asked > self.limit(self.start, 5)))
        return min(ways) if ways else None

    def liked(self) -> bool:
        rated = self._last("rated")
        if rated and rated.time <= self._recount.now and rated.data.get("dislikes", 0) > rated.data.get("likes", 0):
            return False
        # of each later petition the greatest event holds
        latest = {line.data["by"]: line for line in sorted(self._repeats, key=lambda line: (line.rank, line.key))}
        return not any(line.time <= self._recount.now for line in latest.values())

    def limit(self, since: datetime, days: int) -> datetime:
        zone = self._recount.zone
        return last_of(after(day_of(since, zone), days), zone)

    def _last(self, kind: str) -> Line | None:
        return max(
            (line for line in self.lines if line.kind == kind), key=lambda line: (line.rank, line.key), default=None
        )

    def _when(self, kind: str, field: str) -> datetime | None:
        line = self._last(kind)
        return line.at(field) if line and line.at(field) <= self._recount.now else None


def _offer(line: Line) -> Iterator[tuple[str, str, str]]:
    online, on_site = line.data.get("online", "none"), line.data.get("on_site", "none")
    holds = {
        "procedure_offered": True,
        "procedure_online": online in {"partial", "full"},
        "procedure_online_full": online == "full",
        "procedure_on_site": on_site in {"reception", "full"},
        "procedure_on_site_full": on_site == "full",
        "procedure_on_site_exempt": line.says("on_site_exempt"),
    }
    for measure, true in holds.items():
        if true:
            yield line.data["unit"], line.data["procedure"], measure


def neighbours(moment: datetime) -> list[datetime]:
    return [moment - MICROSECOND, moment, moment + MICROSECOND, moment + timedelta(hours=3)]
