"""What is late and what soon will be ("quá hạn", "sắp đến hạn")."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.measures import BY_NAME
from schemas.periods import Period
from services.api.cube.cube import Reading
from services.api.cube.scope import Scope

__all__ = ["DUE_SOON_DAYS", "Lateness", "lateness"]

DUE_SOON_DAYS: Final = 2
"""What people mean by soon: today, tomorrow, the day after."""

Numbers = NDArray[np.int64]

_OVERDUE: Final = BY_NAME["open_overdue"]
_FALLS_DUE: Final = BY_NAME["falls_due"]


class Lateness(NamedTuple):
    """Open dossiers of some units, one number a unit; none is in both, and none of those that wait is in either.

    ``overdue``: past their due moment. ``due_soon``: not yet, but within the days asked for, unless something happens.
    """

    overdue: Numbers
    due_soon: Numbers


def lateness(reading: Reading, scope: Scope, today: int, days: int) -> Lateness:
    """How many dossiers of each unit of a scope are overdue, and how many fall due from today up to `days` days from today.

    Args:
        reading: an open reading of the cube.
        scope: the units.
        today: the day of `reading.state.as_of`: the cube holds what is true as of that moment.
        days: how many calendar days ahead, the last included; 0: today alone.
    """
    ahead = Period(today, today + days)
    overdue, due = (scope.added(reading.measure(scope.codes, measure, ahead)) for measure in (_OVERDUE, _FALLS_DUE))
    return Lateness(overdue, due)
