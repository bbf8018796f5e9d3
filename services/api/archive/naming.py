"""Names and times that documents about dossiers are written with."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from schemas.calendar import WORKING_DAY
from schemas.rows import ProcedureRow
from schemas.units import UnitTree
from services.api.archive.columns import AnyRow
from services.api.archive.shapes import DossierLine, ProcedureName, UnitName
from services.api.service import Service
from services.common.instants import from_datetime

__all__ = ["Names"]


class Names:
    """Writes units, procedures, moments and lines of dossiers as they are at a moment.

    Args:
        service: of the tree, the catalogue, the calendars.
        as_of: of the archive, microseconds.
        procedures: the codes that will be asked for.
    """

    def __init__(self, service: Service, as_of: int, procedures: Iterable[str] = ()) -> None:
        self._service = service
        self._tree: UnitTree = service.units
        self._as_of = as_of
        self._catalogue: Mapping[str, ProcedureRow] = service.procedures(procedures)

    def unit(self, code: str) -> UnitName:
        """A unit; one that is not in the tree has no name."""
        unit = self._tree.get(code)
        return (
            {"code": code, "name": "", "kind": ""}
            if unit is None
            else {"code": code, "name": unit.name, "kind": unit.kind}
        )

    def unit_or_none(self, code: str | None) -> UnitName | None:
        """The same of one that need not be there."""
        return None if code is None else self.unit(code)

    def procedure(self, code: str | None) -> ProcedureName | None:
        """A procedure as the catalogue names it."""
        if code is None:
            return None
        row = self._catalogue.get(code, ProcedureRow({}))
        return {
            "code": code,
            "name": row.name or None,
            "sector": row.sector or None,
            "sector_name": row.sector_name or None,
        }

    def moment(self, value: datetime | None) -> str | None:
        """A moment in the configured zone."""
        return None if value is None else self._service.zone.format(from_datetime(value))

    def line(self, row: AnyRow) -> DossierLine:
        """A dossier in short."""
        return {
            "code": row.code,
            "unit": self.unit_or_none(row.unit),
            "procedure": self.procedure(row.procedure),
            "state": row.state,
            "received_at": self.moment(row.received_at),
            "due_at": self.moment(row.due_at),
            "working_days_left": self._left(row),
            "late": self._late(row),
            "waiting_since": self.moment(row.waiting_since),
            "ended_at": self.moment(row.ended_at),
            "agency": self.unit_or_none(row.agency),
        }

    def _late(self, row: AnyRow) -> bool | None:
        if row.state not in {"open", "waiting"}:
            return None if row.late is None else bool(row.late)
        if row.due_at is None:
            return None
        return row.state == "open" and row.overdue_from is not None and from_datetime(row.overdue_from) <= self._as_of

    def _left(self, row: AnyRow) -> float | None:
        """Working days from where the clock stands to the due moment."""
        stands = {"open": None, "waiting": row.waiting_since, "ended": row.ended_at}
        if row.due_at is None or row.unit is None or row.state not in stands:
            return None
        value = stands[row.state]
        clock = self._as_of if value is None else from_datetime(value)
        seconds = self._service.calendar_of(row.unit).between(clock, from_datetime(row.due_at))
        return round(seconds / WORKING_DAY, 2) + 0.0  # no -0.0
