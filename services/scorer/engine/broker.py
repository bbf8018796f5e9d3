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
            request_timeout_ms=int(self._settings.request_timeout * 1000),
        )
        await self._consumer.start()

    async def stop(self) -> None:
        """Disconnect."""
        if self._consumer is not None:
            await self._consumer.stop()

    async def positions(self, topics: Sequence[str], partition: int) -> dict[str, int]:
        """The next offset to read of one partition, by topic: as committed, else the oldest that there is."""
        positions: dict[str, int] = {}
        for topic in topics:
            tp = TopicPartition(topic, partition)
            committed: int | None = await self._started().committed(tp)
            if committed is None:
                committed = (await self._started().beginning_offsets([tp]))[tp]
            positions[topic] = committed
        return positions

    async def ends(self, topics: Sequence[str], partitions: Iterable[int]) -> dict[int, dict[str, int]]:
        """The offset after the last record, by partition and topic."""
        wanted = [TopicPartition(topic, number) for number in partitions for topic in topics]
        ends: dict[int, dict[str, int]] = {}
        if wanted:
            for tp, end in (await self._started().end_offsets(wanted)).items():
                ends.setdefault(tp.partition, {})[tp.topic] = end
        return ends

    def _started(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise RuntimeError("the connection is not started")
        return self._consumer
