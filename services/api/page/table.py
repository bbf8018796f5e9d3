"""Totals and main counts of all units in the year to date, worked out once for all who look."""

import threading
import time
import unicodedata
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from schemas.periods import year_to_date
from schemas.rulesets.evaluate import evaluate
from schemas.rulesets.library import load
from schemas.rulesets.model import HUNDREDTHS
from schemas.units import Unit
from services.api.cube.order import TreeOrder
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.documents.kept import Stamp
from services.api.service import Service

__all__ = ["Table", "Tables"]

SHOWN: Final = ("received", "open", "open_overdue", "ended_late")
"""The counts of a row, in the order of the page's columns."""

_FRESH_SECONDS: Final = 0.5
"""How old a table may be: the page asks every second."""
_SHARE: Final = 10
"""A table is kept this many times as long as it took, so that however large the country, scoring it takes a tenth of the time."""


class Table(Struct, frozen=True, eq=False):
    """One state: a row a unit in force, in the order of the tree. ``totals`` in hundredths; ``handled``: dossiers there were at all;
    ``texts``: what a search looks into.
    """

    stamp: Stamp
    today: int
    order: TreeOrder
    units: list[Unit]
    max: float
    totals: NDArray[np.int64]
    counts: NDArray[np.int64]
    handled: NDArray[np.int64]
    texts: list[str]

    def row(self, place: int) -> list[Any]:
        """[code, name, kind, total or None (no dossier), counts of SHOWN …]."""
        unit = self.units[place]
        total = int(self.totals[place]) / HUNDREDTHS if self.handled[place] else None
        return [unit.code, unit.name, unit.kind, total, *self.counts[place].tolist()]

    def places(self, search: str, sort: str) -> list[int]:
        """The units whose name, alias or code contains a text (case and accents aside), in the tree's order or worst (best) first."""
        wanted = plain(search.strip())
        found = [place for place, text in enumerate(self.texts) if wanted in text]
        if sort != "tree":
            sign = 1 if sort == "worst" else -1
            found.sort(
                key=lambda place: (not self.handled[place], sign * int(self.totals[place]), self.units[place].code)
            )
        return found


class Tables:
    """Keeps the last table. May be asked from several threads: one works, the others wait for the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: Table | None = None
        self._until = 0.0

    def table(self, service: Service) -> Table:
        """The present table, half a second old at most where scoring is fast.

        Raises:
            Problem: 503, the counts are not complete yet.
        """
        with self._lock:
            now = time.monotonic()
            if self._last is not None and now < self._until and self._last.order is service.order_on(service.today):
                return self._last
            table = self._last = _table(service, self._last)
            done = time.monotonic()
            self._until = done + max(_FRESH_SECONDS, _SHARE * (done - now))
            return table


def plain(text: str) -> str:
    """Small letters without accents, so that `an giang` and `AN GIANG` find each other, and `dong` finds `Đồng`."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _table(service: Service, last: Table | None) -> Table:
    period = year_to_date(today := service.today)
    order = service.order_of(period)
    ruleset = load(service.settings.ruleset)
    scope = Scope(order, np.flatnonzero(order.listed), pooled=True)
    with service.reading() as reading:
        stamp = Stamp(reading.state, service.zone)
        if last is not None and last.order is order and last.today == today and last.stamp.revision == stamp.revision:
            return last
        counts = PeriodCounts(reading, scope, period)
        scores = evaluate(ruleset, counts)
        shown = np.stack([counts.measure(name) for name in SHOWN], axis=1)
        handled = counts.measure("open") + counts.measure("ended")
    units = [order.unit_at(place) for place in scope.places]
    texts = last.texts if last is not None and last.order is order else [_text(unit) for unit in units]
    return Table(stamp, today, order, units, ruleset.max / HUNDREDTHS, scores.total, shown, handled, texts)


def _text(unit: Unit) -> str:
    return plain(" ".join([unit.code, unit.name, *unit.aliases]))
