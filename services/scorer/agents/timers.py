"""When dossiers change by themselves: a heap of moments, one valid entry a dossier."""

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush

from services.scorer.domain.spans import FOREVER


class Timers:
    """Moments at which dossiers wake.

    An entry that no longer agrees with what is stored about its dossier is stale and is dropped when it comes to the top.

    Args:
        entries: (moment, key of the dossier), in any order.
        stored: the moment that is stored for a key (`FOREVER`: none).
    """

    def __init__(self, entries: Iterable[tuple[int, bytes]], stored: Callable[[bytes], int]) -> None:
        self._heap = [entry for entry in entries if entry[0] != FOREVER]
        self._stored = stored
        self._valid = len(self._heap)
        heapify(self._heap)

    def __len__(self) -> int:
        """How many dossiers will wake; stale entries do not count."""
        return self._valid

    def set(self, moment: int, key: bytes, before: int) -> None:
        """Wake a dossier at a moment, no more at that which was stored `before` (`FOREVER`: at none); its earlier entry becomes stale."""
        self._valid += (moment != FOREVER) - (before != FOREVER)
        if moment != FOREVER:
            heappush(self._heap, (moment, key))

    @property
    def next(self) -> int:
        """The moment of the next dossier to wake."""
        heap = self._heap
        while heap and self._stored(heap[0][1]) != heap[0][0]:
            heappop(heap)
        return heap[0][0] if heap else FOREVER

    def due(self, now: int, at_most: int) -> list[bytes]:
        """Take out up to `at_most` dossiers whose moment has come."""
        keys: list[bytes] = []
        while len(keys) < at_most and self.next <= now:
            key = heappop(self._heap)[1]
            if not keys or keys[-1] != key:  # the same moment can have been set twice
                keys.append(key)
        return keys
