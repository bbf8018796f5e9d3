"""Periods as commands take them: a name such as 2026-Q1, or two days, `2026-01-01..2026-10-10`."""

from schemas.periods import FORMS, Period, PeriodError, between, parse_period

__all__ = ["PERIOD_HELP", "days_of", "named"]

PERIOD_HELP = f"{', '.join(FORMS[:-1])}; or two days: 2026-01-01..2026-10-10."


def named(text: str) -> dict[str, str]:
    """The members of a request that say the same."""
    first, dots, last = text.partition("..")
    return {"from": first, "to": last} if dots else {"period": text}


def days_of(text: str, today: int) -> Period:
    """The days themselves; always with a first one.

    Raises:
        PeriodError: it is no period.
    """
    first, dots, last = text.partition("..")
    found = between(first, last, today) if dots else parse_period(text, today)
    if found.first is None:
        raise PeriodError(f"{text!r} has no first day")
    return found
