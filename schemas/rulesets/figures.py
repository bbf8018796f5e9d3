"""Names of declared figures: official scores, and figures of the year before, of which a period takes its share.

Where neither the report nor the portal has a dossier of a period, the formula document (1.4) divides by the yearly figure of the year
before: by a twelfth of it for a month, a quarter of it for a quarter, all of it for a year. It names no other period.
"""

from typing import Final

from schemas.periods import Period, months_of

LAST_YEAR: Final = "last_year:"
"""What the evaluator puts before the name of a figure when it asks `Counts.figure` for that of the year before."""

_YEAR: Final = 12
_SHARED: Final = (1, 3, _YEAR)
"""Months of the periods that the document names."""


def official(ruleset: str, code: str) -> str:
    """The figure under which the score that the national portal shows is declared; ``code``: ``total``, a group or an indicator."""
    return f"official:{ruleset}:{code}"


def of_last_year(name: str) -> str:
    """The name by which a figure of the year before is asked for."""
    return LAST_YEAR + name


def periods_a_year(period: Period) -> int | None:
    """By how much a yearly figure is divided: 12 for a whole month, 4 for a quarter, 1 for a year; None for any other period."""
    months = months_of(period)
    return _YEAR // months if months in _SHARED else None
