"""The lines of /metrics that are worked out when it is asked for: of units and of systems."""

import threading
from collections.abc import Mapping

from schemas.moments import SECOND
from services.api.service import Service
from services.api.watch.numbers import UnitNumbers
from services.common.exposition import Family
from services.common.metrics import API_SYSTEM_HABIT_SECONDS, API_SYSTEM_SILENCE_SECONDS

__all__ = ["Lines"]


class Lines:
    """Of one service. From any thread."""

    def __init__(self, service: Service) -> None:
        """Nothing is worked out yet."""
        self._service = service
        self._units = UnitNumbers(service)
        self._lock = threading.Lock()

    def all(self) -> Mapping[Family, str]:
        """All of them; none while the counts are not complete."""
        with self._lock:
            return {**self._units.lines(), **self._of_systems()}

    def _of_systems(self) -> Mapping[Family, str]:
        """Of the systems that have not left; a habit only of those that are known well enough."""
        systems = self._service.systems()
        living, known = systems.living, {sender: habit for sender, habit in systems.living.items() if habit.is_known}
        silence, habit = API_SYSTEM_SILENCE_SECONDS, API_SYSTEM_HABIT_SECONDS
        return {
            silence: silence.lines(
                (silence.labelled(*sender) for sender in living),
                (each.silence(systems.now) // SECOND for each in living.values()),
            ),
            habit: habit.lines(
                (habit.labelled(*sender) for sender in known), (each.longest // SECOND for each in known.values())
            ),
        }
