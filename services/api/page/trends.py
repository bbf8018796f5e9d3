"""What the charts of a page show: the score as the period went on, and the dossiers of each step."""

from itertools import accumulate
from typing import Any, Final, Literal

from msgspec import Struct

from schemas.periods import Period
from schemas.units import Unit
from services.api.documents.asked import Asked
from services.api.documents.series import Line, series_document
from services.api.service import Service

__all__ = ["FLOWS", "Flow", "Step", "Trend", "flow_of", "step_of", "trend_of", "without_lead"]

Step = Literal["day", "week", "month"]

FLOWS: Final = ("received", "ended", "ended_late")
"""The counts of the second chart, in the order of its legend."""

_DAYS_BY_DAY: Final = 45
_DAYS_BY_WEEK: Final = 400
"""Longer periods are shown in wider steps, so that a chart has some fifty points at most."""
_MOST_DAYS: Final = 10_000


class Trend(Struct, frozen=True, kw_only=True):
    """A score at the end of each step, counted from the period's first day: (first day of the step, points).

    None instead of points up to the first dossier: what the rule set makes of nothing is no score.
    """

    points: list[tuple[str, float | None]]


class Flow(Struct, frozen=True, kw_only=True):
    """Dossiers of each step: (first day, one count of each of FLOWS)."""

    points: list[tuple[str, tuple[int, ...]]]


def step_of(period: Period, today: int) -> Step | None:
    """How wide the steps of a period are; None where no chart can show it: without a first day, not begun yet, or decades long."""
    if period.first is None or period.first > today:
        return None
    days = min(period.last, today) - period.first + 1
    if days > _MOST_DAYS:
        return None
    if days <= _DAYS_BY_DAY:
        return "day"
    return "week" if days <= _DAYS_BY_WEEK else "month"


def trend_of(service: Service, unit: Unit, asked: Asked, line: Line, flow: Flow) -> Trend:
    """The total of a unit with all below it, or the score of a group, by the steps of `flow`; at last what the page shows large."""
    carried = _points(service, unit, asked, Line("carried_over", line.step))
    handled = accumulate((received for _, (received, *_) in flow.points), initial=carried[0]["value"])
    next(handled)
    return Trend(
        points=[
            (point["from"], point["value"] if known else None)
            for point, known in zip(_points(service, unit, asked, line), handled, strict=True)
        ]
    )


def flow_of(service: Service, unit: Unit, asked: Asked, step: Step) -> Flow:
    """What came in, what ended, and what of it ended late."""
    columns = [_points(service, unit, asked, Line(name, step)) for name in FLOWS]
    return Flow(
        points=[(same[0]["from"], tuple(each["value"] for each in same)) for same in zip(*columns, strict=True)]
    )


def without_lead(trend: Trend, flow: Flow) -> tuple[Trend, Flow]:
    """Both from the first step on that there was a dossier in; all steps where there was none."""
    first = next((place for place, (_, score) in enumerate(trend.points) if score is not None), 0)
    return Trend(points=trend.points[first:]), Flow(points=flow.points[first:])


def _points(service: Service, unit: Unit, asked: Asked, line: Line) -> list[dict[str, Any]]:
    made, _ = series_document(service, unit, asked, line)
    points: list[dict[str, Any]] = made.document["points"]
    return points
