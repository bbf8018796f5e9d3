"""One dossier as it is known, as of now: what is true of it at any single instant."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from schemas.units import UnitTree
from tests.oracle.histories import DUE_SOON_HOURS, OWN_HOURS, STATUTORY
from tests.oracle.log import End, Log
from tests.oracle.office import HOURS, runs_out, worked
from tests.oracle.said import MICROSECOND, NEVER, Line, greatest, heard, kept

ENDINGS = {"processed": "finished_at", "returned": "returned_at", "withdrawn": "withdrawn_at"}
LEVELS = {"very_satisfied": 5, "satisfied": 4, "neutral": 3, "dissatisfied": 2, "very_dissatisfied": 1}


@dataclass(frozen=True)
class Request:
    """A supplement that was asked for, and the time during which the dossier waits for it (empty: it never did)."""

    asked: datetime
    brought: datetime
    stops: bool
    by_agency: bool = True
    counts: bool = True
    name: str = "~"  # a request of the log stands behind typed ones of the same moment

    def covers(self, moment: datetime) -> bool:
        return self.asked <= moment < self.brought


class Story:
    """A dossier. `lines` is all that was ever sent about it, by anybody."""

    def __init__(self, subject: str, lines: list[Line], tree: UnitTree, zone: ZoneInfo, now: datetime) -> None:
        self.subject, self.tree, self.zone = subject, tree, zone
        self.lines, self.now = heard(subject, lines, tree), now
        self.log = Log(self.lines, now)
        self.received = self.happened("received", "received_at")
        self.submitted = self.happened("submitted", "submitted_at")
        self.rescheduled = self.holding("rescheduled")
        self.reopened = self.happened("reopened", "reopened_at")
        self.typed = {kind: self.uncancelled(kind, field) for kind, field in ENDINGS.items()}
        self.voided = self.against(self.holding("voided"))
        self.declined = self.against(self.uncancelled("declined", "declined_at") or self.log.declined())

    # what holds

    def of(self, kind: str) -> list[Line]:
        return [line for line in self.lines if line.kind == kind]

    def holding(self, kind: str) -> Line | None:
        return greatest(self.of(kind))

    def happened(self, kind: str, field: str) -> Line | None:
        line = self.holding(kind)
        return line if line and line.at(field) <= self.now else None

    def uncancelled(self, kind: str, field: str) -> Line | None:
        line = self.happened(kind, field)
        cancelled = line and self.reopened and (line.time, line.id) < (self.reopened.time, self.reopened.id)
        return None if cancelled else line

    def against(self, line: Line | None) -> Line | None:
        """A `declined` or `voided`, if it holds against the receipt."""
        return None if line and self.received and line.time < self.received.time else line

    @property
    def counts(self) -> bool:
        return bool(self.received and not self.declined and not self.voided)

    @property
    def declined_at(self) -> datetime | None:
        if self.declined is None:
            return None
        return self.declined.at("progressed_at" if self.declined.kind == "progressed" else "declined_at")

    @cached_property
    def receipt(self) -> datetime:
        assert self.received is not None
        return self.received.at("received_at")

    def booked(self, moment: datetime) -> datetime:
        """What happened before the receipt counts at the receipt."""
        return max(moment, self.receipt)

    @cached_property
    def hours(self) -> str:
        """The working hours of its unit, or of the next one above that has its own."""
        unit = self.field("unit")
        while unit and unit not in OWN_HOURS:
            unit = self.tree[unit].parent
        return OWN_HOURS[unit] if unit else HOURS

    # the end and the due moment

    @cached_property
    def ends(self) -> dict[str, End]:
        ends = self.log.ends()
        for kind, line in self.typed.items():
            if line:
                outcome = line.data.get("outcome", "completed") if kind == "processed" else ""
                ends[kind] = End(kind, line.at(ENDINGS[kind]), outcome)
        return ends

    @cached_property
    def end(self) -> End | None:
        return next((self.ends[kind] for kind in ENDINGS if kind in self.ends), None)

    def due_of(self, *extra: Line | None) -> datetime | None:
        supplemented = kept(self.of("supplemented"), lambda line: line.data["supplement"]).values()
        having = (line for line in (self.received, *supplemented, *extra) if line and "due_at" in line.data)
        line = greatest(having)
        return line.data["due_at"] if line else self.statutory_due()

    def statutory_due(self) -> datetime | None:
        """When the dossier's own time runs out, else that of its procedure."""
        if self.received is None:
            return None
        told = self.received.data
        own = (told["allowed"], told.get("allowed_unit", "working_day")) if "allowed" in told else None
        allowed = own or STATUTORY.get(told["procedure"])
        return runs_out(self.receipt, *allowed, self.zone, self.hours) if allowed else None

    @cached_property
    def due(self) -> datetime | None:
        return self.due_of(self.rescheduled)

    @cached_property
    def due_before(self) -> datetime | None:
        """The due moment the dossier would have without being rescheduled."""
        return self.due_of()

    # waiting and the clock

    @cached_property
    def requests(self) -> list[Request]:
        """Every request that has happened, in order."""
        brought = kept(self.of("supplemented"), lambda line: line.data["supplement"])
        found = []
        for name, line in kept(self.of("supplement_requested"), lambda line: line.data["supplement"]).items():
            if line.at("requested_at") > self.now:
                continue
            answer = brought.get(name)
            until = answer.at("completed_at") if answer else NEVER
            stops = not (answer and "due_at" in answer.data)
            found.append(
                Request(line.at("requested_at"), until, stops, line.data.get("fault") != "applicant", name=name)
            )
        for asked, until in self.log.waits():
            overlaps = any(max(asked, typed.asked) < min(until, typed.brought) for typed in found if typed.name != "~")
            found.append(Request(asked, until, stops=True, counts=not overlaps))
        return sorted(found, key=lambda request: (request.asked, request.name))

    def waits(self, moment: datetime) -> list[Request]:
        """The requests for which the dossier waits at an instant."""
        if moment < self.receipt or (self.end and moment >= self.end.moment):
            return []
        return [request for request in self.requests if request.covers(moment)]

    def waited(self, until: datetime, *, stopping: bool, working: bool = False) -> timedelta:
        """How long it waited (or was stopped) from the receipt to an instant: between two neighbouring changes all is constant."""
        changes = {moment for request in self.requests for moment in (request.asked, request.brought)}
        changes |= {self.end.moment} if self.end else set()
        marks = [self.receipt, *sorted(m for m in changes if self.receipt < m < until), max(until, self.receipt)]
        total = timedelta()
        for start, stop in pairwise(marks):
            if any(request.stops or not stopping for request in self.waits(start)):
                total += worked(start, stop, self.zone, self.hours) if working else stop - start
        return total

    def clock(self, moment: datetime) -> datetime:
        return moment - self.waited(moment, stopping=True)

    def past_due(self, moment: datetime) -> bool:
        return self.due is not None and self.clock(moment) > self.due

    def asked_late(self, request: Request) -> bool:
        """After the due moment, or the second request or later (766, 2.1)."""
        counting = [other for other in self.requests if other.counts]
        second = request.counts and request is not counting[0]
        return second or self.past_due(request.asked)

    # at an instant

    def is_open(self, moment: datetime) -> bool:
        return self.receipt <= moment and not (self.end and self.booked(self.end.moment) <= moment)

    def is_overdue(self, moment: datetime) -> bool:
        return self.is_open(moment) and not self.waits(moment) and self.past_due(moment)

    def is_due_soon(self, moment: datetime) -> bool:
        """In time, and the working time that begins now is over only after the due moment, if nothing else happens."""
        if self.due is None or not self.is_open(moment) or self.waits(moment) or self.past_due(moment):
            return False
        due = moment + (self.due - self.clock(moment))
        return runs_out(moment + MICROSECOND, DUE_SOON_HOURS, "hour", self.zone, self.hours) > due

    def became_overdue(self) -> datetime | None:
        """The first microsecond, not before the receipt, at which the clock is past the due moment; searched for by halving."""
        if self.end and not self.past_due(self.end.moment):
            return None
        low, high = self.receipt, self.booked(self.end.moment) if self.end else self.now
        if not self.past_due(high):
            return None
        if self.past_due(low):
            return low
        while high - low > MICROSECOND:
            middle = low + (high - low) // 2
            low, high = (low, middle) if self.past_due(middle) else (middle, high)
        return high

    def falls_due(self) -> datetime | None:
        """The last moment at which ending it is in time, if nothing else happens: from now on the clock runs as time does."""
        if self.due is None or not self.is_open(self.now) or self.waits(self.now) or self.past_due(self.now):
            return None
        return self.now + (self.due - self.clock(self.now))

    # ratings and petitions

    @cached_property
    def rating(self) -> Line | None:
        return self._rated(slip_alone=False)

    @cached_property
    def slips(self) -> list[Line]:
        """The slip that came with the rating, and the one that came alone."""
        both = (self.rating, self._rated(slip_alone=True))
        return [line for line in both if line and line.data.get("slip")]

    def _rated(self, *, slip_alone: bool) -> Line | None:
        lines = (
            line for line in self.of("rated") if slip_alone == ("stars" not in line.data and "level" not in line.data)
        )
        line = greatest(lines)
        return line if line and line.at("rated_at") <= self.now else None

    @property
    def stars(self) -> int:
        assert self.rating is not None
        data = self.rating.data
        stars: int = data["stars"] if "stars" in data else LEVELS[data["level"]]
        return stars

    def petitions(self) -> Iterator[Line]:
        """Those that concern it by now; what was found of one stands beside since when it does."""
        lines = self.of("petitioned")
        told = kept((line for line in lines if not line.says("finding")), lambda line: line.data["petition"])
        found = kept((line for line in lines if line.says("finding")), lambda line: line.data["petition"])
        for code in told.keys() | found.keys():
            finding = found[code] if code in found and found[code].at("petitioned_at") <= self.now else None
            line = told.get(code, finding)
            if line and finding:
                upheld = {"upheld": finding.data.get("upheld")}
                line = replace(line, data=line.data | upheld)
            if line and not line.says("voided") and line.at("petitioned_at") <= self.now:
                yield line

    @cached_property
    def unhappy(self) -> datetime | None:
        """Since when the applicant is known to be unhappy."""
        since = [line.at("petitioned_at") for line in self.petitions()]
        if self.rating and self.stars <= 2:
            since.append(self.rating.at("rated_at"))
        return min(since, default=None)

    # what was handed over

    def result(self, field: str) -> bool:
        """`result_file`, or `result_coded` (absent: as the file of the same event), of `processed` or `returned`."""
        given = [line.data for line in (self.typed["processed"], self.typed["returned"]) if line]
        return any(data.get(field, data.get("result_file", False)) for data in given)

    def field(self, name: str) -> Any:
        assert self.received is not None
        return self.received.data.get(name)
