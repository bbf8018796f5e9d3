"""What the state of a dossier (`TrangThaiHoSo`, 1 to 10) adds to its events."""

from typing import Any, Final, get_args

from schemas.events import Rejected
from schemas.events.dossier import State
from services.ingest.sync.attachments import results_of
from services.ingest.sync.payload import Dossier
from services.ingest.sync.reading import Draft, Reading
from services.ingest.sync.values import Value, number

__all__ = ["DECLINED", "REGISTERED", "STATES", "ending_of", "state_of"]

STATES: Final[dict[int, str]] = dict(enumerate(get_args(State), 1))
"""The names of the states in events, by their number."""

REGISTERED, DECLINED = 1, 3
_REOPENING: Final = frozenset({2, 4, 5, 6})


def state_of(field: str, value: Value, *, absent: int | None = None) -> int:
    """The number of a state; `absent` where the field is empty.

    Raises:
        Rejected: `unknown_state`.
    """
    state = number(value)
    state = absent if state is None else state
    if state not in STATES:
        raise Rejected("unknown_state", f"{field}: not one of the states 1 to 10")
    return state


def ending_of(state: int, dossier: Dossier, received_at: str | None, reading: Reading) -> list[Draft]:
    """The events of the state itself, of a dossier that is more than submitted.

    An ending state without any of its dates is a line of the log at the moment of arrival, which any real line of it precedes.

    Raises:
        Rejected: a date is none.
    """
    if state in _REOPENING:
        return [("reopened", {"reopened_at": reading.arrival})] if reading.is_updating else []
    dates = reading.dates
    if state == DECLINED:
        refused_at = dates.first(NgayTuChoi=dossier.declined, NgayKetThucXuLy=dossier.finished)
        return _refusal(refused_at, received_at, reading)
    finished_at = dates.first(NgayKetThucXuLy=dossier.finished, NgayTra=dossier.returned)
    results = results_of(dossier) if STATES[state] in {"done", "returned"} else {}
    if finished_at is None:
        return [_at_arrival(state, reading, result_file=results.get("result_file"))]
    if STATES[state] == "withdrawn":
        return [("withdrawn", {"withdrawn_at": finished_at})]
    outcome = "stopped" if STATES[state] == "stopped" else "completed"
    processed: Draft = ("processed", {"finished_at": finished_at, "outcome": outcome, **results})
    if STATES[state] != "returned":
        return [processed]
    returned_at = dates.first(NgayTra=dossier.returned, NgayKetThucXuLy=dossier.finished)
    return [processed, ("returned", {"returned_at": returned_at})]


def _refusal(refused_at: str | None, received_at: str | None, reading: Reading) -> list[Draft]:
    """Refused at intake, or, where there is a receipt, after it."""
    if refused_at is None:
        line = _at_arrival(DECLINED, reading)
        if received_at is None:
            return [line]
        # Without a line of the acceptance before it, that of the refusal would mean a refusal at intake.
        return [("progressed", {"state": "accepted", "progressed_at": received_at}), line]
    if received_at is None:
        return [("declined", {"declined_at": refused_at})]
    return [("processed", {"finished_at": refused_at, "outcome": "refused"})]


def _at_arrival(state: int, reading: Reading, **more: Any) -> Draft:
    return "progressed", {"state": STATES[state], "progressed_at": reading.arrival, **more}
