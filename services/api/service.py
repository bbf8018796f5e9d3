"""What the api is made of, and the order in which it starts and stops."""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from math import nan

from schemas.calendar import WorkingCalendar, calendar_of
from schemas.moments import SECOND
from schemas.periods import Period
from schemas.rows import ProcedureRow
from schemas.units import UnitTree
from services.api.archive.archive import Archive, Picture
from services.api.cube.cube import Cube, Reading
from services.api.cube.order import Orders, TreeOrder
from services.api.cube.scope import Scope
from services.api.documents.kept import Document, Kept, Made, Stamp
from services.api.feed.backlog import Backlog
from services.api.feed.follower import Follower
from services.api.problems import not_yet
from services.api.published.known import Known
from services.api.published.store import Store
from services.api.session import Sessions
from services.api.settings import Settings
from services.api.watch.systems import Look, Systems
from services.common import metrics
from services.common.clock import clock_of
from services.common.database import connect
from services.common.keyring import KeyRing
from services.common.tree import TreeFollower

__all__ = ["Service", "running"]


class Service:
    """The parts that requests work with.

    Args:
        settings: of the service.
        on_failure: called from another thread when the counts cannot be kept up to date.
    """

    def __init__(self, settings: Settings, on_failure: Callable[[], None]) -> None:
        self.settings = settings
        self.zone = settings.zone
        self._orders = Orders(UnitTree())
        self.tree = TreeFollower(settings.kafka_bootstrap, self._tree_changed)
        self.cube = Cube()
        self._clock, self._fixed_now = clock_of(settings), settings.now_us
        clock = self._clock if self._fixed_now is None else None
        self.follower = Follower(settings.kafka_bootstrap, self.cube, clock, on_failure)
        self._kept = Kept()
        self.backlog = Backlog(settings.kafka_bootstrap, self.cube, self.follower)
        self._engine = connect(settings.database_url)
        self.keys = KeyRing(self._engine)
        self.sessions = Sessions(settings.session_secret)
        self.published = Store(self._engine)
        self.closings = Known(self.published)
        self._archive = Archive(settings.database_url)
        self._calendar, self._own_calendars = settings.calendar, settings.unit_calendars
        self._systems = Systems(self.cube, self.calendar_of)

    def start(self) -> None:
        """Start all parts without waiting for Kafka (`missing` tells) or PostgreSQL, which live figures do without."""
        self.tree.follow()
        self.follower.start()
        self.backlog.start()
        self.keys.start()
        self.closings.start()

    async def stop(self) -> None:
        """Stop them."""
        await self.closings.stop()
        await self.keys.stop()
        await self.backlog.stop()
        await self.tree.stop()
        await asyncio.to_thread(self.follower.stop)
        await self._archive.stop()
        await self._engine.dispose()

    @property
    def now(self) -> int:
        """The present moment, microseconds."""
        return self._clock.now_us()

    @property
    def today(self) -> int:
        """The present day."""
        return self.zone.day(self.now)

    @property
    def units(self) -> UnitTree:
        """The unit tree as it is now."""
        return self._orders.tree

    def order_on(self, day: int) -> TreeOrder:
        """The units as they are in force on a day; the same object for all days between two borders of validity."""
        return self._orders.on(day)

    def order_of(self, period: Period) -> TreeOrder:
        """The units by which a period is counted: those of its last day, or of today where that is earlier."""
        return self.order_on(min(period.last, self.today))

    def calendar_of(self, unit: str) -> WorkingCalendar:
        """The working calendar of a unit; it need not be in the tree."""
        return calendar_of(unit, self.units, self._own_calendars, self._calendar)

    def procedures(self, codes: Iterable[str]) -> Mapping[str, ProcedureRow]:
        """What the catalogue knows of some procedures by now; the cube need not be complete."""
        with self.cube.reading() as reading:
            known = reading.catalogue
            return {code: known[code] for code in codes if code in known}

    def picture(self) -> AbstractAsyncContextManager[Picture]:
        """Look at the archive (see `Archive.picture`); it must have begun with every partition that the cube has."""
        return self._archive.picture(len(self.follower.partitions))

    def missing(self) -> dict[str, str]:
        """What keeps the service from answering, by part; empty when it is ready."""
        missing = self.follower.missing()
        if not self.tree.ready:
            missing["units"] = "the unit tree has not been read yet"
        if not missing and self._fixed_now is not None:
            apart = sorted(number for number, clock in self.cube.clocks().items() if clock != self._fixed_now)
            if apart:
                missing["clock"] = (
                    f"partitions that no scorer has brought to NHIP_NOW yet: {', '.join(map(str, apart))}"
                )
        return missing

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Read one state of the cube.

        Raises:
            Problem: 503, it is not complete yet.
        """
        self.must_be_ready()
        with self.cube.reading() as reading:
            yield reading

    def must_be_ready(self) -> None:
        """Return if the counts are complete.

        Raises:
            Problem: 503, they are not yet.
        """
        missing = self.missing()
        if missing:
            raise not_yet(missing)

    @property
    def stamp(self) -> Stamp:
        """As of when the cube holds now."""
        return Stamp(self.cube.state, self.zone)

    def document(self, key: Hashable, work: Callable[[Reading], Document]) -> tuple[Made, Stamp]:
        """A document about the present state: the one that is kept, or made anew.

        Args:
            key: says what it is about, the day and the tree that it was made by included.
            work: makes it.

        Raises:
            Problem: 503, the counts are not complete yet; whatever `work` raises.
        """
        self.must_be_ready()
        state = self.cube.state
        made = self._kept.find(key, state.version)
        if made is not None:
            return made, Stamp(state, self.zone)
        with self.cube.reading() as reading:
            return self._kept.make(key, reading, work), Stamp(reading.state, self.zone)

    def last_event(self, reading: Reading, code: str) -> str | None:
        """The `time` of the newest event about a unit or one below it, as the tree is today."""
        moment = reading.told.last_event(Scope.of(self.order_on(self.today), [code], pooled=True).codes)
        return None if moment is None else self.zone.format(moment)

    def systems(self) -> Look:
        """The systems that send, as of when the cube holds; none before it is complete. No reading of the cube may be open."""
        order, as_of = self.order_on(self.today), self.cube.state.as_of
        return Look(order, as_of, {}) if self.missing() else self._systems.look(order, as_of)

    def hints(self) -> dict[str, str]:
        """What works, but not as somebody may expect."""
        hints = {}
        if not len(self.units):
            hints["units"] = "no unit is known; run `nhip units load`"
        if self.keys.away:
            hints["archive"] = "PostgreSQL does not answer: dossiers and findings cannot be read; counts and scores can"
        return hints

    def measure(self) -> None:
        """Bring the gauges up to date."""
        state = self.cube.state
        metrics.API_AS_OF_TIMESTAMP.set(state.as_of / SECOND if state.revision else nan)
        metrics.API_REVISION.set(state.revision)
        metrics.API_POSTGRES_AWAY.set(self.keys.away)
        metrics.API_CLOCK_FIXED.set(self._fixed_now is not None)
        metrics.API_CUBE_ROWS.set(self.cube.kept)
        for part, size in self.cube.memory.items():
            metrics.API_CUBE_BYTES.labels(part).set(size)

    def _tree_changed(self, tree: UnitTree) -> None:
        self._orders = Orders(tree)


@asynccontextmanager
async def running(settings: Settings, on_failure: Callable[[], None]) -> AsyncIterator[Service]:
    """A service that runs until the end of the block."""
    service = Service(settings, on_failure)
    service.start()
    try:
        yield service
    finally:
        await service.stop()
