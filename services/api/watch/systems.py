"""The systems that send for units: which there are, and which of them are silent."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from schemas.calendar import WorkingCalendar
from schemas.moments import SECOND
from services.api.cube.cube import Cube
from services.api.cube.hearings import Sender
from services.api.cube.order import TreeOrder
from services.api.watch.silence import Habit, habit_of

__all__ = ["Look", "Systems"]


class Look:
    """The systems as they are at a moment; immutable.

    Args:
        order: the tree.
        now: microseconds.
        habits: of all senders that were ever heard.
    """

    def __init__(self, order: TreeOrder, now: int, habits: Mapping[Sender, Habit]) -> None:
        self._order = order
        self.now = now
        """As of when it holds, microseconds."""
        self._habits = habits

    @cached_property
    def living(self) -> dict[Sender, Habit]:
        """Those that have not left (`Habit.has_left`)."""
        return {sender: habit for sender, habit in self._habits.items() if not habit.has_left(self.now)}

    def of(self, unit: str) -> list[Sender]:
        """The systems of a unit: those with keys of it, else of the nearest unit above it that has any, else of those below it.

        Systems that have left are its own only where there are no others.
        """
        place = self._order.places.get(unit)
        if place is None:
            return []
        return self._near(place, self._living_places) or self._near(place, self._all_places)

    def is_stale(self, unit: str) -> bool:
        """Whether the figures of a unit are old: all its systems are quiet, and one at least is known well enough to say so."""
        own = [self._habits[sender] for sender in self.of(unit)]
        return any(habit.is_known for habit in own) and all(habit.is_quiet(self.now) for habit in own)

    def silent(self, unit: str, *, pooled: bool) -> dict[Sender, Habit]:
        """The systems that fell silent: those of a unit, with keys of the unit, and if it is `pooled` of those below it."""
        place = self._order.places.get(unit)
        if place is None:
            return {}
        end = int((self._order.ends if pooled else self._order.own_ends)[place])
        below = [sender for at, senders in self._living_places.items() if place <= at < end for sender in senders]
        found = ((sender, self._habits[sender]) for sender in sorted({*self.of(unit), *below}))
        return {sender: habit for sender, habit in found if habit.is_silent(self.now)}

    @cached_property
    def _living_places(self) -> dict[int, list[Sender]]:
        return self._by_place(self.living)

    @cached_property
    def _all_places(self) -> dict[int, list[Sender]]:
        return self._by_place(self._habits)

    def _by_place(self, senders: Mapping[Sender, Habit]) -> dict[int, list[Sender]]:
        found: dict[int, list[Sender]] = defaultdict(list)
        for sender in senders:
            place = self._order.places.get(sender.unit)
            if place is not None:
                found[place].append(sender)
        return dict(found)

    def _near(self, place: int, places: Mapping[int, list[Sender]]) -> list[Sender]:
        for above in self._line(place):
            if above in places:
                return places[above]
        end = int(self._order.ends[place])
        return [sender for at, senders in places.items() if place < at < end for sender in senders]

    def _line(self, place: int) -> Iterator[int]:
        while place >= 0:
            yield place
            place = int(self._order.parents[place])


class _Learned(NamedTuple):
    """What was learned of all senders by the tree and up to a version of what was heard."""

    order: TreeOrder
    version: int
    habits: dict[Sender, Habit]


class Systems:
    """Learns the habits of systems from what was heard of them, anew only of those that were heard since. From any thread.

    Args:
        cube: knows when they were heard.
        calendar_of: the working calendar of a unit.
    """

    def __init__(self, cube: Cube, calendar_of: Callable[[str], WorkingCalendar]) -> None:
        self._cube = cube
        self._calendar_of = calendar_of
        self._lock = threading.Lock()
        self._learned: _Learned | None = None
        self._look: tuple[tuple[TreeOrder, int, int], Look] | None = None

    def look(self, order: TreeOrder, now: int) -> Look:
        """The systems at a moment, to the second. Do not call it while a reading of the cube is open.

        Args:
            order: the tree; of another one, calendars may differ.
            now: microseconds.
        """
        with self._lock:
            learned = self._learn(order)
            key = order, learned.version, now // SECOND
            if self._look is None or self._look[0] != key:
                self._look = key, Look(order, now, learned.habits)
            return self._look[1]

    def _learn(self, order: TreeOrder) -> _Learned:
        learned = self._learned
        if learned is None or learned.order is not order:
            learned = _Learned(order, 0, {})
        heard = self._cube.heard_since(learned.version)
        if heard.version != learned.version:
            habits = dict(learned.habits)
            for sender, days in heard.senders.items():
                habit = habit_of(days, self._calendar_of(sender.unit))
                if habit is None:
                    habits.pop(sender, None)
                else:
                    habits[sender] = habit
            learned = _Learned(order, heard.version, habits)
        self._learned = learned
        return learned
