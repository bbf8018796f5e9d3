"""Which declared spans hold for a period, by trying all sets of them (`events_and_measures.md`, 2.5)."""

from fractions import Fraction
from itertools import combinations

from schemas.periods import Period
from schemas.rows import FigureRow


def by_trying(rows: list[FigureRow], period: Period) -> Fraction | None:
    """Of all sets of spans that cover each day once and nothing else the smallest, its longest first."""
    closed = [row for row in rows if row.last is not None]
    wanted = [] if period.first is None else list(range(period.first, period.last + 1))  # nothing tiles all time
    for size in range(1, len(closed) + 1):
        fits = [
            sorted(chosen, key=lambda row: row.first)
            for chosen in combinations(closed, size)
            if sorted(day for row in chosen for day in range(row.first, row.last + 1)) == wanted
        ]
        if fits:
            best = max(fits, key=lambda chosen: [row.last for row in chosen])
            return sum((Fraction(str(row.value)) for row in best), Fraction(0))
    standing = [row for row in rows if row.last is None and row.first <= period.last]
    return Fraction(str(max(standing, key=lambda row: row.first).value)) if standing else None
