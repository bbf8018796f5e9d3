"""What would be: other rules, or other counts, beside today's scores of the same units."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from schemas.measures import BY_NAME, Family
from schemas.periods import Period
from schemas.rulesets.changed import UNSPLIT, Change, Changed, total
from schemas.rulesets.document import Language, document, in_points
from schemas.rulesets.evaluate import Scores, evaluate
from schemas.rulesets.model import HUNDREDTHS, RuleSet
from schemas.rulesets.pairs import MOST
from schemas.rulesets.ranking import places
from schemas.rulesets.vocabulary import VOCABULARY
from schemas.units import Unit
from services.api.cube.cube import Reading
from services.api.cube.order import COUNTRY, TreeOrder
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.documents.naming import unit_json
from services.api.problems import wrong
from services.api.service import Service

__all__ = ["Supposed", "Supposition", "whatif_document"]

Places = NDArray[np.intp]

MOVERS: Final = 10
"""Units that are named as those that move most."""


class Supposed(Struct, forbid_unknown_fields=True, frozen=True):
    """One count that is supposed to be another: `add` to it, or `set` it. ``procedure`` or ``petition_class``: of these alone.

    A count of no procedure is one of procedures of which nothing is known: it stands in no sum over procedures with an attribute, and
    makes no procedure appear.
    """

    unit: str
    measure: str
    add: int | None = None
    set: int | None = None
    procedure: str | None = None
    petition_class: str | None = None


class Supposition(NamedTuple):
    """What is asked: of one unit, or of those right below another (of a kind), under today's rule set and under other rules."""

    unit: Unit | None
    parent: Unit | None
    kind: str | None
    period: Period
    today: RuleSet
    then: RuleSet
    changes: Sequence[tuple[str, Supposed]]
    """With the code of the unit that each names."""
    language: Language


def whatif_document(service: Service, asked: Supposition) -> dict[str, Any]:
    """The scores of the units as they are, and as they would be.

    Raises:
        Problem: 422, a count that is not there or would be below zero, or of a unit that is not scored here; 503, the counts are not
            complete yet.
    """
    order = service.order_of(asked.period)
    scored = _scored(order, asked)
    with service.reading() as reading:
        counts = PeriodCounts(reading, Scope(order, scored, pooled=True), asked.period)
        changes = _Changes(reading, counts, [order.codes[place] for place in scored]).read(asked.changes)
        before = evaluate(asked.today, counts)
        if any(change != Change() for change in changes):
            then = evaluate(asked.then, Changed(counts, np.arange(len(scored)), changes, together=True))
        else:
            then = evaluate(asked.then, counts)
        as_of, revision = reading.state.as_of, reading.state.revision
    units = _rows(order, scored, before, then)
    movers = sorted((row for row in units if row["difference"]), key=lambda row: -abs(row["difference"]))
    found = {
        "parent": None if asked.parent is None else unit_json(asked.parent),
        "kind": asked.kind,
        "ruleset": asked.today.id,
        "ruleset_then": asked.then.id,
        **asked.period.to_json(),
        "max": in_points(asked.today.max),
        "max_then": in_points(asked.then.max),
        "units": units,
        "movers": [row["unit"]["code"] for row in movers[:MOVERS]],
        "as_of": service.zone.format(as_of),
        "revision": revision,
    }
    if asked.unit is not None:
        shown = (msgspec.to_builtins(document(scores, 0, asked.language)) for scores in (before, then))
        found |= dict(zip(("score", "score_then"), shown, strict=True))
    return found


def _scored(order: TreeOrder, asked: Supposition) -> Places:
    if asked.unit is not None:
        return np.array([order.places[asked.unit.code]], np.intp)
    if asked.parent is None and asked.kind is not None:
        return order.of_kind(asked.kind)
    return order.below(order.places[COUNTRY if asked.parent is None else asked.parent.code], asked.kind)


class _Changes:
    """Reads what is supposed of the counts of some units."""

    def __init__(self, reading: Reading, counts: PeriodCounts, codes: Sequence[str]) -> None:
        self._items = {name: number for number, name in enumerate(reading.items)}
        self._counts = counts
        self._rows = {code: row for row, code in enumerate(codes)}

    def read(self, supposed: Sequence[tuple[str, Supposed]]) -> list[Change]:
        """One change a unit.

        Raises:
            Problem: 422, as `whatif_document`.
        """
        found: dict[int, list[Change]] = defaultdict(list)
        seen = set()
        for number, (code, one) in enumerate(supposed):
            where = f"changes[{number}]"
            if code not in self._rows:
                raise wrong(f"{where}.unit", f"{one.unit[:80]!r} is none of the units that are scored here")
            named = code, one.measure, one.procedure, one.petition_class
            if named in seen:
                raise wrong(where, "the same count is there twice")
            seen.add(named)
            found[self._rows[code]].append(self._change(where, self._rows[code], one))
        return [total(found[row]) for row in range(len(self._rows))]

    def _change(self, where: str, row: int, one: Supposed) -> Change:
        if one.measure not in VOCABULARY.measures:
            raise wrong(f"{where}.measure", f"there is no measure {one.measure[:80]!r}", sorted(VOCABULARY.measures))
        if (one.add is None) == (one.set is None):
            raise wrong(where, "give either add or set")
        petition = BY_NAME[one.measure].family is Family.PETITION
        if one.petition_class is not None and (not petition or one.petition_class not in VOCABULARY.classes):
            raise wrong(f"{where}.petition_class", "petitions have one", sorted(VOCABULARY.classes))
        if one.procedure is not None and (petition or one.procedure not in self._items):
            raise wrong(f"{where}.procedure", f"nothing is known of a procedure {one.procedure[:80]!r}")
        now = self._now(row, one)
        then = now + one.add if one.add is not None else one.set
        if then is None or not 0 <= then <= MOST:
            raise wrong(where, f"{one.measure} is {now} now and must lie between 0 and {MOST} then")
        if one.petition_class is not None:
            return Change(classes={(one.measure, one.petition_class): then - now})
        item = UNSPLIT if one.procedure is None else self._items[one.procedure]
        return Change({(one.measure, item): then - now})

    def _now(self, row: int, one: Supposed) -> int:
        if one.petition_class is not None:
            return int(self._counts.measure_of_class(one.measure, one.petition_class)[row])
        if one.procedure is None:
            return int(self._counts.measure(one.measure)[row])
        cells = self._counts.cells(one.measure)
        chosen = (cells.unit == row) & (cells.procedure == self._items[one.procedure])
        return int(cells.value[chosen].sum())


def _rows(order: TreeOrder, scored: Places, before: Scores, then: Scores) -> list[dict[str, Any]]:
    ties = order.alphabet[scored]
    ranks, ranks_then = places(before.total, ties), places(then.total, ties)
    rows = [
        {
            "rank": int(ranks[row]),
            "rank_then": int(ranks_then[row]),
            "change": int(ranks[row] - ranks_then[row]),
            "unit": unit_json(order.unit_at(int(place))),
            "total": int(before.total[row]) / HUNDREDTHS,
            "total_then": int(then.total[row]) / HUNDREDTHS,
            "difference": int(then.total[row] - before.total[row]) / HUNDREDTHS,
            "groups": _groups(before, row),
            "groups_then": _groups(then, row),
        }
        for row, place in enumerate(scored)
    ]
    return sorted(rows, key=lambda each: each["rank"])


def _groups(scores: Scores, row: int) -> Mapping[str, float]:
    return {each.group.code: int(each.score[row]) / HUNDREDTHS for each in scores.groups}
