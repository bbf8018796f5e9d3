"""Watches the cube for all listeners and tells each of what changed."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import msgspec
from fastapi.sse import format_sse_event

from schemas.periods import year_to_date
from schemas.rulesets.evaluate import Scores, evaluate
from schemas.rulesets.library import load
from services.api.cube.order import TreeOrder
from services.api.cube.period_counts import PeriodCounts
from services.api.cube.scope import Scope
from services.api.documents.kept import Document, Stamp, etag_of
from services.api.documents.ranking import ranking_document
from services.api.documents.score import score_document, score_of_row
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
_SHARE: Final = 2
"""After a look that took long, a pause of so many times as long: requests are answered meanwhile."""
_UNSHOWN: Final = "last_event_at"
"""No number of its unit: it makes no event."""

State = tuple[int, int, str]
"""What documents depend on: the version of the cube, the day, the unit tree."""


class _Scored(NamedTuple):
    """The last evaluation of a group."""

    order: TreeOrder
    units: list[str]
    scores: Scores


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
        service = self._service
        if isinstance(topic, RankingTopic):
            parent = None if topic.parent is None else service.units[topic.parent]
            period = topic.span.period(service.today, year_to_date(service.today))
            made, stamp = ranking_document(
                service, parent, topic.kind, load(topic.ruleset), period, topic.language
            )
            return _event("ranking", made.document, stamp)
        group = topic.group
        period = group.span.period(service.today, year_to_date(service.today))
        made, stamp = score_document(
            service,
            service.units[topic.unit],
            load(group.ruleset),
            period,
            pooled=group.pooled,
            language=topic.language,
        )
        return _event("score", made.document, stamp)

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
            began = time.monotonic()
            try:
                await self._look()
            except Problem:
                self._state = None  # a rebuild is under way; when it is done, all is looked at again
            except Exception:
                self._state = None
                _log.exception("listeners could not be told")
            await asyncio.sleep(max(PAUSE_SECONDS, _SHARE * (time.monotonic() - began)))

    async def _look(self) -> None:
        """Tell everybody of what changed since the last look."""
        state = (self._service.cube.state.version, self._service.today, self._service.tree.version)
        if state != self._state:
            for group, topics in self._groups().items():
                for topic, event in await asyncio.to_thread(self._score, group, topics):
                    self._tell(topic, event)
            self._state = state
        for topic in [topic for topic in self._listeners if isinstance(topic, RankingTopic)]:
            told = self._rankings.get(topic)
            if told is None or (told.state != state and told.at + RANKING_SECONDS <= time.monotonic()):
                self._tell(topic, await asyncio.to_thread(self.now, topic))
                self._rankings[topic] = _Told(state, time.monotonic())
        self._forget()

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
        period = group.span.period(service.today, year_to_date(service.today))
        order = service.order_of(period)
        units = sorted(unit for unit in topics if unit in order.places)
        events = []
        with service.reading() as reading:
            scores = evaluate(
                load(group.ruleset), PeriodCounts(reading, Scope.of(order, units, pooled=group.pooled), period)
            )
            comparable = former is not None and former.order is order and former.units == units
            rows = changed(scores, former.scores).nonzero()[0] if comparable and former else range(len(units))
            stamp = Stamp(reading.state, service.zone)
            for row in map(int, rows):
                unit = order.tree[units[row]]
                for topic in topics[unit.code]:
                    document = score_of_row(
                        service, reading, scores, row, unit, period, pooled=group.pooled, language=topic.language
                    )
                    events.append((topic, _event("score", document, stamp)))
        self._scored[group] = _Scored(order, units, scores)
        return events

    def _tell(self, topic: Topic, event: Event) -> None:
        for listener in self._listeners.get(topic, ()):
            listener.offer(event)

    def _forget(self) -> None:
        """What nobody listens to any more."""
        groups = {topic.group for topic in self._listeners if isinstance(topic, ScoreTopic)}
        self._scored = {group: scored for group, scored in self._scored.items() if group in groups}
        self._rankings = {topic: told for topic, told in self._rankings.items() if topic in self._listeners}


def _event(name: str, document: Document, stamp: Stamp) -> Event:
    """An event; its id is the revision and the tag of the shown numbers, by which `Last-Event-ID` tells what was seen."""
    shown: dict[str, Any] = {key: value for key, value in document.items() if key != _UNSHOWN}
    tag = etag_of(msgspec.json.encode(shown))
    data = msgspec.json.encode(stamp.on(document)).decode()
    return Event(tag, format_sse_event(data_str=data, event=name, id=f"{stamp.revision}-{tag}"))
