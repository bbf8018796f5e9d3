"""One unit of public administration, and when it is in force."""

from typing import Final, NamedTuple

import msgspec

from schemas.moments import parse_day

EVER: Final = 1 << 40
"""A number of days that no calendar reaches: a span from -EVER to EVER is open on both sides."""


class Unit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One unit.

    ``valid_from`` and ``valid_to`` are its first and its last day (``2026-03-12``; absent: open). ``successor`` is the code of the
    unit that took it over after its last day; one with a successor and without a last day has ended ever since.
    """

    code: str
    name: str
    kind: str = ""
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    successor: str | None = None


class UnitTreeError(ValueError):
    """A list of units is no tree; ``code`` is the unit at fault."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class Span(NamedTuple):
    """The first and the last day of a unit."""

    first: int
    last: int


def span_of(unit: Unit) -> Span:
    """When a unit is in force.

    Raises:
        UnitTreeError: a day is none, or the last lies before the first.
    """
    first = _day(unit, "valid_from", unit.valid_from, -EVER)
    last = _day(unit, "valid_to", unit.valid_to, EVER if unit.successor is None else -EVER)
    if unit.valid_to is not None and last < first:
        raise UnitTreeError(
            unit.code, f"valid_to {unit.valid_to} of unit {unit.code!r} lies before its valid_from {unit.valid_from}"
        )
    return Span(first, last)


def _day(unit: Unit, field: str, text: str | None, absent: int) -> int:
    if text is None:
        return absent
    try:
        return parse_day(text)
    except ValueError as error:
        raise UnitTreeError(
            unit.code, f"{field} {text!r} of unit {unit.code!r} is no day such as 2026-03-12"
        ) from error
