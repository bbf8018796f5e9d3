"""Our scores beside those that the national portal shows, which units declare as figures (`events_and_measures.md`, section 2.5)."""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from schemas.rulesets.document import name_in
from schemas.rulesets.evaluate import Scores, evaluate
from schemas.rulesets.figures import official
from schemas.rulesets.model import HUNDREDTHS
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.documents.asked import Asked
from services.api.documents.kept import Document, Made, Stamp
from services.api.documents.naming import unit_json
from services.api.service import Service

__all__ = ["compare_document"]

TOTAL: Final = "total"


def compare_document(service: Service, unit: Unit, asked: Asked, *, children: bool) -> tuple[Made, Stamp]:
    """A unit's scores, ours and the official ones, with their difference (ours less official); `children`: those of the units below, too.

    An official score is of the very days that it was declared for, and of the unit that it was declared of: nothing is added up.

    Raises:
        Problem: 503, the counts are not complete yet.
    """
    order = service.order_of(asked.period)

    def work(reading: Reading) -> Document:
        codes = [unit.code, *(order.children(unit.code) if children else [])]
        scope = Scope.of(order, codes, pooled=asked.pooled)
        scores = evaluate(asked.ruleset, PeriodCounts(reading, scope, asked.period))
        declared = _declared(reading, asked)
        compared = [
            _compared(scores, row, order.tree[code], asked, declared.get(code, {})) for row, code in enumerate(codes)
        ]
        head = {"ruleset": asked.ruleset.id, **asked.period.to_json(), **compared[0]}
        return {**head, "children": compared[1:]} if children else head

    return service.document(("compare", order, unit.code, children, asked.key), work)


def _declared(reading: Reading, asked: Asked) -> Mapping[str, Mapping[str, Fraction]]:
    """The official scores by unit, then by code (`total`, a group, an indicator)."""
    ruleset = asked.ruleset
    found: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for code in (TOTAL, *(group.code for group in ruleset.groups), *ruleset.indicators):
        for unit, value in reading.declared.exactly(official(ruleset.id, code), asked.period).items():
            found[unit][code] = value
    return found


def _compared(scores: Scores, row: int, unit: Unit, asked: Asked, declared: Mapping[str, Fraction]) -> dict[str, Any]:
    """Everything of one unit; ``missing``: the codes that have no official score."""
    missing = []

    def sides(code: str, hundredths: int | None) -> dict[str, float | None]:
        said = declared.get(code)
        if said is None:
            missing.append(code)
        return _sides(hundredths, said)

    total = sides(TOTAL, int(scores.total[row]))
    groups = []
    for group in scores.groups:
        code, name = group.group.code, name_in(group.group.name, asked.language)
        indicators = [
            {
                "code": each.indicator.code,
                "name": name_in(each.indicator.name, asked.language),
                **sides(each.indicator.code, int(each.score[row]) if each.scored[row] else None),
            }
            for each in group.indicators
            if each.indicator.curve != "analysis"
        ]
        groups.append({"code": code, "name": name, **sides(code, int(group.score[row])), "indicators": indicators})
    return {"unit": unit_json(unit), TOTAL: total, "groups": groups, "missing": missing}


def _sides(hundredths: int | None, said: Fraction | None) -> dict[str, float | None]:
    ours = None if hundredths is None else Fraction(hundredths, HUNDREDTHS)
    return {
        "ours": None if ours is None else float(ours),
        "official": None if said is None else float(said),
        "difference": None if ours is None or said is None else float(ours - said),
    }
