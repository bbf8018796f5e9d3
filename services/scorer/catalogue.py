"""The statutory times of all procedures, followed from `procedure-events`: a dossier and its procedure lie in different partitions.

Each worker reads that topic whole. When a time that holds has changed, rows are made anew by it (`making.py`).
"""

import hashlib
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from schemas.calendar import Allowed
from schemas.events import Rejected, decode
from schemas.events.procedure import ProcedureDescribed, ProcedureVoided
from schemas.topics import PROCEDURE_EVENTS
from services.common.tree import TreeFollower
from services.common.whole_topic import WholeTopic
from services.scorer.domain.facts import add
from services.scorer.domain.procedure_counts import statutory_of
from services.scorer.domain.procedures import Known, Procedure, fact_of

__all__ = ["Catalogue", "Held", "fingerprint"]

_log = logging.getLogger(__name__)

_MOST_SECONDS: Final = 30.0
"""A change holds after this time at the latest, although others follow."""


class Held(NamedTuple):
    """``statutory``: the time allowed by procedure, the same object until it changes; ``events``: of how many events it is made."""

    statutory: Mapping[str, Allowed]
    events: int


class Catalogue(WholeTopic):
    """Statutory times as they hold now.

    Args:
        bootstrap: address of Kafka.
        tree: who may speak for whom; started.
        quiet_seconds: a catalogue comes as thousands of events: a change holds once there was none for so long, so that rows are made
            anew once.
    """

    def __init__(self, bootstrap: str, tree: TreeFollower, quiet_seconds: float = 1.0) -> None:
        super().__init__(bootstrap, PROCEDURE_EVENTS, self._take_in)
        self._tree = tree
        self._quiet_seconds = quiet_seconds
        self._known: dict[str, Known] = {}
        self._held = Held({}, 0)
        self._positions: dict[int, int] = {}
        self._settled = False
        self._seen_tree = ""
        self._changed: set[str] = set()
        self._first_change = self._last_change = 0.0

    def held(self) -> "Held":
        """What holds now."""
        if self._tree.version != self._seen_tree:
            self._seen_tree = self._tree.version
            self._changed.update(self._known)
        if self._changed and self._is_quiet():
            self._settle()
        if not self._changed:
            self._settled = self._settled or self.ready
            events = sum(self._positions.values())
            if events != self._held.events:
                self._held = self._held._replace(events=events)
        return self._held

    def _is_quiet(self) -> bool:
        if not self._settled:  # a worker that starts takes what was there, at once
            return self.ready
        now = time.monotonic()
        return now - self._last_change >= self._quiet_seconds or now - self._first_change >= _MOST_SECONDS

    def _settle(self) -> None:
        statutory = dict(self._held.statutory)
        for procedure in self._changed:
            allowed = statutory_of(self._known[procedure], self._tree.tree)
            if allowed is None:
                statutory.pop(procedure, None)
            else:
                statutory[procedure] = allowed
        self._changed.clear()
        self._settled = True
        if statutory != self._held.statutory:
            self._held = self._held._replace(statutory=statutory)
            _log.info("statutory times of %d procedures in force", len(statutory))

    def _take_in(self, records: Sequence[Any]) -> None:
        for record in records:
            self._positions[record.partition] = max(self._positions.get(record.partition, 0), record.offset + 1)
            try:
                event = decode(record.value)
                if not isinstance(event, ProcedureDescribed | ProcedureVoided):
                    continue  # offers may be a million; they say nothing of times
                said = fact_of(event)
            except (Rejected, ValueError):
                continue  # the partition that has it puts it among the dead letters
            facts = self._known.setdefault(event.subject, {}).setdefault(event.keyunit, Procedure())
            if add(facts, said):
                if not self._changed:
                    self._first_change = time.monotonic()
                self._changed.add(event.subject)
                self._last_change = time.monotonic()


def fingerprint(statutory: Mapping[str, Allowed]) -> str:
    """A short hash of statutory times; empty where there are none."""
    if not statutory:
        return ""
    text = "|".join(f"{procedure}={allowed.number} {allowed.unit}" for procedure, allowed in sorted(statutory.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
