"""Periods as people write them (CONTRACT, section 3): a day, week, month, quarter, half, year, or the last so many days.

A period is two days, both included. It may reach into the future: it then ends now, because nothing is counted after now.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

from schemas.moments import format_day, parse_day

_LAST_DAYS: Final = re.compile(r"last-([1-9]\d{0,3})-days", re.ASCII | re.IGNORECASE)

FORMS: Final = (
    "2026-03-12 (day)",
    "2026-W11 (ISO week)",
    "2026-03 (month)",
    "2026-Q1 (quarter)",
    "2026-H1 (half)",
    "2026 (year)",
    "last-30-days (or another number up to 9999)",
)
"""Every form that `parse_period` reads, with an example."""

STEPS: Final = ("day", "week", "month")
"""Into what `steps` cuts."""

_EPOCH: Final = date(1970, 1, 1).toordinal()


class Period(NamedTuple):
    """Days from `first` to `last`, both included; `first` None: since ever."""

    first: int | None
    last: int

    def to_json(self) -> dict[str, str | None]:
        """The members `from` and `to` of a document."""
        return {"from": None if self.first is None else format_day(self.first), "to": format_day(self.last)}


class PeriodError(ValueError):
    """A text is no period, or the period ends before it begins."""


def parse_period(text: str, today: int) -> Period:
    """Read a period.

    Args:
        text: one of FORMS; letters of either case.
        today: the day that "last-30-days" ends with.

    Raises:
        PeriodError: none of these, or a day, week or month that no calendar has.
    """
    if (days := _LAST_DAYS.fullmatch(text)) is not None:
        return Period(today - int(days[1]) + 1, today)
    for form, reader in _READERS:
        found = form.fullmatch(text)
        if found is not None:
            try:
                return reader(*(int(number) for number in found.groups()))
            except (ValueError, OverflowError) as error:
                raise PeriodError(f"{text!r} is in no calendar") from error
    raise PeriodError(f"{text[:40]!r} is no period; write one of: {', '.join(FORMS)}")


def between(first: str | None, last: str | None, today: int) -> Period:
    """The period of two days as texts; without the first: since ever, without the last: up to today.

    Raises:
        PeriodError: not days, or the first lies after the last.
    """
    try:
        period = Period(None if first is None else parse_day(first), today if last is None else parse_day(last))
    except ValueError as error:
        raise PeriodError(str(error)) from error
    if period.first is not None and period.first > period.last:
        raise PeriodError(f"from {format_day(period.first)} lies after to {format_day(period.last)}")
    return period


def year_to_date(today: int) -> Period:
    """From the first of January of this year up to today: what is meant when nothing is asked for."""
    return Period(_day(_date(today).year, 1, 1), today)


def preceding(period: Period) -> Period | None:
    """The period before: of a whole month, quarter, half or year the month (…) before it, of other days as many right before them.

    None before a period since ever, and where the calendar begins.
    """
    if period.first is None:
        return None
    try:
        if (months := months_of(period)) is not None:
            first = _date(period.first)
            whole = first.year * 12 + first.month - 1 - months
            return Period(_day(whole // 12, whole % 12 + 1, 1), period.first - 1)
        before = Period(2 * period.first - period.last - 1, period.first - 1)
        _date(before.first or 0)
    except (ValueError, OverflowError):
        return None
    return before


def year_earlier(period: Period) -> Period | None:
    """The same days of the year before, of a whole month (…) the whole month; None since ever, and where the calendar begins."""
    if period.first is None or _date(period.first).year == 1:
        return None
    first, last = _date(period.first), _date(period.last)
    at_end = last.day == monthrange(last.year, last.month)[1]
    end = monthrange(last.year - 1, last.month)[1]
    start = min(first.day, monthrange(first.year - 1, first.month)[1])
    return Period(
        _day(first.year - 1, first.month, start), _day(last.year - 1, last.month, end if at_end else min(last.day, end))
    )


def months_of(period: Period) -> int | None:
    """How many months a whole month, quarter, half or year has: 1, 3, 6 or 12; None for other days."""
    if period.first is None:
        return None
    first, last = _date(period.first), _date(period.last)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    ends = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    return months if ends and months in (1, 3, 6, 12) and (first.month - 1) % months == 0 else None


def steps(period: Period, step: str) -> list[Period]:
    """A period cut into days, weeks (from Monday) or months; the first and the last may be shorter.

    Raises:
        PeriodError: since ever (nothing says where to begin), or another step.
    """
    if period.first is None:
        raise PeriodError("give from: a series needs a first day")
    if step not in STEPS:
        raise PeriodError(f"{step!r} is no step; write one of: {', '.join(STEPS)}")
    found = []
    first = period.first
    while first <= period.last:
        last = min(_end_of_step(first, step), period.last)
        found.append(Period(first, last))
        first = last + 1
    return found


def _end_of_step(first: int, step: str) -> int:
    day = _date(first)
    if step == "week":
        return first + 6 - day.weekday()
    if step == "month":
        return first + monthrange(day.year, day.month)[1] - day.day
    return first


def _day(year: int, month: int, day: int) -> int:
    return date(year, month, day).toordinal() - _EPOCH


def _date(day: int) -> date:
    return date.fromordinal(day + _EPOCH)


def _months(year: int, first: int, count: int) -> Period:
    last = first + count - 1
    return Period(_day(year, first, 1), _day(year, last, monthrange(year, last)[1]))


def _of_day(year: int, month: int, day: int) -> Period:
    found = _day(year, month, day)
    return Period(found, found)


def _of_week(year: int, week: int) -> Period:
    return Period(*(date.fromisocalendar(year, week, weekday).toordinal() - _EPOCH for weekday in (1, 7)))


def _of_month(year: int, month: int) -> Period:
    return _months(year, month, 1)


def _of_quarter(year: int, quarter: int) -> Period:
    return _months(year, 3 * quarter - 2, 3)


def _of_half(year: int, half: int) -> Period:
    return _months(year, 6 * half - 5, 6)


def _of_year(year: int) -> Period:
    return _months(year, 1, 12)


_READERS: Final[list[tuple[re.Pattern[str], Callable[..., Period]]]] = [
    (re.compile(form, re.ASCII | re.IGNORECASE), reader)
    for form, reader in (
        (r"(\d{4})-(\d\d)-(\d\d)", _of_day),
        (r"(\d{4})-W(\d\d)", _of_week),
        (r"(\d{4})-(\d\d)", _of_month),
        (r"(\d{4})-Q([1-4])", _of_quarter),
        (r"(\d{4})-H([12])", _of_half),
        (r"(\d{4})", _of_year),
    )
]
