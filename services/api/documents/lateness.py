"""What is late now, and what soon will be."""

from schemas.periods import Period
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.lateness import lateness
from services.api.cube.scope import Scope
from services.api.cube.store import COLUMNS
from services.api.documents.kept import Document, Made, Stamp
from services.api.documents.naming import unit_json
from services.api.service import Service

__all__ = ["lateness_document"]


def lateness_document(service: Service, unit: Unit) -> tuple[Made, Stamp]:
    """How many dossiers of a unit and all below it are open, overdue, and due soon, as of now.

    Raises:
        Problem: 503, the counts are not complete yet.
    """
    today = service.today
    order = service.order_on(today)

    def work(reading: Reading) -> Document:
        scope = Scope.of(order, [unit.code], pooled=True)
        found = lateness(reading, scope, today)
        stocks = scope.added(reading.totals(scope.codes, Period(None, today)))[0]
        return {
            "unit": unit_json(unit),
            "open": int(stocks[COLUMNS["open"]]),
            "overdue": int(found.overdue[0]),
            "due_soon": int(found.due_soon[0]),
            "due_soon_hours": service.settings.due_soon_hours,
        }

    return service.document(("lateness", order, unit.code, today), work)
