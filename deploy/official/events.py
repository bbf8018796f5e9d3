"""Official scores as events: declared figures of the units (`events_and_measures.md`, section 2.5)."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from deploy.official.forms import Score
from deploy.replay.reading import Line
from schemas.periods import Period
from schemas.rulesets.figures import official

__all__ = ["declarations"]

SOURCE: Final = "/nhip/official"


def declarations(
    scores: Iterable[Score], ruleset: str, period: Period, *, time: str, mark: str, document: str | None = None
) -> Iterator[Line]:
    """An event a score, numbered from 1.

    Args:
        scores: what is declared.
        ruleset: id of the rules that made them.
        period: the very days that they are of; it has a first day.
        time: RFC 3339, when they were recorded: of two imports the later holds.
        mark: begins the ids, greater at every import, so that of two at one `time` (a clock that stands still) the later holds, too.
        document: number of the paper that they are from.
    """
    first, last = (day or "" for day in period.to_json().values())
    for number, score in enumerate(scores, 1):
        figure = official(ruleset, score.code)
        data = {"unit": score.unit, "figure": figure, "value": float(score.points), "from": first, "to": last}
        event = {
            "specversion": "1.0",
            "id": f"{mark}-{number}",
            "source": SOURCE,
            "type": "nhip.unit.declared",
            "subject": f"{score.unit}/{figure}/{first}/{last}",
            "time": time,
            "data": data if document is None else {**data, "document": document},
        }
        yield Line(number, msgspec.json.encode(event))
