"""Questions to the broker about offsets, on a connection of our own."""

from collections.abc import Iterable, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.scorer.engine.settings import EngineSettings

__all__ = ["Broker"]


class Broker:
    """Apart from Faust's consumer, so that the answers do not depend on what is being watched."""

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._consumer: AIOKafkaConsumer | None = None

    async def start(self) -> None:
        """Connect. It knows the group, for its offsets, but never joins it."""
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=self._settings.bootstrap,
            group_id=self._settings.app_id,
            enable_auto_commit=False,
            isolation_level="read_committed",
            request_timeout_ms=int(self._settings.request_timeout * 1000),
        )
        await self._consumer.start()

    async def stop(self) -> None:
        """Disconnect."""
        if self._consumer is not None:
            await self._consumer.stop()

    async def positions(self, topics: Sequence[str], partition: int) -> dict[str, int]:
        """The next offset to read of one partition, by topic: as committed, else the oldest that there is.

        A broker that was killed may say for a second after its return, and without an error, that nothing was ever committed
        (Kafka 4.4; it answers by what it knows to be replicated). So state had better say itself how far it reaches.
        """
        positions: dict[str, int] = {}
        for topic in topics:
            tp = TopicPartition(topic, partition)
            committed: int | None = await self._started().committed(tp)
            if committed is None:
                committed = (await self._started().beginning_offsets([tp]))[tp]
            positions[topic] = committed
        return positions

    async def ends(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        """Up to which offset all is committed or aborted: the end, or the first record of an open transaction."""
        wanted = list(partitions)
        if not wanted:
            return {}
        ends: dict[TopicPartition, int] = await self._started().end_offsets(wanted)
        return ends

    def _started(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise RuntimeError("the connection is not started")
        return self._consumer
