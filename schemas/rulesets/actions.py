"""What an office can do about its score, as changes of counts that real events make (`events_and_measures.md`, sections 3 and 5).

Counts do not say which dossier is which, so an action names only what they say for certain: that there *are* so many dossiers of a
procedure for which an event moves exactly these measures. Where two counts could meet in the same dossiers or in others, the least number
is taken of which some are left in every case. So the gain of an action is the gain that its events bring, whichever of the dossiers that
it describes they are about. Only of papers that come late nobody can say whether an unhappy applicant brings them (5.4): there the gain
lies between two numbers.

Three measures that an event can move besides are left out, because no rule set sees the difference: ``ended_early``, ``to_return``, and
the move of an unhappy dossier from ``open_in_time_unhappy`` to ``ended_in_time_unhappy``, which are only ever added. Indicators without
points (2.2) are promised nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from schemas.rulesets.changed import UNSPLIT, Change
from schemas.rulesets.counts import Counts

Moves = tuple[tuple[str, int], ...]
"""What one dossier (procedure, unit) moves: measures, and by how much."""

RECEIVED: Final = "nhip.dossier.received"
PROCESSED: Final = "nhip.dossier.processed"
SYNCED: Final = "nhip.dossier.synced"
PAID: Final = "nhip.dossier.paid"
SUPPLEMENTED: Final = "nhip.dossier.supplemented"

COPIES: Final = ("commune", "certified_copy", 1)
"""Communes that certify electronic copies from originals (4.6)."""


class Step(Struct, frozen=True):
    """So many of one procedure, each of which moves the same. A step about no procedure moves `units`."""

    procedure: int
    count: int
    moves: Moves
    units: tuple[str, str, int] | None = None


class Kind(Struct, frozen=True):
    """A kind of action. ``events``: the types that do it; ``now``: it counts only in a period in which today lies.

    ``doubt``: a measure of what loses points that each of them may raise by one besides, or not.
    """

    code: str
    events: tuple[str, ...]
    now: bool = False
    doubt: str | None = None


class Action(Struct, frozen=True):
    """What can be done of a kind: all steps, those that say most first."""

    kind: Kind
    steps: tuple[Step, ...]

    @property
    def count(self) -> int:
        """How many dossiers, procedures or units."""
        return sum(step.count for step in self.steps)

    @property
    def procedures(self) -> int:
        """Of how many procedures."""
        return len({step.procedure for step in self.steps} - {UNSPLIT})

    def first(self, count: int) -> "Action":
        """Only the first `count` of them."""
        steps = []
        for step in self.steps:
            if count <= 0:
                break
            steps.append(replace(step, count=min(step.count, count)))
            count -= step.count
        return Action(self.kind, tuple(steps))

    def change(self, *, at_worst: bool = True) -> Change:
        """What all of them change: at worst with everything that is in doubt, at best with nothing of it."""
        counts: dict[tuple[str, int], int] = {}
        units: dict[tuple[str, str, int], int] = {}
        for step in self.steps:
            for measure, by in step.moves:
                counts[measure, step.procedure] = counts.get((measure, step.procedure), 0) + by * step.count
            if step.units is not None:
                units[step.units] = units.get(step.units, 0) + step.count
        if at_worst and self.kind.doubt is not None:
            counts[self.kind.doubt, UNSPLIT] = self.count
        return Change(counts, units=units)


class UnitCounts:
    """The counts of one unit, by procedure."""

    def __init__(self, counts: Counts, row: int) -> None:
        self._counts = counts
        self._row = row
        self._known: dict[str, Mapping[int, int]] = {}

    def of(self, measure: str) -> Mapping[int, int]:
        """A measure, by the row of the procedure; what is not listed is zero."""
        if measure not in self._known:
            cells = self._counts.cells(measure)
            chosen = cells.unit == self._row
            self._known[measure] = dict(
                zip(cells.procedure[chosen].tolist(), cells.value[chosen].tolist(), strict=True)
            )
        return self._known[measure]

    def has(self, attribute: str, procedure: int) -> bool:
        """Whether a procedure has an attribute."""
        return bool(self._counts.attribute(attribute)[procedure] > 0)

    def units(self, kind: str, figure: str | None = None, value: int = 0) -> int:
        """How many units of a kind there are, or have declared a value."""
        return int(self._counts.units(kind, figure, value)[self._row])


Finder = Callable[[UnitCounts], Iterable[Step]]
_FINDERS: list[tuple[Kind, Finder]] = []


def _action(kind: Kind) -> Callable[[Finder], Finder]:
    def register(finder: Finder) -> Finder:
        _FINDERS.append((kind, finder))
        return finder

    return register


@cache
def kinds() -> dict[str, Kind]:
    """All kinds of actions, by code."""
    return {kind.code: kind for kind, _ in _FINDERS}


def actions(counts: Counts, row: int, *, now: bool) -> list[Action]:
    """Everything that a unit can do; no two of them are about the same thing, so all can be done together.

    Args:
        counts: with the unit.
        row: of the unit.
        now: today lies in the period.
    """
    counted = UnitCounts(counts, row)
    found = []
    for kind, finder in _FINDERS:
        steps = tuple(step for step in finder(counted) if step.count > 0) if now or not kind.now else ()
        if steps:
            found.append(Action(kind, steps))
    return found


# open dossiers

_DIGITAL: Final = ("ended_with_result", 1), ("ended_components", 1), ("ended_digitized", 1)
_ENDS: Final = ("open", -1), ("ended", 1)


@_action(Kind("finish_overdue", (RECEIVED, PROCESSED), now=True))
def _finish_overdue(counted: UnitCounts) -> Iterator[Step]:
    """Dossiers past their due moment, ended with an electronic result and digitised components. They stay late, but owe no result."""
    online = counted.of("open_online_overdue")
    late = (*_ENDS, ("open_overdue", -1), ("ended_late", 1), *_DIGITAL)
    for procedure, count in counted.of("open_overdue").items():
        mine = online.get(procedure, 0)
        yield Step(procedure, count - mine, late)
        yield Step(procedure, mine, (*late, ("open_online_overdue", -1), ("ended_online_late", 1)))


@_action(Kind("finish_in_time", (RECEIVED, PROCESSED), now=True))
def _finish_in_time(counted: UnitCounts) -> Iterator[Step]:
    """Dossiers that are still in time and do not wait, ended likewise."""
    overdue, free, waiting = counted.of("open_overdue"), counted.of("open_no_due"), counted.of("open_waiting")
    for procedure, count in counted.of("open").items():
        without, waits = free.get(procedure, 0), waiting.get(procedure, 0)
        due = count - overdue.get(procedure, 0) - without - waits
        yield Step(procedure, due, (*_ENDS, ("ended_on_time", 1), *_DIGITAL))
        yield Step(procedure, without - waits, (*_ENDS, ("open_no_due", -1), ("ended_no_due", 1), *_DIGITAL))


@_action(Kind("receive_supplements", (SUPPLEMENTED,), now=True, doubt="open_in_time_unhappy"))
def _receive_supplements(counted: UnitCounts) -> Iterator[Step]:
    """Dossiers that wait since after their due moment or for a second request: the papers come, with a new due moment ahead."""
    for procedure, count in counted.of("open_waiting_late").items():
        yield Step(procedure, count, (("open_waiting", -1), ("open_waiting_late", -1)))


# dossiers that have ended: each has digitised components or not, and an electronic result or not


class _Ended(Struct, frozen=True):
    """How many of a procedure have digitised components alone, a result alone, neither. ``withdrawn``: of those without a result, which
    never get one.
    """

    components: int
    result: int
    neither: int
    withdrawn: int


def _ended(counted: UnitCounts, *, paper: bool) -> Iterator[tuple[int, _Ended]]:
    names = ("ended_components", "ended_with_result", "ended_digitized", "withdrawn")
    for procedure, ended in counted.of("ended").items():
        if counted.has("paper_result", procedure) == paper:
            components, result, both, withdrawn = (counted.of(name).get(procedure, 0) for name in names)
            neither = ended - components - result + both
            yield procedure, _Ended(components - both, result - both, neither, withdrawn)


@_action(Kind("attach_results", (PROCESSED,)))
def _attach_results(counted: UnitCounts) -> Iterator[Step]:
    """Ended with digitised components, without an electronic result, where the result is a document."""
    for procedure, ended in _ended(counted, paper=True):
        yield Step(procedure, ended.components - ended.withdrawn, (("ended_with_result", 1), ("ended_digitized", 1)))


@_action(Kind("digitize", (RECEIVED,)))
def _digitize(counted: UnitCounts) -> Iterator[Step]:
    """Ended without digitised components: with an electronic result, or where the result is no document."""
    for paper in (True, False):
        for procedure, ended in _ended(counted, paper=paper):
            yield Step(procedure, ended.result, (("ended_components", 1), ("ended_digitized", 1)))
            if not paper:
                yield Step(procedure, ended.neither, (("ended_components", 1),))


@_action(Kind("attach_and_digitize", (RECEIVED, PROCESSED)))
def _attach_and_digitize(counted: UnitCounts) -> Iterator[Step]:
    """Ended with neither, where the result is a document."""
    for procedure, ended in _ended(counted, paper=True):
        yield Step(procedure, ended.neither - ended.withdrawn, _DIGITAL)


# dossiers received in the period


def _received(counted: UnitCounts) -> Mapping[int, int]:
    return counted.of("received")


def _charged(counted: UnitCounts, procedure: int) -> int:
    """Dossiers of a procedure with a fee of which not every charge is zero."""
    if not counted.has("fee", procedure):
        return 0
    return _received(counted)[procedure] - counted.of("fee_zero").get(procedure, 0)


def _first_fee(counted: UnitCounts, procedure: int) -> bool:
    """Whether the first synchronised dossier with a charge is still to come (3.5)."""
    return _charged(counted, procedure) > 0 and not counted.of("fee_synced").get(procedure)


@_action(Kind("synchronize", (SYNCED,)))
def _synchronize(counted: UnitCounts) -> Iterator[Step]:
    """Not yet known to the national portal."""
    for procedure, received in _received(counted).items():
        if not _first_fee(counted, procedure):
            yield Step(procedure, received - counted.of("received_synced").get(procedure, 0), (("received_synced", 1),))


@_action(Kind("synchronize_charged", (RECEIVED, SYNCED)))
def _synchronize_charged(counted: UnitCounts) -> Iterator[Step]:
    """The same where no dossier with a charge is known to it yet: first one whose charge is above zero, stated in its receipt.

    So many are missing that one of them must have a charge.
    """
    rest = []
    for procedure, received in _received(counted).items():
        missing = received - counted.of("received_synced").get(procedure, 0)
        if _first_fee(counted, procedure) and missing > counted.of("fee_zero").get(procedure, 0):
            yield Step(procedure, 1, (("received_synced", 1), ("fee_synced", 1)))
            rest.append(Step(procedure, missing - 1, (("received_synced", 1),)))
    yield from rest


def _unpaid(counted: UnitCounts) -> Iterator[tuple[int, int, bool]]:
    """Procedure, how many with a charge are not paid online, whether none is."""
    for procedure in _received(counted):
        paid = counted.of("paid_online").get(procedure, 0)
        missing = _charged(counted, procedure) - paid
        if missing > 0:
            yield procedure, missing, paid == 0


@_action(Kind("pay_online_first", (PAID,)))
def _pay_online_first(counted: UnitCounts) -> Iterator[Step]:
    """One dossier of each procedure with a fee for which nothing was paid online."""
    for procedure, _, first in _unpaid(counted):
        if first:
            yield Step(procedure, 1, (("paid_online", 1),))


@_action(Kind("pay_online", (PAID,)))
def _pay_online(counted: UnitCounts) -> Iterator[Step]:
    """All others with a charge."""
    for procedure, missing, first in _unpaid(counted):
        yield Step(procedure, missing - first, (("paid_online", 1),))


@_action(Kind("reuse_data", (RECEIVED,)))
def _reuse_data(counted: UnitCounts) -> Iterator[Step]:
    """Without reused data."""
    return _lacking(counted, "received_reused")


@_action(Kind("use_storage", (RECEIVED,)))
def _use_storage(counted: UnitCounts) -> Iterator[Step]:
    """Without a file from the citizen's personal storage, or a result in it."""
    return _lacking(counted, "received_storage")


