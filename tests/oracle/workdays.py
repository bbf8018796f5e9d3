"""Working days of offices, one day after the other, from the packaged file of days alone."""

import csv
from datetime import date, timedelta
from pathlib import Path

import schemas.calendar

_FILE = Path(schemas.calendar.__file__).parent / "vietnam.csv"
_SAID = {row["date"]: row["day"] for row in csv.DictReader(_FILE.open(encoding="utf-8"))}


def works(day: date) -> bool:
    said = _SAID.get(day.isoformat())
    return day.weekday() < 5 if said is None else said == "working"


def after(day: date, n: int, step: int = 1) -> date:
    """The n-th working day after a day (`step` -1: before it)."""
    while n:
        day += timedelta(days=step)
        n -= works(day)
    return day
