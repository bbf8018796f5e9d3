"""All that a day brings to the province: dossiers, petitions, decisions, reports."""

from collections.abc import Iterator
from datetime import date, tzinfo

from deploy.demo import days, decisions, petitions, reports
from deploy.demo.event import Happening

__all__ = ["of_day"]


def of_day(day: date, first: date, zone: tzinfo) -> Iterator[Happening]:
    """Everything that will ever be sent about what begins on a day of a history that began on the `first` one."""
    yield from days.of_day(day, zone)
    yield from petitions.of_day(day, zone)
    yield from decisions.of_day(day, zone)
    yield from reports.of_day(day, first, zone)
