"""Whose working hours hold for a unit."""

from collections.abc import Mapping

from schemas.calendar.calendar import WorkingCalendar
from schemas.units import UnitTree

__all__ = ["calendar_of"]


def calendar_of(
    unit: str, tree: UnitTree, own: Mapping[str, WorkingCalendar], everybodys: WorkingCalendar
) -> WorkingCalendar:
    """The calendar that a unit works by: its own, else that of the next unit above it that has one, else everybody's.

    Args:
        unit: a code; it need not be in the tree.
        tree: the units.
        own: the calendars of units with working hours of their own.
        everybodys: of all others.
    """
    if not own:
        return everybodys
    above: str | None = unit
    while above is not None and above not in own:
        above = tree[above].parent if above in tree else None
    return everybodys if above is None else own[above]
