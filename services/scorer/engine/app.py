"""The Faust application of an engine: what is switched off, and what is put in its place."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import faust

from services.scorer.engine.job import TableSpec
from services.scorer.engine.settings import EngineSettings
from services.scorer.engine.table import BulkTable

if TYPE_CHECKING:
    from services.scorer.engine.engine import Engine

__all__ = ["EngineApp"]


class EngineApp(faust.App):  # type: ignore[misc]  # Faust ships no types
    """Consumer group, rebalances, assignment, agent and tables are Faust's; reading and writing are the engine's."""

    def __init__(self, engine: "Engine") -> None:
        """Declare the tables and the agent. Nothing runs yet; call it in the event loop that will run it."""
        self.engine = engine
        super().__init__(engine.settings.app_id, **_options(engine.settings))
        self.bulk_tables = [self._table(spec) for spec in engine.job.tables]
        self._declare_agent(engine.job.topics)

    def _table(self, spec: TableSpec) -> BulkTable:
        schema = faust.Schema(key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
        table = BulkTable(self, spec=spec, name=spec.name, schema=schema)
        self.tables.add(table)
        return table

    def _declare_agent(self, topics: Sequence[str]) -> None:
        # Faust's acknowledgements are off: with batches they would commit one batch an interval. Offsets are
        # committed in the partitions' own transactions.
        source = self.topic(*topics, key_type=bytes, value_type=bytes, value_serializer="raw", acks=False)

        async def partitions(stream: Any) -> None:
            """Start the task of a partition that the transport found ready."""
            async for event in stream.events():
                self.engine.wake(event.message.partition)

        self.agent(source, name="partitions")(partitions)

    def _create_directories(self) -> None:
        """The state is in memory and in Kafka: nothing is kept on disk."""

    def _crash(self, reason: BaseException) -> None:
        """A part of Faust has failed: end at once, instead of living on without it."""
        super()._crash(reason)
        if not self.engine.stopping:  # at the end Faust cancels its own parts, and takes some of that for a crash
            self.engine.fail("Faust", reason)


def _options(settings: EngineSettings) -> dict[str, Any]:
    """Faust's settings."""
    return {
        "broker": ";".join(f"batched://{host}" for host in settings.bootstrap.split(",")),
        "store": "loaded://",
        "autodiscover": False,
        "web_enabled": False,
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "table_standby_replicas": 0,
        "key_serializer": "raw",
        "value_serializer": "raw",
        "consumer_auto_offset_reset": "earliest",
        "consumer_max_fetch_size": settings.fetch_bytes,
        "consumer_metadata_max_age_ms": int(settings.metadata_age * 1000),
        "stream_wait_empty": False,
        "stream_recovery_delay": 0.0,
        "broker_session_timeout": settings.session_timeout,
        "broker_heartbeat_interval": settings.heartbeat_interval,
        "broker_rebalance_timeout": settings.rebalance_timeout,
        "broker_request_timeout": settings.request_timeout,
    }
