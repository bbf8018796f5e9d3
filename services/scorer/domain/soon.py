"""When a dossier is due soon ("sắp đến hạn"): it is in time, and little working time is left until its due moment."""

from functools import lru_cache

from schemas.calendar import WorkingCalendar
from services.scorer.domain.spans import Span

__all__ = ["soon_spans"]


def soon_spans(due: int, life: Span, stops: list[Span], calendar: WorkingCalendar, seconds: float) -> list[Span]:
    """The spans of a life in which it is due soon, waits not yet taken out: one for each due moment that it had.

    While the clock stands still the due moment moves away: before a wait a dossier can be due soon, and after it no more.

    Args:
        due: its due moment, that no stop has moved.
        life: from its receipt to its end.
        stops: when the clock stood still, united, within the life.
        calendar: of its unit.
        seconds: of working time, before the due moment, from which on it is due soon; 0: it never is.
    """
    if not seconds:
        return []
    begins, end = life
    if not stops:
        since, until = max(begins, _soon_from(calendar, due, seconds)), min(end, due + 1)
        return [(since, until)] if since < until else []
    found: list[Span] = []
    for stopped, goes_on in [*stops, (end, end)]:
        since, until = max(begins, _soon_from(calendar, due, seconds)), min(stopped, due + 1)
        if since < until:
            found.append((since, until))
        if due < stopped:
            break
        due += goes_on - stopped
        begins = goes_on
    return found


@lru_cache(maxsize=16_384)  # many dossiers are due at the same moment: at the end of a day
def _soon_from(calendar: WorkingCalendar, due: int, seconds: float) -> int:
    """The last moment at which so much working time is left until the due moment; "never" is as late as there are days."""
    return calendar.subtract(min(due, calendar.zone.last), seconds)
