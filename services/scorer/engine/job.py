"""What a job gives to the engine: plain synchronous code that turns records into changes of tables.

The engine owns partitions, transactions, offsets and time-outs. A job sees none of them, so that it can be read,
tested and replayed without a broker.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from aiokafka import ConsumerRecord

__all__ = ["Changes", "Fold", "Job", "Send", "TableSpec"]


def _unchanged(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class TableSpec:
    """A table: per partition a mapping from key (bytes) to a live value of any type, kept in a changelog topic."""

    name: str
    """Its changelog is Faust's: `{app_id}-{name}-changelog`, with as many partitions as the input topics."""
    decode: Callable[[bytes], Any] = _unchanged
    """From the bytes in the changelog to the live value in memory, when a partition is loaded."""
    encode: Callable[[Any], bytes] = _unchanged
    """The way back. Called at the commit: a value may change several times before and is written once."""


class Send(NamedTuple):
    """A record for a topic other than the tables' changelogs (a dead letter, a notice)."""

    topic: str
    key: bytes | None
    value: bytes


@dataclass(slots=True)
class Changes:
    """What one step of a job wants written, in one transaction with the offsets of what it has read.

    The engine keeps the dicts: make new ones for every step. Live values may be changed in place, as long as their
    keys are named in the step that did it.
    """

    tables: dict[str, dict[bytes, Any]] = field(default_factory=dict)
    """Table name -> key -> new live value (None deletes). The engine puts it into the table and its changelog."""
    sends: list[Send] = field(default_factory=list)
    """They go to the same partition number where the topic has it, else where their key belongs."""
    more: bool = False
    """The work was cut in pieces: call `tick` again at once, after the event loop had its turn; no batch may come in between."""
    again: bool = False
    """There is more for `tick` to do: call it again at once, in turn with batches."""


class Fold(Protocol):
    """The job of one partition. An exception from any method ends the process, before anything is committed."""

    @property
    def reached(self) -> Mapping[str, int]:
        """The offsets that `progress` was last told in what was loaded, by topic; of a topic that is missing, the group's are taken.

        A job that keeps them stays exact whatever becomes of the group's offsets: a broker that was killed forgets some at times.
        """
        ...

    def fold(self, records: Sequence[ConsumerRecord]) -> Changes:
        """Take one batch of this partition number, of all input topics; the order within a topic is kept."""
        ...

    def caught_up(self) -> None:
        """All is folded that lay in Kafka when the partition was loaded; called once, at once if there was nothing."""
        ...

    def tick(self) -> Changes | None:
        """Do what time asks for; called every `tick_interval`, in turn with batches. None: nothing.

        Changes that are empty, but not None, still make a transaction: the progress row of an idle partition.
        """
        ...

    def progress(self, offsets: Mapping[str, int]) -> Changes | None:
        """Say how far this transaction reaches; called at its end, before it is written.

        Its rows are the last records of the transaction in their changelog partition. `offsets` has the next
        offset to read of every input topic of this partition, also of those that did not move.
        """
        ...


class Job(Protocol):
    """What an engine runs."""

    @property
    def topics(self) -> Sequence[str]:
        """Input topics, co-partitioned: they have the same number of partitions."""
        ...

    @property
    def tables(self) -> Sequence[TableSpec]:
        """The state, and what others read of it."""
        ...

    def open(self, partition: int, tables: Mapping[str, Mapping[bytes, Any]]) -> Fold:
        """Begin a partition whose state is loaded: `tables` are live, read-only views of it.

        The group's heartbeats go on meanwhile, but all other partitions of this worker wait: cut long work with
        `Changes.more`.
        """
        ...
