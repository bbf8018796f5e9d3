"""What an office does when it follows an explanation: the events that an action names, about dossiers that the law's words choose.

Nothing here asks a measure: which dossiers are meant is told by the recount's stories.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import count, islice
from typing import Any

from schemas.rulesets.actions import Action, Step
from tests.oracle.family_histories import PARTS
from tests.oracle.indicators import DossierRows, Indicators, in_storage, is_online, paid_online
from tests.oracle.said import Line, Said
from tests.oracle.story import Story

LATER = "2026-12-01T00:00:00Z"
"""The `time` of all events: after everything that was said before."""


class Deeds:
    """Does actions of a unit in the days first to last.

    Args:
        recount: of all that was said, as of now.
        unit: that acts.
        first: of the period; None: since ever.
        last: of the period.
        pooled: with all units below it.
        procedures: by the numbers that the steps name them with.
    """

    def __init__(
        self, recount: Indicators, unit: str, first: date | None, last: date, *, pooled: bool, procedures: list[str]
    ) -> None:
        self.rows: DossierRows = recount._rows(unit, first, last, pooled=pooled)
        self.unit, self.first, self.last = unit, first, last
        self.procedures = procedures
        self.now = recount.dossiers.now
        self.taken: set[str] = set()
        self.restated: dict[str, dict[str, Any]] = defaultdict(dict)
        self.numbers = count(1)

    def of(self, action: Action, many: int) -> Iterator[Said]:
        """The events of the first `many` of an action.

        Raises:
            AssertionError: there are not so many of what it describes.
        """
        for step in action.steps:
            wanted = min(step.count, many)
            many -= wanted
            if action.kind.code in ABOUT_DOSSIERS:
                choose, tell = ABOUT_DOSSIERS[action.kind.code]
                procedure = self.procedures[step.procedure]
                fitting = (
                    story
                    for story in choose(self, step)
                    if story.field("procedure") == procedure and key(action, story) not in self.taken
                )
                found = list(islice(fitting, wanted))
                assert len(found) == wanted, (action.kind.code, step, procedure)
                for story in found:
                    self.taken.add(key(action, story))
                    yield from tell(self, story, step)
            elif wanted:
                yield from OTHERS[action.kind.code](self, step, wanted)

    # which dossiers

    def open(self) -> Iterator[Story]:
        return (story for story in self.rows.handled if self.rows.is_open(story))

    def ended(self) -> Iterator[Story]:
        return (story for story in self.rows.handled if not self.rows.is_open(story))

    def overdue(self, step: Step) -> Iterator[Story]:
        online = ("ended_online_late", 1) in step.moves
        return (story for story in self.open() if story.is_overdue(self.now) and is_online(story) == online)

    def in_time(self, step: Step) -> Iterator[Story]:
        free = ("ended_no_due", 1) in step.moves
        calm = (story for story in self.open() if not story.is_overdue(self.now) and not story.waits(self.now))
        return (story for story in calm if (story.due is None) == free)

    def waiting_late(self, _step: Step) -> Iterator[Story]:
        return (story for story in self.open() if any(map(story.asked_late, story.waits(self.now))))

    def undigital(self, step: Step) -> Iterator[Story]:
        """Ended, and without what the step adds."""
        adds = {name for name, _ in step.moves}
        for story in self.ended():
            components, result = story.field("components_digitized") is True, story.result("result_file")
            lacks = (not components, not result)
            wants = ("ended_components" in adds, "ended_with_result" in adds)
            if wants == (True, False):
                fits = not components and result == ("ended_digitized" in adds)
            else:
                assert story.end is not None
                fits = lacks == wants and story.end.kind != "withdrawn"
            if fits:
                yield story

    def unsynced(self, step: Step) -> Iterator[Story]:
        charged = ("fee_synced", 1) in step.moves
        missing = [story for story in self.rows.received if story not in self.rows.synced]
        if charged:
            return (story for story in missing if story.field("fee") != 0)
        return iter(sorted(missing, key=lambda story: story.field("fee") != 0))  # those that are no charged one first

    def unpaid(self, _step: Step) -> Iterator[Story]:
        return (story for story in self.rows.received if story.field("fee") != 0 and not paid_online(story))

    def lacking(self, step: Step) -> Iterator[Story]:
        ((measure, _),) = step.moves
        has = HAS[measure]
        return (story for story in self.rows.received if not has(story))

    # what is said

    def said(self, kind: str, subject: str, speaker: str, data: dict[str, Any]) -> Said:
        number = next(self.numbers)
        plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in data.items()}
        event = {"specversion": "1.0", "id": f"deed-{number:06}", "source": "/mot-cua/deeds", "type": f"nhip.{kind}",
                 "subject": subject, "time": LATER, "data": plain}  # fmt: skip
        return Said(event, speaker)

    def about(self, story: Story, kind: str, **data: Any) -> Said:
        assert story.received is not None
        return self.said(f"dossier.{kind}", story.subject, story.received.key, data)

    def again(self, story: Story, **more: Any) -> Said:
        """The receipt as it stands, the due moment in force included, and what is new."""
        assert story.received is not None
        told = story.received.data | {"received_at": story.receipt}
        if any("due_at" in line.data for line in story.lines if line.kind in DUE):
            told["due_at"] = story.due
        self.restated[story.subject] |= more
        return self.about(story, "received", **(told | self.restated[story.subject]))

    def finish(self, story: Story, _step: Step) -> Iterator[Said]:
        yield self.again(story, components_digitized=True)
        yield self.about(story, "processed", finished_at=self.now, result_file=True, result_coded=False)

    def digital(self, story: Story, step: Step) -> Iterator[Said]:
        adds = {name for name, _ in step.moves}
        if "ended_components" in adds:
            yield self.again(story, components_digitized=True)
        if "ended_with_result" in adds:
            assert story.end is not None
            processed = story.typed["processed"]
            told = dict(processed.data) if processed else {}
            told |= {"finished_at": story.end.moment, "outcome": story.end.outcome or "completed"}
            yield self.about(story, "processed", **(told | {"result_file": True, "result_coded": False}))

    def bring(self, story: Story, _step: Step) -> Iterator[Said]:
        waits = [request.name for request in story.waits(self.now) if request.name != "~"]
        due = self.now + timedelta(days=30)
        self.restated[story.subject]["due_at"] = due
        for name in waits or ["new"]:
            yield self.about(story, "supplemented", supplement=name, completed_at=self.now, due_at=due)
        yield self.about(story, "progressed", state="processing", progressed_at=self.now)

    def sync(self, story: Story, step: Step) -> Iterator[Said]:
        if ("fee_synced", 1) in step.moves and story.field("fee") is None:
            yield self.again(story, fee=5000)
        yield self.about(story, "synced", synced_at=self.now)

    def pay(self, story: Story, _step: Step) -> Iterator[Said]:
        yield self.about(story, "paid", payment="deed", paid_at=self.now, method="national_portal")

    def use(self, story: Story, step: Step) -> Iterator[Said]:
        ((measure, _),) = step.moves
        yield self.again(story, **{FIELDS[measure]: True})

    # procedures, units, new dossiers

    def receive(self, step: Step, _many: int) -> Iterator[Said]:
        procedure, charged = self.procedures[step.procedure], ("paid_online", 1) in step.moves
        code = f"{self.unit}-deed-{next(self.numbers)}"
        due = self.now + timedelta(days=30)
        data = {"unit": self.unit, "procedure": procedure, "received_at": self.now, "due_at": due, "channel": "online"}
        yield self.said("dossier.received", code, self.unit, data | ({"fee": 5000} if charged else {}))
        yield self.said("dossier.synced", code, self.unit, {"synced_at": self.now})
        if charged:
            yield self.said("dossier.paid", code, self.unit, {"paid_at": self.now, "method": "local_gateway"})

    def offer(self, step: Step, _many: int) -> Iterator[Said]:
        for subject, line in self.standing("offered"):
            told = line.data
            if told["procedure"] == self.procedures[step.procedure] and told["unit"] in self.rows.sight.units:
                data = told | {"online": "partial", "from_at": line.at("from_at")}
                yield self.said("procedure.offered", subject, line.key, data)

    def complete(self, step: Step, _many: int) -> Iterator[Said]:
        for subject, line in self.standing("described"):
            if subject == self.procedures[step.procedure]:
                yield self.said("procedure.described", subject, line.key, line.data | {"parts": PARTS})

    def standing(self, kind: str) -> Iterator[tuple[str, Line]]:
        families = self.rows.families.recount
        for subject, lines in families.procedures():
            line = families.holds(lines, kind)
            if line is not None:
                yield subject, line

    def copies(self, _step: Step, many: int) -> Iterator[Said]:
        sight = self.rows.sight
        communes = [unit for unit in sorted(sight.units) if sight.tree[unit].kind == "commune"]
        lacking = [
            unit for unit in communes if self.rows.families._own(unit, "certified_copy", self.first, self.last) != 1
        ]
        for unit in lacking[:many]:
            span = {"from": str(self.first), "to": str(self.last)}
            data = {"unit": unit, "figure": "certified_copy", "value": 1, **span}
            yield self.said("unit.declared", f"{unit}/certified_copy/{self.first}/{self.last}", unit, data)


def key(action: Action, story: Story) -> str:
    """No dossier is taken twice for the same, nor by two actions that divide the same dossiers among them."""
    return f"{action.kind.code.removesuffix('_first')} {story.subject}"


Choose = Callable[[Deeds, Step], Iterable[Story]]
Tell = Callable[[Deeds, Story, Step], Iterable[Said]]

DUE = {"received", "supplemented", "rescheduled"}
HAS: dict[str, Callable[[Story], bool]] = {
    "received_reused": lambda story: story.field("reused_data") is True,
    "received_storage": in_storage,
    "received_population": lambda story: story.field("population_data") is True,
}
FIELDS = {
    "received_reused": "reused_data",
    "received_storage": "from_personal_storage",
    "received_population": "population_data",
}
ABOUT_DOSSIERS: dict[str, tuple[Choose, Tell]] = {
    "finish_overdue": (Deeds.overdue, Deeds.finish),
    "finish_in_time": (Deeds.in_time, Deeds.finish),
    "receive_supplements": (Deeds.waiting_late, Deeds.bring),
    "attach_results": (Deeds.undigital, Deeds.digital),
    "digitize": (Deeds.undigital, Deeds.digital),
    "attach_and_digitize": (Deeds.undigital, Deeds.digital),
    "synchronize": (Deeds.unsynced, Deeds.sync),
    "synchronize_charged": (Deeds.unsynced, Deeds.sync),
    "pay_online_first": (Deeds.unpaid, Deeds.pay),
    "pay_online": (Deeds.unpaid, Deeds.pay),
    "reuse_data": (Deeds.lacking, Deeds.use),
    "use_storage": (Deeds.lacking, Deeds.use),
    "use_population_first": (Deeds.lacking, Deeds.use),
    "use_population": (Deeds.lacking, Deeds.use),
}
OTHERS: dict[str, Callable[[Deeds, Step, int], Iterable[Said]]] = {
    "receive_online_first": Deeds.receive,
    "offer_online": Deeds.offer,
    "complete_procedures": Deeds.complete,
    "declare_copies": Deeds.copies,
}
