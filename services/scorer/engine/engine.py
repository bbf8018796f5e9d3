"""The engine: runs a job on the partitions that the consumer group gives to this worker."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Collection, Coroutine, Mapping
from typing import Any

from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaError
from faust.types import TP

from services.scorer.engine.app import EngineApp
from services.scorer.engine.broker import Broker
from services.scorer.engine.job import Job
from services.scorer.engine.observer import Observer
from services.scorer.engine.partition import Partition, Phase
from services.scorer.engine.settings import EngineSettings
from services.scorer.engine.watchdog import Watchdog

__all__ = ["EXIT_FAILED", "EXIT_STALLED", "Engine"]

EXIT_FAILED = 70
"""The process ended because a task failed: fenced, a broker's error, an exception of the job."""
EXIT_STALLED = 75
"""... because a partition stood still."""

_log = logging.getLogger(__name__)


class Engine:
    """Crash only: whatever fails ends the process, and a supervisor starts it again. Nothing is repaired in place."""

    def __init__(
        self,
        job: Job,
        settings: EngineSettings,
        observer: Observer | None = None,
        end_process: Callable[[int], object] = os._exit,
    ) -> None:
        """Nothing runs yet. `end_process` gets an exit code; it is for tests to set."""
        self.job = job
        self.settings = settings
        self.partitions: dict[int, Partition] = {}
        """What this worker owns now."""
        self.stopping = False
        self._observer = observer or Observer()
        self._end_process = end_process
        self._broker = Broker(settings)
        self._watchdog = Watchdog(self._broker, settings, self._observer)
        self._app: EngineApp | None = None
        self._generation: int | None = None
        self._rebalancing = True
        self._loads: dict[int, asyncio.Task[None]] = {}
        self._runs: dict[int, asyncio.Task[None]] = {}
        self._background: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether this worker belongs to the group and each of its partitions runs and moves."""
        return (
            not self._rebalancing
            and not self._watchdog.stalled
            and all(partition.phase is Phase.RUNNING for partition in self.partitions.values())
        )

    def table(self, name: str, partition: int) -> Mapping[bytes, Any]:
        """The live values of a table in a partition that this worker owns and has loaded."""
        view: Mapping[bytes, Any] = self._started_app().tables[name].view(partition)
        return view

    async def start(self) -> None:
        """Join the group. Returns when Faust is being started, not when partitions run (see `ready`)."""
        try:
            await self._broker.start()
        except KafkaError as error:
            self.fail("cannot reach Kafka", error)
            return
        self._app = EngineApp(self)
        self._spawn(self._app.start(), "Faust")
        self._spawn(self._watchdog.watch(self._view, self._stalled), "watchdog")

    async def stop(self) -> None:
        """Finish and commit what was begun, leave the group, disconnect; after `stop_timeout` it counts as failed."""
        try:
            async with asyncio.timeout(self.settings.stop_timeout):
                await self._stop()
        except TimeoutError as error:
            self.fail("stopping", error)

    async def _stop(self) -> None:
        self.stopping = True
        await self.give_up()
        for number in list(self.partitions):
            await self._drop(number)
        if self._app is not None:
            await self._app.stop()
        for task in self._background:
            task.cancel()
        await self._broker.stop()

    # What the transport and the agent call.

    def wants(self, partition: int) -> bool:
        """Whether records of this partition should be fetched now."""
        owned = self.partitions.get(partition)
        return owned is not None and owned.phase is Phase.RUNNING and owned.inbox.size < self.settings.max_pending

    def put(self, tp: TP, records: list[ConsumerRecord]) -> int | None:
        """Hand over a fetch. Returns an offset to seek back to if records before them are missing."""
        owned = self.partitions.get(tp.partition)
        if owned is None or owned.phase is not Phase.RUNNING:
            return None  # its next start reads from its own offsets
        return owned.inbox.put(tp.topic, records)

    def asleep(self) -> list[int]:
        """The partitions that are ready and have no running task."""
        return [] if self.stopping else [n for n, owned in self.partitions.items() if owned.phase is Phase.READY]

    def wake(self, partition: int) -> None:
        """Start a partition's task; a second wake-up does nothing."""
        owned = self.partitions.get(partition)
        if owned is not None and owned.phase is Phase.READY and not self.stopping and not self._rebalancing:
            owned.phase = Phase.RUNNING
            owned.resume()
            self._runs[partition] = self._spawn(self._run(owned), f"partition {partition}")

    async def give_up(self) -> None:
        """A rebalance begins: end all tasks, with what they have folded committed. State is kept for now."""
        self._rebalancing = True
        for owned in self.partitions.values():
            owned.stop()
        if self._runs:
            await asyncio.wait(self._runs.values())
        self._runs.clear()

    async def take_over(self, partitions: Collection[int], generation: int) -> None:
        """A rebalance ends: exactly these partitions are ours.

        A partition is kept, with its state, only when this worker had it in the generation just before: nobody else
        can have written to it in between. One who was thought dead meanwhile begins anew.
        """
        kept = self._generation is not None and generation == self._generation + 1
        for number in [n for n in self.partitions if not kept or n not in partitions]:
            await self._drop(number)
        self._generation = generation
        for number in sorted(set(partitions) - self.partitions.keys()):
            self._begin(number)
        self._rebalancing = False
        _log.info("generation %d: partitions %s", generation, sorted(partitions))
        self._observer.assigned(sorted(partitions))

    def fail(self, what: str, reason: BaseException) -> None:
        """End the process: one clear line, and where it is not the broker's doing, the stack."""
        self._end(f"{what}: {reason!r}", EXIT_FAILED, None if isinstance(reason, KafkaError) else reason)

    # Partitions' tasks.

    def _begin(self, number: int) -> None:
        owned = Partition(
            number,
            job=self.job,
            tables=self._started_app().bulk_tables,
            broker=self._broker,
            settings=self.settings,
            observer=self._observer,
        )
        self.partitions[number] = owned
        self._loads[number] = self._spawn(owned.load(), f"loading partition {number}")

    async def _drop(self, number: int) -> None:
        loading = self._loads.pop(number, None)
        if loading is not None:
            loading.cancel()
            await asyncio.wait([loading])
        await self.partitions.pop(number).close()

    async def _run(self, owned: Partition) -> None:
        try:
            offsets = {TP(topic, owned.number): offset for topic, offset in owned.inbox.offsets.items()}
            if await self._started_app().consumer.send_back(offsets):
                await owned.run()
        finally:
            owned.phase = Phase.READY

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._background.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        if not task.cancelled() and (reason := task.exception()) is not None:
            self.fail(task.get_name(), reason)

    # Ends.

    def _view(self) -> tuple[Mapping[int, Partition], bool]:
        return self.partitions, self._rebalancing

    def _stalled(self, what: str) -> None:
        self._end(what, EXIT_STALLED)

    def _end(self, line: str, code: int, stack: BaseException | None = None) -> None:
        _log.critical("%s; the process ends with code %d", line, code, exc_info=stack)
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        self._end_process(code)

    def _started_app(self) -> EngineApp:
        if self._app is None:
            raise RuntimeError("the engine is not started")
        return self._app
