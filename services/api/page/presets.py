"""Periods by what they are today: an address with one of them shows tomorrow's on the next day."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from schemas.moments import format_day

__all__ = ["PRESETS"]


def _week(today: int) -> str:
    year, week, _ = date.fromisoformat(format_day(today)).isocalendar()
    return f"{year:04}-W{week:02}"


def _quarter(today: int) -> str:
    year, month, _ = format_day(today).split("-")
    return f"{year}-Q{(int(month) + 2) // 3}"


PRESETS: Final[Mapping[str, Callable[[int], str]]] = {
    "today": format_day,
    "week": _week,
    "month": lambda today: format_day(today)[:7],
    "quarter": _quarter,
    "year": lambda today: format_day(today)[:4],
    "last-30-days": lambda _: "last-30-days",
}
"""Name of a period -> how the api writes it, given the present day."""
