"""One record of `DongBoHoSoMC` as events (`events_and_measures.md`, 4.2)."""

import re
from typing import Any, Final

from schemas.events import Rejected
from services.ingest.sync.attachments import papers_of
from services.ingest.sync.payload import Dossier
from services.ingest.sync.payments import fee_of, payment_of
from services.ingest.sync.reading import Draft, Reading
from services.ingest.sync.states import DECLINED, REGISTERED, STATES, ending_of, state_of
from services.ingest.sync.supplements import reset_since, supplements_of
from services.ingest.sync.units import Handled, handled_by
from services.ingest.sync.values import Value, choice, text

__all__ = ["dossier_events", "subject_of"]

MAX_SUBJECT: Final = 64
"""Characters of a dossier code (`schemas/events/envelope.py`)."""

_CHANNELS: Final = {1: "onsite", 2: "online", 3: "postal"}
"""`KenhThucHien`"""
_APPLICANTS: Final = {1: "citizen", 2: "business", 3: "agency", 4: "other"}
"""`LoaiDoiTuong`"""
_PROCEDURE: Final = re.compile(r"(\d\.\d{6})(?:\..*)?", re.ASCII)


def dossier_events(dossier: Dossier, reading: Reading) -> list[Draft]:
    """What the present state of a dossier says, in an order in which what stands behind holds.

    Raises:
        Rejected: a field that is needed is missing or cannot be read.
    """
    state = state_of("TrangThaiHoSo", dossier.state)
    where = handled_by(subject_of(dossier.code), text(dossier.unit), reading)
    received_at = reading.dates.moment("NgayTiepNhan", dossier.received)
    if state == REGISTERED or (received_at is None and state != DECLINED):
        return [_submitted(state, dossier, where, reading)]
    dates = reading.dates
    rest = [
        *supplements_of(dossier, dates),
        *payment_of(dossier, received_at),
        *ending_of(state, dossier, received_at, reading),
    ]
    if reading.is_synced:
        rest.append(("synced", {"synced_at": reading.arrival}))
    if received_at is None:
        return [(kind, data | {"unit": where.unit}) for kind, data in rest]
    received = _received(received_at, dossier, where, reading)
    return [*rest, received] if reset_since(received[1]["due_at"], dossier, dates) else [received, *rest]


def subject_of(code: Value) -> str:
    """`MaHoSo`, as the system writes it.

    Raises:
        Rejected: it is missing or too long.
    """
    subject = text(code)
    if subject is None or len(subject) > MAX_SUBJECT:
        raise Rejected("bad_data", f"MaHoSo: a text of 1 to {MAX_SUBJECT} characters is needed")
    return subject


def _submitted(state: int, dossier: Dossier, where: Handled, reading: Reading) -> Draft:
    """Sent in, not accepted. Where the state tells of an acceptance without its day, it is kept for the finding `no_received_date`."""
    data = {
        "unit": where.unit,
        "procedure": _procedure(dossier.procedure),
        "submitted_at": reading.dates.moment("NgayNopHoSo", dossier.submitted),
        "channel": _channel(dossier),
        "state": None if state == REGISTERED else STATES[state],
    }
    return "submitted", data


def _received(received_at: str, dossier: Dossier, where: Handled, reading: Reading) -> Draft:
    data: dict[str, Any] = {
        "unit": where.unit,
        "intake_unit": where.intake,
        "procedure": _procedure(dossier.procedure),
        "received_at": received_at,
        "submitted_at": reading.dates.moment("NgayNopHoSo", dossier.submitted),
        "due_at": reading.dates.due("NgayHenTra", dossier.due),
        "channel": _channel(dossier),
        "applicant": choice("LoaiDoiTuong", dossier.applicant, _APPLICANTS),
        "fee": fee_of(dossier),
        **papers_of(dossier, reading),
    }
    return "received", data


def _channel(dossier: Dossier) -> str:
    return choice("KenhThucHien", dossier.channel, _CHANNELS) or "onsite"


def _procedure(value: Value) -> str:
    """`MaTTHC` up to the national code; a code of the province's own stands as it is.

    Raises:
        Rejected: missing, or written like no code.
    """
    written = f"{value:.6f}" if isinstance(value, float) else text(value)  # a number has lost its zeros: 1.00119
    if written is None:
        raise Rejected("bad_data", "MaTTHC: missing")
    if len(written.split()) > 1:
        raise Rejected("bad_data", "MaTTHC: not written like a code")
    national = _PROCEDURE.fullmatch(written)
    return national[1] if national else written
