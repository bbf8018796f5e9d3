"""A number of a unit day by day, week by week or month by month."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from schemas.counts import COUNTS
from schemas.periods import Period, steps
from schemas.rulesets.document import in_points, plain
from schemas.rulesets.evaluate import Hundredths, Scores, Status, evaluate
from schemas.rulesets.model import HUNDREDTHS, RuleSet
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.cube.stacked import Stacked
from services.api.documents.asked import Asked
from services.api.documents.counts import counts_in
from services.api.documents.kept import Document, Made, Stamp
from services.api.problems import wrong
from services.api.service import Service

__all__ = ["TOTAL", "Line", "series_document"]

TOTAL: Final = "total"
MOST: Final = 400
"""Points of one answer: every day of a year."""


class Line(NamedTuple):
    """What a chart shows: ``indicator`` is ``total``, the code of a group or of an indicator, or the name of a count.

    Each point says what the days of its ``step`` alone make, or (``cumulative``) all days from the first up to its last.
    """

    indicator: str = TOTAL
    step: str = "day"
    cumulative: bool = False


Point = dict[str, Any]
Reader = Callable[[Reading, Scope, Sequence[Period]], list[Point]]
"""Gives the points of one unit in some periods."""


def series_document(service: Service, unit: Unit, asked: Asked, line: Line) -> tuple[Made, Stamp]:
    """The points of a chart. Days after today have none.

    Raises:
        PeriodError: a period without a first day, an unknown step.
        Problem: 422, an unknown indicator or too many points; 503, the counts are not complete yet.
    """
    period, today = asked.period, service.today
    order = service.order_of(period)
    cut = steps(Period(period.first, min(period.last, today)), line.step)
    if len(cut) > MOST:
        raise wrong("step", f"that makes {len(cut)} points, more than {MOST}; take a longer step or fewer days")
    spans = [Period(period.first, each.last) for each in cut] if line.cumulative else cut
    most, values = _reader(asked.ruleset, line.indicator)

    def work(reading: Reading) -> Document:
        scope = Scope.of(order, [unit.code], pooled=asked.pooled)
        return {
            "unit": unit.code,
            "ruleset": asked.ruleset.id,
            "indicator": line.indicator,
            "scope": "subtree" if asked.pooled else "own",
            "step": line.step,
            "cumulative": line.cumulative,
            **period.to_json(),
            "max": most,
            "points": [
                {**each.to_json(), **point}
                for each, point in zip(cut, values(reading, scope, spans) if spans else (), strict=True)
            ],
        }

    return service.document(("series", order, unit.code, line, today, asked.key), work)


def _reader(ruleset: RuleSet, indicator: str) -> tuple[int | float | None, Reader]:
    """What the values cannot exceed (None: they are counts), and who reads them."""
    if indicator in COUNTS:
        return None, lambda reading, scope, spans: [
            {"value": counts_in(reading, scope, span)[0][indicator]} for span in spans
        ]
    if indicator == TOTAL:
        return in_points(ruleset.max), lambda *asked: _points(_scores(ruleset, *asked).total)
    groups = [group.code for group in ruleset.groups]
    if indicator in groups:
        place = groups.index(indicator)
        most = in_points(ruleset.groups[place].max)
        return most, lambda *asked: _points(_scores(ruleset, *asked).groups[place].score)
    if indicator in ruleset.indicators:
        most = in_points(ruleset.indicators[indicator].max)
        return most, lambda *asked: _indicator(_scores(ruleset, *asked), indicator)
    allowed = [TOTAL, *groups, *ruleset.indicators, *COUNTS]
    raise wrong("indicator", f"there is no {indicator[:40]!r}; `allowed` lists what there is", allowed)


def _scores(ruleset: RuleSet, reading: Reading, scope: Scope, spans: Sequence[Period]) -> Scores:
    return evaluate(ruleset, Stacked([PeriodCounts(reading, scope, span) for span in spans]))


def _points(hundredths: Hundredths) -> list[Point]:
    return [{"value": value / HUNDREDTHS} for value in hundredths.tolist()]


def _indicator(scores: Scores, code: str) -> list[Point]:
    """An indicator's points, with what they were made of; null where there is no score."""
    (found,) = [each for group in scores.groups for each in group.indicators if each.indicator.code == code]
    return [
        {
            "value": score / HUNDREDTHS if scored else None,
            "numerator": plain(found.counted.numerator[row]),
            "denominator": plain(found.counted.denominator[row]),
            "status": Status(status).name.lower(),
        }
        for row, (score, scored, status) in enumerate(
            zip(found.score.tolist(), found.scored.tolist(), found.status.tolist(), strict=True)
        )
    ]
