"""The unit tree as it is now, followed from the topic `unit-tree`."""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Callable
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.topics import UNIT_TREE
from schemas.units import UnitTree, UnitTreeError

__all__ = ["TreeFollower"]

_log = logging.getLogger(__name__)

_PARTITION = TopicPartition(UNIT_TREE, 0)
_FETCH_BYTES = 16 << 20  # one record holds the whole tree
_POLL_MS = 1000
_RETRY_SECONDS = 1.0


class TreeFollower:
    """Holds the latest tree; empty until units are loaded. A broker that is away changes nothing."""

    def __init__(self, bootstrap: str, on_change: Callable[[UnitTree], None] | None = None) -> None:
        """Nothing is read yet. `on_change` is called on the event loop with each new tree."""
        self.tree = UnitTree()
        self.version = ""
        """The first 16 digits of the tree's SHA-256; empty without a tree."""
        self._bootstrap = bootstrap
        self._on_change = on_change
        self._read_once = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def ready(self) -> bool:
        """Whether the topic has been read to its end once."""
        return self._read_once.is_set()

    def follow(self) -> None:
        """Begin to follow in the background, without waiting for Kafka."""
        self._task = asyncio.create_task(self._follow())

    async def start(self) -> None:
        """Begin to follow; return once the present end of the topic is read, however long Kafka takes."""
        self.follow()
        await self._read_once.wait()

    async def stop(self) -> None:
        """Stop following; the tree stays as it is."""
        self._stopping = True
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _follow(self) -> None:
        while not self._stopping:
            try:
                await self._read()
            except asyncio.CancelledError:
                if self._stopping:
                    raise
                _log.warning(
                    "aiokafka gave up while it read the unit tree, trying again"
                )  # it lets out cancellations of its own
            except (KafkaError, OSError) as error:
                _log.warning("cannot read the unit tree, trying again: %r", error)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _read(self) -> None:
        consumer: Any = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            client_id="nhip-tree",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            max_partition_fetch_bytes=_FETCH_BYTES,
        )
        try:
            await consumer.start()
            consumer.assign([_PARTITION])
            await consumer.seek_to_beginning(_PARTITION)
            end = (await consumer.end_offsets([_PARTITION]))[_PARTITION]
            while True:
                if await consumer.position(_PARTITION) >= end:
                    self._read_once.set()
                for records in (await consumer.getmany(_PARTITION, timeout_ms=_POLL_MS)).values():
                    self._take(records[-1].value)
        finally:
            await consumer.stop()

    def _take(self, raw: bytes | None) -> None:
        """Put a new tree in force; one that is no tree is logged and passed over."""
        version = hashlib.sha256(raw).hexdigest()[:16] if raw else ""
        if version == self.version:
            return
        try:
            tree = UnitTree.from_json(raw) if raw else UnitTree()
        except (msgspec.MsgspecError, UnitTreeError) as error:
            _log.error("the topic %s holds no unit tree, keeping the former: %s", UNIT_TREE, error)
            return
        self.tree, self.version = tree, version
        _log.info("unit tree %s in force: %d units", version or "(none)", len(tree))
        if self._on_change is not None:
            self._on_change(tree)
