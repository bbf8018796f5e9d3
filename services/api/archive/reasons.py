"""Because of which fact a dossier counts for what (`events_and_measures.md`, section 5.2).

Every count rests on one fact: the one that made it so, where several had to come together the last of these.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from schemas.moments import Zone, format_day, from_canonical
from services.api.archive.said import RECEIVED, Event, taken_back

__all__ = ["counts_of_facts"]

Count = Mapping[str, Any]
"""``{"unit", "day", "procedure", "measure", "count"}``."""

_END: Final = ("processed", "returned", "withdrawn", "progressed")
_DUE: Final = ("rescheduled", "supplemented", "received")
_UNHAPPY: Final = ("petitioned", "rated")

_NOT_ITS_OWN: Final = frozenset({"due_at", "started_at", "submitted_at"})
"""Moments that an event tells beside the one of which it tells."""

_BEGINS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("received_synced", "fee_synced"), ("synced",)),
    "paid_online": ("paid",),
    **dict.fromkeys(("online_with_result", "finished", "processing_seconds", "processing_work_seconds"), _END),
    **dict.fromkeys(("ended", "ended_on_time", "ended_late", "ended_no_due", "ended_early", "ended_with_result"), _END),
    **dict.fromkeys(("ended_components", "ended_digitized", "ended_online_late", "refused", "stopped"), _END),
    **dict.fromkeys(("withdrawn", "to_return"), _END),
    **dict.fromkeys((f"tt01_{what}_{indicator}" for what in ("points", "n") for indicator in (1, 3, 4)), _END),
    **dict.fromkeys(("tt01_points_2", "tt01_n_2"), ("step",)),
    **dict.fromkeys((f"tt01_{what}_{indicator}" for what in ("points", "n") for indicator in (6, 7)), ("rated",)),
    **dict.fromkeys(("ended_in_time_unhappy", "open_in_time_unhappy"), _UNHAPPY),
    **dict.fromkeys(("open_overdue", "open_online_overdue", "became_overdue", "falls_due", "due_soon"), _DUE),
    "returned": ("returned", "progressed"),
    "declined": ("declined", "progressed"),
    **dict.fromkeys(("open_waiting", "open_waiting_late"), ("supplement_requested", "progressed")),
    "submitted_waiting": ("submitted",),
    "late_notified": ("notified", "late", "rescheduled"),
    **dict.fromkeys(("rescheduled", "rescheduled_late"), ("rescheduled",)),
    **dict.fromkeys(("rated", "satisfied", "dissatisfied", "stars_sum", "stars_n"), ("rated",)),
    **dict.fromkeys(("slips_paper", "slips_kiosk", "slips_online"), ("rated",)),
}
"""Measure -> types of the events that it may rest on, the first that is there; of all others the receipt."""

_ENDS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("open", "open_no_due", "open_overdue", "open_online_overdue", "open_in_time_unhappy"), _END),
    "due_soon": (*_END, "supplement_requested"),
    **dict.fromkeys(("open_waiting", "open_waiting_late"), ("supplemented", *_END)),
    "submitted_waiting": ("received", "declined", "withdrawn", "voided"),
    "to_return": ("returned", "progressed"),
}
"""The same of stocks that end (a count below zero)."""


def counts_of_facts(facts: Sequence[Event], counts: Iterable[Count], zone: Zone) -> list[list[Count]]:
    """What each fact counts for; every count stands at exactly one, if there is any fact.

    Args:
        facts: in force.
        counts: of the whole dossier.
        zone: whose days are counted.
    """
    found: list[list[Count]] = [[] for _ in facts]
    standing = [place for place, fact in enumerate(facts) if taken_back(fact, facts) is None]
    for count in counts:
        place = _reason(facts, standing, count, zone)
        if place is not None:
            found[place].append(count)
    return found


def _reason(facts: Sequence[Event], standing: Sequence[int], count: Count, zone: Zone) -> int | None:
    table = _ENDS if count["count"] < 0 else _BEGINS
    kinds = table.get(count["measure"], ("received",))
    if kinds == _DUE:
        kinds = ()
        due = [place for place in standing if _sets_due(facts[place])]
        if due:
            return _newest(facts, due)
    for kind in kinds:
        of_kind = [place for place in standing if facts[place].type == f"nhip.dossier.{kind}"]
        if of_kind:
            fits = _fits(count, zone)
            return _newest(facts, [place for place in of_kind if fits(facts[place])] or of_kind)
    receipts = [place for place in standing if facts[place].type == RECEIVED] or list(standing)
    return _newest(facts, receipts) if receipts else None


def _sets_due(fact: Event) -> bool:
    return fact.type.removeprefix("nhip.dossier.") in _DUE and fact.data.get("due_at") is not None


def _newest(facts: Sequence[Event], places: Iterable[int]) -> int:
    return max(places, key=lambda place: facts[place].version)


def _fits(count: Count, zone: Zone) -> Callable[[Event], bool]:
    """Whether it is that very one of several facts of a type: the day is one of its moments', a step's agency the unit."""

    def fits(fact: Event) -> bool:
        if fact.data.get("agency") not in {None, count["unit"]}:
            return False
        moments = [value for name, value in fact.data.items() if name.endswith("_at") and name not in _NOT_ITS_OWN]
        days = {zone.day(from_canonical(moment)) for moment in moments} or {zone.day(fact.time)}
        return count["day"] in map(format_day, days)

    return fits