@_action(Kind("use_population_first", (RECEIVED,)))
def _use_population_first(counted: UnitCounts) -> Iterator[Step]:
    """One dossier of each procedure for citizens that never used population data."""
    for procedure in _received(counted):
        if _first_population(counted, procedure):
            yield Step(procedure, 1, (("received_population", 1),))


@_action(Kind("use_population", (RECEIVED,)))
def _use_population(counted: UnitCounts) -> Iterator[Step]:
    """All others without population data."""
    for step in _lacking(counted, "received_population"):
        yield Step(step.procedure, step.count - _first_population(counted, step.procedure), step.moves)


def _first_population(counted: UnitCounts, procedure: int) -> bool:
    return counted.has("for_citizens", procedure) and not counted.of("received_population").get(procedure)


def _lacking(counted: UnitCounts, measure: str) -> Iterator[Step]:
    for procedure, received in _received(counted).items():
        yield Step(procedure, received - counted.of(measure).get(procedure, 0), ((measure, 1),))


# procedures and units


@_action(Kind("receive_online_first", (RECEIVED, SYNCED, PAID), now=True))
def _receive_online_first(counted: UnitCounts) -> Iterator[Step]:
    """A first dossier through each online service without one; synchronised, a charge paid online, due later."""
    new = ("received", 1), ("received_online", 1), ("received_synced", 1), ("open", 1)
    for procedure, online in counted.of("procedure_online").items():
        if online > 0 and not counted.of("received_online").get(procedure):
            charged = (("fee_synced", 1), ("paid_online", 1)) if counted.has("fee", procedure) else ()
            yield Step(procedure, 1, (*new, *charged))


@_action(Kind("offer_online", ("nhip.procedure.offered",)))
def _offer_online(counted: UnitCounts) -> Iterator[Step]:
    """Procedures that are offered, but not online."""
    for procedure, offered in counted.of("procedure_offered").items():
        if offered > 0 and not counted.of("procedure_online").get(procedure):
            yield Step(procedure, 1, (("procedure_online", 1),))


@_action(Kind("complete_procedures", ("nhip.procedure.described",)))
def _complete_procedures(counted: UnitCounts) -> Iterator[Step]:
    """Procedures that are public without all seven parts (khoản 2 Điều 8 Nghị định 63/2010/NĐ-CP)."""
    for procedure, public in counted.of("procedure_public").items():
        if public > 0 and not counted.of("procedure_complete").get(procedure):
            yield Step(procedure, 1, (("procedure_complete", public),))


@_action(Kind("declare_copies", ("nhip.unit.declared",)))
def _declare_copies(counted: UnitCounts) -> Iterator[Step]:
    """Communes that do not yet declare that they certify electronic copies."""
    kind, figure, value = COPIES
    yield Step(UNSPLIT, counted.units(kind) - counted.units(kind, figure, value), (), COPIES)
