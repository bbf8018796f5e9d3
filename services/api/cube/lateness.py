"""What is late and what soon will be ("quá hạn", "sắp đến hạn")."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.measures import BY_NAME
from schemas.periods import Period
from services.api.cube.cube import Reading
from services.api.cube.scope import Scope

__all__ = ["Lateness", "lateness"]

Numbers = NDArray[np.int64]

_OVERDUE: Final = BY_NAME["open_overdue"]
_DUE_SOON: Final = BY_NAME["due_soon"]


class Lateness(NamedTuple):
    """Open dossiers of some units, one number a unit; none is in both, and none of those that wait is in either.

    ``overdue``: past their due moment. ``due_soon``: not yet, and little working time is left (`NHIP_DUE_SOON_HOURS`).
    """

    overdue: Numbers
    due_soon: Numbers


def lateness(reading: Reading, scope: Scope, today: int) -> Lateness:
    """How many dossiers of each unit of a scope are overdue, and how many are due soon.

    Args:
        reading: an open reading of the cube.
        scope: the units.
        today: the day of `reading.state.as_of`: the cube holds what is true as of that moment.
    """
    now = Period(None, today)
    overdue, soon = (scope.added(reading.measure(scope.codes, measure, now)) for measure in (_OVERDUE, _DUE_SOON))
    return Lateness(overdue, soon)
