"""What the offices report of a month: dossiers received by the national report system ("Hệ thống báo cáo quốc gia")."""

from collections.abc import Iterator
from datetime import date, timedelta, tzinfo
from typing import Final

from deploy.demo.days import arrivals
from deploy.demo.dice import dice_of
from deploy.demo.event import Happening, happening
from deploy.demo.office import Office, offices
from deploy.demo.worktime import later, opening

__all__ = ["of_day"]

DUE: Final = 5
"""The day of the next month on which reports are due; on a weekend, the Monday after it."""
FRIDAY: Final = 4
FIGURE: Final = "national_report_received"


def of_day(day: date, first: date, zone: tzinfo) -> Iterator[Happening]:
    """The reports that are due on a day. A month that the history, from its `first` day on, does not hold whole is not reported."""
    last = day.replace(day=1) - timedelta(days=1)
    begin = last.replace(day=1)
    if day != _due(day) or begin < first:
        return
    for office in offices():
        dice = dice_of("report", office.unit, begin)
        at = later(opening(day, zone), timedelta(hours=dice.uniform(0, 8)))
        data = {
            "unit": office.unit,
            "figure": FIGURE,
            "value": _reported(office, begin, last),
            "from": begin.isoformat(),
            "to": last.isoformat(),
            "document": f"BC-{last:%Y-%m}",
        }
        yield happening(at, "unit.declared", f"{office.unit}/{FIGURE}/{begin}/{last}", data)


def _due(day: date) -> date:
    due = day.replace(day=DUE)
    return due if due.weekday() <= FRIDAY else due + timedelta(days=7 - due.weekday())


def _reported(office: Office, begin: date, last: date) -> int:
    """All that came in that month, and what was done on paper and never entered: the more, the less an office synchronises."""
    days = (begin + timedelta(days=number) for number in range((last - begin).days + 1))
    came = sum(arrivals(office, day) for day in days)
    return round(came * (1.01 + 0.1 * (1 - office.synced)))
