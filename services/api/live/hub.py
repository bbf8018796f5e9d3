"""Watches the cube for all listeners and tells each of what changed."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from fastapi.sse import format_sse_event

from schemas.periods import year_to_date
from schemas.rulesets.document import Language
from schemas.rulesets.evaluate import Scores, evaluate
from schemas.rulesets.library import load
from services.api.cube.order import TreeOrder
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.documents.asked import Asked
from services.api.documents.kept import Document, Stamp, etag_of
from services.api.documents.ranking import ranking_document
from services.api.documents.score import LAST_EVENT, score_document, score_of_row
from services.api.documents.stale import STALE, stale_member
from services.api.live.changes import changed
from services.api.live.listener import Event, Listener
from services.api.live.topics import Group, RankingTopic, ScoreTopic, Topic
from services.api.problems import Problem
from services.api.service import Service

__all__ = ["Hub"]

_log = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 0.1
"""Between two looks at the cube: a person sees it as at once."""
RANKING_SECONDS: Final = 0.5
"""Between two events of one ranking, which may be large."""
_AFTER_FAILURE_SECONDS: Final = 5.0
_SHARE: Final = 2
"""After a look that took long, a pause of so many times as long: requests are answered meanwhile."""

State = tuple[int, int, str, frozenset[str]]
"""What events depend on: the version of the cube, the day, the unit tree, which units that somebody listens to are stale."""


class _Scored(NamedTuple):
    """The last evaluation of a group."""

    order: TreeOrder
    units: list[str]
    scores: Scores
    stale: frozenset[str]


class _Told(NamedTuple):
    """The last event of a ranking."""

    state: State
    at: float


class Hub:
    """Knows all listeners by topic. It lives on the event loop; evaluations run beside it, in a thread."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._listeners: dict[Topic, set[Listener]] = {}
        self._state: State | None = None
        self._scored: dict[Group, _Scored] = {}
        self._rankings: dict[RankingTopic, _Told] = {}
        self._ended = False
        self._loop = asyncio.get_running_loop()

    @property
    def listeners(self) -> int:
        """How many there are."""
        return sum(map(len, self._listeners.values()))

    @contextmanager
    def listening(self, topic: Topic, known: str) -> Iterator[Listener]:
        """Listen to a topic; `known` is the tag of what was seen before (`Last-Event-ID`)."""
        listener = Listener(known)
        self._listeners.setdefault(topic, set()).add(listener)
        if self._ended:
            listener.end()
        try:
            yield listener
        finally:
            others = self._listeners[topic]
            others.discard(listener)
            if not others:
                del self._listeners[topic]

    def now(self, topic: Topic) -> Event:
        """What a topic shows now. May run in any thread.

        Raises:
            Problem: 503, the counts are not complete.
        """
        units = self._service.units
        if isinstance(topic, RankingTopic):
            parent = None if topic.parent is None else units[topic.parent]
            asked = self._asked(Group(topic.ruleset, topic.span, pooled=True), topic.language)
            made, stamp = ranking_document(self._service, parent, topic.kind, asked)
            return _event("ranking", made.document, stamp)
        asked = self._asked(topic.group, topic.language)
        made, stamp = score_document(self._service, units[topic.unit], asked)
        return _event("score", {**made.document, **stale_member(self._service, topic.unit, asked)}, stamp)

    def end(self) -> None:
        """Let all streams end: the service stops. May be called anywhere, in a signal handler too."""
        self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._ended = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.end()

    async def run(self) -> None:
        """Tell the listeners of what changes, for ever."""
        while True:
            began, pause = time.monotonic(), PAUSE_SECONDS
            try:
                await self._look()
            except Problem:
                self._state = None  # a rebuild is under way; when it is done, all is looked at again
            except Exception:  # noqa: BLE001 - listeners hear nothing new until it works again, and are told so by the log
                self._state, pause = None, _AFTER_FAILURE_SECONDS
                _log.exception("listeners could not be told")
            await asyncio.sleep(max(pause, _SHARE * (time.monotonic() - began)))

    async def _look(self) -> None:
        """Tell everybody of what changed since the last look."""
        state = (self._service.cube.state.version, self._service.today, self._service.tree.version, self._stale())
        if state != self._state:
            for group, topics in self._groups().items():
                for topic, event in await asyncio.to_thread(self._score, group, topics):
                    self._tell(topic, event)
            self._state = state
        for ranking in [topic for topic in self._listeners if isinstance(topic, RankingTopic)]:
            if ranking.parent is not None and ranking.parent not in self._service.units:
                continue  # it has left the tree
            told = self._rankings.get(ranking)
            if told is None or (told.state != state and told.at + RANKING_SECONDS <= time.monotonic()):
                self._tell(ranking, await asyncio.to_thread(self.now, ranking))
                self._rankings[ranking] = _Told(state, time.monotonic())
        self._forget()

    def _stale(self) -> frozenset[str]:
        units = {topic.unit for topic in self._listeners if isinstance(topic, ScoreTopic)}
        return frozenset(filter(self._service.systems().is_stale, units)) if units else frozenset()

    def _groups(self) -> dict[Group, dict[str, list[ScoreTopic]]]:
        """The topics of scores by what is worked out in one go, and by unit."""
        groups: dict[Group, dict[str, list[ScoreTopic]]] = defaultdict(lambda: defaultdict(list))
        for topic in self._listeners:
            if isinstance(topic, ScoreTopic):
                groups[topic.group][topic.unit].append(topic)
        return groups

    def _score(self, group: Group, topics: Mapping[str, list[ScoreTopic]]) -> list[tuple[ScoreTopic, Event]]:
        """Score all units of a group at once; events of those whose numbers changed."""
        service, former = self._service, self._scored.get(group)
        asked = self._asked(group)
        order = service.order_of(asked.period)
        units = sorted(unit for unit in topics if unit in order.places)
        scope = Scope.of(order, units, pooled=group.pooled)
        stale = frozenset(unit for unit in units if stale_member(service, unit, asked))
        events = []
        with service.reading() as reading:
            scores = evaluate(asked.ruleset, PeriodCounts(reading, scope, asked.period))
            comparable = former is not None and former.order is order and former.units == units
            rows = _changed(scores, stale, former) if comparable and former else range(len(units))
            stamp = Stamp(reading.state, service.zone)
            newest = {units[row]: service.last_event(reading, units[row]) for row in rows}
        for row in rows:
            for topic in topics[units[row]]:
                document = score_of_row(scores, row, order.tree[units[row]], self._asked(group, topic.language))
                document |= {LAST_EVENT: newest[topic.unit]} | ({STALE: True} if topic.unit in stale else {})
                events.append((topic, _event("score", document, stamp)))
        self._scored[group] = _Scored(order, units, scores, stale)
        return events

    def _asked(self, group: Group, language: Language = "vi") -> Asked:
        today = self._service.today
        period = group.span.period(today, year_to_date(today))
        return Asked(load(group.ruleset), period, group.pooled, language)

    def _tell(self, topic: Topic, event: Event) -> None:
        for listener in self._listeners.get(topic, ()):
            listener.offer(event)

    def _forget(self) -> None:
        """What nobody listens to any more."""
        groups = {topic.group for topic in self._listeners if isinstance(topic, ScoreTopic)}
        self._scored = {group: scored for group, scored in self._scored.items() if group in groups}
        self._rankings = {topic: told for topic, told in self._rankings.items() if topic in self._listeners}


def _changed(scores: Scores, stale: frozenset[str], former: _Scored) -> Iterable[int]:
    """The rows of the units of which something else is shown than before."""
    turned = np.array([unit in stale ^ former.stale for unit in former.units], np.bool_)
    rows: list[int] = (changed(scores, former.scores) | turned).nonzero()[0].tolist()
    return rows


def _event(name: str, document: Document, stamp: Stamp) -> Event:
    """An event; its id is the revision and the tag of the shown numbers, by which `Last-Event-ID` tells what was seen."""
    shown: dict[str, Any] = {key: value for key, value in document.items() if key != LAST_EVENT}
    tag = etag_of(msgspec.json.encode(shown))
    data = msgspec.json.encode(stamp.on(document)).decode()
    return Event(tag, format_sse_event(data_str=data, event=name, id=f"{stamp.revision}-{tag}"))
