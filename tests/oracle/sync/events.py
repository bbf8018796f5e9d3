"""The same day as CloudEvents, written from what happened: each thing once, when it is told."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from tests.oracle.sync.days import ENDS, Case, LogLine, Stage

CHANNELS = {1: "onsite", 2: "online", 3: "postal"}
APPLICANTS = {1: "citizen", 2: "business", 3: "agency", 4: "other"}
METHODS = {1: "national_portal", 2: "local_gateway", 3: "other"}
STATES = [
    "registered",
    "accepted",
    "declined",
    "processing",
    "supplement",
    "payment",
    "withdrawn",
    "stopped",
    "done",
    "returned",
]
OUTCOMES = {3: "refused", 8: "stopped", 9: "completed", 10: "completed"}

Event = tuple[str, dict[str, Any]]


class Writer:
    """Remembers of each dossier what it has said, and which way it ended."""

    def __init__(self) -> None:
        self.said: dict[str, list[Event]] = {}
        self.ended: set[str] = set()
        self.number = 0

    def write(self, case: Case, what: Stage | LogLine, told_at: str) -> list[dict[str, Any]]:
        """The new events, as of `time` told_at."""
        found = list(log_line(what)) if isinstance(what, LogLine) else self._stage(case, what, told_at)
        return [self._event(case.code, kind, data, told_at) for kind, data in found]

    def _stage(self, case: Case, stage: Stage, told_at: str) -> list[Event]:
        said = self.said.setdefault(case.code, [])
        new: list[Event] = []
        if not stage.accepted and stage.state != 3:
            told = list(submitted(case))
        elif not stage.accepted:
            told = list(refused_at_intake(case, stage, told_at))
        else:
            if stage.state not in ENDS and case.code in self.ended:
                new.append(("reopened", {}))
                self.ended.discard(case.code)
                said[:] = [event for event in said if event[0] not in {"processed", "returned", "withdrawn"}]
            told = [*accepted(case, case.due), *asides(case, case.received), *supplements(stage)]
            told += [*(accepted(case, stage.moved_to) if stage.moved_to else ()), *end(case, stage, told_at)]
        if stage.state in ENDS:
            self.ended.add(case.code)
        new += [event for event in told if event not in said]
        said += new
        return new

    def _event(self, subject: str, kind: str, data: dict[str, Any], told_at: str) -> dict[str, Any]:
        self.number += 1
        data = {name: text(value) for name, value in data.items()}
        return {"specversion": "1.0", "id": f"e{self.number:09}", "source": "/hand", "type": f"nhip.dossier.{kind}",
                "subject": subject, "time": told_at, "data": data}  # fmt: skip


def submitted(case: Case) -> Iterator[Event]:
    yield (
        "submitted",
        {
            "unit": case.unit,
            "procedure": case.procedure,
            "submitted_at": case.submitted,
            "channel": CHANNELS[case.channel],
        },
    )


def refused_at_intake(case: Case, stage: Stage, told_at: str) -> Iterator[Event]:
    if stage.ended is None:
        yield "progressed", {"state": "declined", "progressed_at": told_at}
    else:
        yield "declined", {"unit": case.unit, "declined_at": stage.ended}
    yield from asides(case, None)


def accepted(case: Case, due: date | datetime | None) -> Iterator[Event]:
    fee = sum(case.fees) if case.fees else None
    yield "received", {
        "unit": case.unit, "intake_unit": case.intake, "procedure": case.procedure, "received_at": case.received,
        "due_at": due, "channel": CHANNELS[case.channel], "applicant": APPLICANTS[case.applicant], "fee": fee,
        "components_digitized": case.digitized, "reused_data": case.reused, "from_personal_storage": case.stored,
        "population_data": case.population or case.stored,
    }  # fmt: skip


def asides(case: Case, at: datetime | None) -> Iterator[Event]:
    yield "synced", {}
    if case.paid:
        yield "paid", {"paid_at": at, "method": METHODS[case.paid]}


def supplements(stage: Stage) -> Iterator[Event]:
    for ask in stage.asks:
        yield "supplement_requested", {"supplement": ask.id, "requested_at": ask.asked}
        if ask.brought is not None:
            yield "supplemented", {"supplement": ask.id, "completed_at": ask.brought, "due_at": ask.due}


def end(case: Case, stage: Stage, told_at: str) -> Iterator[Event]:
    if stage.state not in ENDS:
        return
    if stage.ended is None:
        if stage.state == 3:  # refused after it had been accepted
            yield "progressed", {"state": "accepted", "progressed_at": case.received}
        yield "progressed", {"state": STATES[stage.state - 1], "progressed_at": told_at}
    elif stage.state == 7:
        yield "withdrawn", {"withdrawn_at": stage.ended}
    else:
        result = {"result_file": case.result, "result_coded": case.result and case.coded} if stage.state > 8 else {}
        yield "processed", {"finished_at": stage.ended, "outcome": OUTCOMES[stage.state]} | result
        if stage.state == 10:
            yield "returned", {"returned_at": stage.handed}


def log_line(line: LogLine) -> Iterator[Event]:
    yield "progressed", {"state": STATES[line.state - 1], "progressed_at": line.at, "agency": line.agency}
    if line.due is not None:
        step = {"step": f"{line.at.isoformat()} {line.state}", "agency": line.agency, "started_at": line.started}
        yield "step", step | {"due_at": line.due, "finished_at": line.at}


def text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
