"""From a stored event to a fact: defaults filled in, moments as numbers."""

from collections.abc import Callable
from typing import Any, Final

from schemas.events import dossier as e
from schemas.events.dossier import DossierEvent
from schemas.events.envelope import DossierData
from schemas.moments import from_canonical
from services.scorer.domain import facts as f
from services.scorer.domain.facts import Said

STARS: Final = {"very_satisfied": 5, "satisfied": 4, "neutral": 3, "dissatisfied": 2, "very_dissatisfied": 1}
"""Stars of a level (CONTRACT, section 1)."""

Head = tuple[int, str, str, str]
"""`time`, `id`, `source`, system: what every fact begins with."""


def fact_of(event: DossierEvent) -> Said:
    """The fact that a stored event states.

    Raises:
        ValueError: a moment in it is none (the event did not come through ingest).
    """
    head = from_canonical(event.time), event.id, event.source, event.keysystem
    return _READERS[type(event)](head, event.data)


def _at(head: Head, text: str | None) -> int:
    """The event's own moment; absent, its ``time`` counts."""
    return head[0] if text is None else from_canonical(text)


def _or_none(text: str | None) -> int | None:
    return None if text is None else from_canonical(text)


def _submitted(head: Head, d: e.SubmittedData) -> Said:
    return "submitted", None, f.Submitted(*head, d.unit, d.procedure, _at(head, d.submitted_at), d.state)


def _received(head: Head, d: e.ReceivedData) -> Said:
    return (
        "received",
        None,
        f.Received(
            *head,
            d.unit,
            d.procedure,
            _at(head, d.received_at),
            _or_none(d.due_at),
            d.channel or "onsite",
            d.applicant,
            d.fee,
            d.components_digitized or False,
            d.reused_data or False,
            d.from_personal_storage or False,
            d.population_data or False,
            _or_none(d.submitted_at),
            d.allowed,
            d.allowed_unit or "working_day",
            d.intake_unit,
        ),
    )


def _declined(head: Head, d: e.DeclinedData) -> Said:
    return "declined", None, f.Declined(*head, d.unit, _at(head, d.declined_at), d.reason)


def _step(head: Head, d: e.StepData) -> Said:
    moments = _or_none(d.started_at), _or_none(d.due_at), _or_none(d.finished_at)
    return "steps", d.step, f.Step(*head, d.agency, *moments, d.post)


def _requested(head: Head, d: e.SupplementRequestedData) -> Said:
    return "requested", d.supplement, f.Requested(*head, _at(head, d.requested_at), d.fault != "applicant")


def _supplemented(head: Head, d: e.SupplementedData) -> Said:
    return "supplemented", d.supplement, f.Supplemented(*head, _at(head, d.completed_at), _or_none(d.due_at))


def _rescheduled(head: Head, d: e.RescheduledData) -> Said:
    return "rescheduled", None, f.Rescheduled(*head, from_canonical(d.due_at), d.apology or False, d.reason)


def _processed(head: Head, d: e.ProcessedData) -> Said:
    result_file = d.result_file or False
    coded = result_file if d.result_coded is None else d.result_coded
    outcome = d.outcome or "completed"
    fact = f.Processed(*head, _at(head, d.finished_at), outcome, result_file, d.result_stored or False, coded)
    return "processed", None, fact


def _returned(head: Head, d: e.ReturnedData) -> Said:
    result_file = d.result_file or False
    coded = result_file if d.result_coded is None else d.result_coded
    return "returned", None, f.Returned(*head, _at(head, d.returned_at), result_file, coded)


def _withdrawn(head: Head, d: e.WithdrawnData) -> Said:
    return "withdrawn", None, f.Happened(*head, _at(head, d.withdrawn_at))


def _reopened(head: Head, d: e.ReopenedData) -> Said:
    return "reopened", None, f.Happened(*head, _at(head, d.reopened_at))


def _paid(head: Head, d: e.PaidData) -> Said:
    return "paid", d.payment or "1", f.Paid(*head, _at(head, d.paid_at), d.method or "other", d.amount)


def _synced(head: Head, d: e.SyncedData) -> Said:
    return "synced", None, f.Happened(*head, _at(head, d.synced_at))


def _late(head: Head, d: e.LateData) -> Said:
    return "late", None, f.Late(*head, _at(head, d.late_at), d.reason, d.apology or False)


def _notified(head: Head, d: e.NotifiedData) -> Said:
    return "notified", None, f.Happened(*head, _at(head, d.notified_at))


def _rated(head: Head, d: e.RatedData) -> Said:
    stars = d.stars if d.stars is not None or d.level is None else STARS[d.level]
    fact = f.Rated(*head, _at(head, d.rated_at), stars, d.slip or None, d.kind or "paper")
    return ("slip" if stars is None else "rated"), None, fact


def _progressed(head: Head, d: e.ProgressedData) -> Said:
    at = from_canonical(d.progressed_at)
    return "log", f"{d.state} {at}", f.Line(*head, d.state, at, d.agency, d.result_file)


def _petitioned(head: Head, d: e.PetitionedData) -> Said:
    field = "findings" if d.finding else "petitions"
    return field, d.petition, f.Petitioned(*head, _at(head, d.petitioned_at), d.upheld, d.voided or False)


def _voided(head: Head, _: DossierData) -> Said:
    return "voided", None, f.Fact(*head)


def _reader(data: type[DossierData], read: Callable[[Head, Any], Said]) -> Callable[..., Said]:
    """`read`, with the fields of an absent ``data`` all absent."""

    def with_data(head: Head, fields: DossierData | None) -> Said:
        return read(head, data() if fields is None else fields)

    return with_data


_READERS: Final[dict[type, Callable[..., Said]]] = {
    e.Submitted: _submitted,
    e.Received: _received,
    e.Declined: _reader(e.DeclinedData, _declined),
    e.Step: _step,
    e.SupplementRequested: _requested,
    e.Supplemented: _supplemented,
    e.Rescheduled: _rescheduled,
    e.Processed: _reader(e.ProcessedData, _processed),
    e.Returned: _reader(e.ReturnedData, _returned),
    e.Withdrawn: _reader(e.WithdrawnData, _withdrawn),
    e.Reopened: _reader(e.ReopenedData, _reopened),
    e.Paid: _reader(e.PaidData, _paid),
    e.Synced: _reader(e.SyncedData, _synced),
    e.Late: _reader(e.LateData, _late),
    e.Notified: _reader(e.NotifiedData, _notified),
    e.Rated: _rated,
    e.Progressed: _progressed,
    e.Petitioned: _petitioned,
    e.Voided: _reader(DossierData, _voided),
}
