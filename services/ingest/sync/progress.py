"""One record of `CapNhatTienDoHoSoMC` as events (`events_and_measures.md`, 4.3)."""

from typing import Final

from schemas.events import Rejected
from services.ingest.sync.payload import Line
from services.ingest.sync.reading import Draft, Reading
from services.ingest.sync.states import STATES, state_of
from services.ingest.sync.units import agency_of
from services.ingest.sync.values import text

__all__ = ["line_events"]

_PROCESSING: Final = 4


def line_events(line: Line, reading: Reading) -> list[Draft]:
    """A line of the processing log, and the step that it ends where the step had a due moment.

    Raises:
        Rejected: `no_moment`, `unknown_state`, or a date is none.
    """
    dates = reading.dates
    state = state_of("TrangThai", line.state, absent=_PROCESSING)
    moment = dates.moment("ThoiDiemXuLy", line.moment)
    if moment is None:
        raise Rejected("no_moment", "ThoiDiemXuLy: missing; a line of the log needs its moment")
    agency = agency_of(text(line.agency), reading)
    events: list[Draft] = [("progressed", {"state": STATES[state], "progressed_at": moment, "agency": agency})]
    due = dates.due("NgayKetThucTheoQuyDinh", line.due)
    if due is not None:
        step = {
            "step": f"{dates.digits(moment)}-{state}",
            "agency": agency,
            "started_at": dates.moment("NgayBatDau", line.started),
            "due_at": due,
            "finished_at": moment,
        }
        events.append(("step", step))
    return events
