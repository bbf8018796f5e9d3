"""What the service is made of, and the order in which it starts and stops."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from schemas.events import Door
from schemas.moments import Zone
from services.common.clock import Clock, clock_of
from services.common.database import connect
from services.common.keyring import Key, KeyRing
from services.common.metrics import INGEST_POSTGRES_AWAY
from services.common.settings import IngestSettings
from services.common.tree import TreeFollower
from services.ingest.load import Load
from services.ingest.producer import Producer
from services.ingest.publisher import Publisher
from services.ingest.sync.arrivals import Arrivals

__all__ = ["Service", "running"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The parts that requests work with."""

    settings: IngestSettings
    zone: Zone
    clock: Clock
    keys: KeyRing
    tree: TreeFollower
    producer: Producer
    publisher: Publisher
    load: Load
    arrivals: Arrivals

    def door(self, key: Key) -> Door:
        """What the events of a key are checked against now."""
        return Door(
            system=key.system,
            unit=key.unit,
            tree=self.tree.tree,
            zone=self.zone,
            now=self.clock.now_us(),
            posts=self.settings.accept_posts,
        )

    def missing(self) -> dict[str, str]:
        """What keeps the service from taking events, by part; empty when it is ready."""
        missing = {}
        if not self.producer.connected:
            missing["kafka"] = "no connection to Kafka"
        if not self.tree.ready:
            missing["units"] = "the unit tree has not been read yet"
        if not self.keys.ready:
            missing["keys"] = "the keys have not been read from PostgreSQL yet"
        return missing

    def hints(self) -> dict[str, str]:
        """What works, but not as somebody may expect."""
        hints = {}
        if self.tree.ready and not len(self.tree.tree):
            hints["units"] = "no unit is known, so every event is rejected that names one; run `nhip units load`"
        if self.keys.away:
            hints["keys"] = "PostgreSQL does not answer; new and revoked keys are not noticed"
        return hints


@asynccontextmanager
async def running(settings: IngestSettings) -> AsyncIterator[Service]:
    """Start all parts without waiting for Kafka or PostgreSQL (`Service.missing` tells), and stop them at the end."""
    engine = connect(settings.database_url)
    producer = Producer(settings.kafka_bootstrap, timeout=settings.ingest_publish_seconds)
    service = Service(
        settings=settings,
        zone=settings.zone,
        clock=clock_of(settings),
        keys=KeyRing(engine),
        tree=TreeFollower(settings.kafka_bootstrap),
        producer=producer,
        publisher=Publisher(producer, timeout=settings.ingest_publish_seconds),
        load=Load(settings.ingest_max_in_flight),
        arrivals=Arrivals(),
    )
    INGEST_POSTGRES_AWAY.set_function(lambda: float(service.keys.away))
    service.producer.start()
    service.tree.follow()
    service.keys.start()
    try:
        yield service
    finally:
        await service.keys.stop()
        await service.tree.stop()
        await service.producer.stop()
        await engine.dispose()
