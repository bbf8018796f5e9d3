"""The counts of CONTRACT, section 2, as sums and differences of measures."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from schemas.measures import BY_NAME, Measure

CARRIED_OVER: Final = "carried_over"


class Term(NamedTuple):
    """A measure that is added (`sign` 1) or taken off (-1); `before`: the stock on the day before the period."""

    measure: Measure
    sign: int = 1
    before: bool = False


def _plain(name: str) -> tuple[Term, ...]:
    return (Term(BY_NAME[name]),)


_OTHERS: Final[dict[str, tuple[Term, ...]]] = {
    CARRIED_OVER: (Term(BY_NAME["open"], before=True),),
    "open_not_due": (Term(BY_NAME["open"]), Term(BY_NAME["open_overdue"], -1), Term(BY_NAME["open_no_due"], -1)),
    "online": _plain("received_online"),
    "synced": _plain("received_synced"),
}
"""Counts that are no measure of their own, or have another name there."""

_NAMES: Final = (
    "received",
    "carried_over",
    "ended",
    "ended_on_time",
    "ended_early",
    "ended_late",
    "ended_no_due",
    "open",
    "open_not_due",
    "open_overdue",
    "open_no_due",
    "open_waiting",
    "became_overdue",
    "online",
    "paid_online",
    "synced",
    "returned",
    "refused",
    "withdrawn",
    "rated",
    "satisfied",
    "stars_sum",
)

COUNTS: Final[dict[str, tuple[Term, ...]]] = {name: _OTHERS.get(name) or _plain(name) for name in _NAMES}
"""Name of a count -> what adds up to it, in the order of the contract."""

MEASURES_OF_COUNTS: Final[tuple[Measure, ...]] = tuple(
    dict.fromkeys(term.measure for terms in COUNTS.values() for term in terms)
)
"""The measures that the counts need."""


def counts_of(period: Mapping[str, int], before: Mapping[str, int]) -> dict[str, int]:
    """The counts of a period.

    Args:
        period: by measure, what the period adds up to (a flow inside it, a stock at its end).
        before: the same of all time before the period; only stocks are looked at. Empty for a period since ever.
    """
    return {
        name: sum(
            term.sign * (before if term.before else period).get(term.measure.name, 0)
            for term in terms
        )
        for name, terms in COUNTS.items()
    }  # fmt: skip
