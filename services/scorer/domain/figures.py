"""Figures that units declare: the last event about one unit, figure and span holds (`events_and_measures.md`, section 2.5).

They are booked on no day: a figure with a span holds for periods that spans tile, which the reader works out.
"""

from msgspec import Struct

from schemas.events.envelope import Event
from schemas.events.unit import UnitDeclared
from schemas.moments import from_canonical, parse_day
from schemas.rows import FIGURE, FigureRow, encode_figure
from services.scorer.domain.contributions import Booking
from services.scorer.domain.facts import Fact, Said
from services.scorer.domain.life import Now
from services.scorer.domain.setting import Setting


class Declared(Fact, array_like=True):
    """A figure of a unit for the days `first` to `last` (None: until further notice)."""

    unit: str
    figure: str
    value: float
    first: int
    last: int | None


class Figure(Struct, array_like=True):
    """What one sender declared under one subject."""

    declared: Declared | None = None


Known = dict[str, Figure]
"""All that is known under one subject: sender (unit of the key) -> what it declared."""


def fact_of(event: Event) -> Said:
    """The fact that a stored declaration states.

    Raises:
        ValueError: another event, or one that did not come through ingest.
    """
    if not isinstance(event, UnitDeclared):
        raise ValueError(f"no event about a unit: {type(event).__name__}")  # noqa: TRY004  poison, as other bad values
    d = event.data
    head = from_canonical(event.time), event.id, event.source, event.keysystem
    last = None if d.to_day is None else parse_day(d.to_day)
    return "declared", None, Declared(*head, d.unit, d.figure, d.value, parse_day(d.from_day), last)


def unit_of(said: Said) -> str | None:
    """The unit whose figure it is."""
    unit: str | None = getattr(said[2], "unit", None)
    return unit


def book(subject: str, known: Known, now: int, setting: Setting) -> Booking:
    """The figure that holds as of `now`: of those whose senders may speak for the unit the last one."""
    at = Now(now)
    said = [
        (facts.declared.version, sender, facts.declared)
        for sender, facts in known.items()
        if facts.declared is not None and setting.tree.may_speak(sender, facts.declared.unit)
    ]
    if not said:
        return Booking({}, at.next, None)
    *_, held = max(said, key=lambda each: each[:2])
    row = FigureRow(held.unit, held.figure, held.value, held.first, held.last)
    return Booking({}, at.next, None, {(FIGURE, subject): encode_figure(row)})
