"""Dead letters: the topic `rejected-events`, read whole, and how far it was sent again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.replay.progress import places_of
from schemas.dead_letters import DeadLetter, decode
from schemas.topics import REJECTED_EVENTS

__all__ = ["RESEND_GROUP", "Letter", "Letters", "mark_handled", "read_letters"]

RESEND_GROUP: Final = "nhip-rejected-resend"
"""The consumer group whose committed offsets say what was sent again already."""
_POLL_MS: Final = 1000


@dataclass(frozen=True, slots=True)
class Letter:
    """One record of the topic with its place; ``handled``: an earlier `resend` has dealt with it."""

    partition: int
    offset: int
    written: int
    """When, in milliseconds since 1970."""
    handled: bool
    content: DeadLetter


@dataclass(frozen=True, slots=True)
class Letters:
    """What the topic holds, oldest first, and where it ended when it was read."""

    all: list[Letter]
    ends: Mapping[int, int]

    @property
    def open(self) -> list[Letter]:
        """Those that no `resend` has dealt with yet."""
        return [letter for letter in self.all if not letter.handled]


async def read_letters(bootstrap: str) -> Letters:
    """Read the topic from its beginning to its present end.

    Raises:
        KafkaError: it does not answer.
    """
    consumer = _consumer(bootstrap)
    try:
        await consumer.start()
        places = await places_of(bootstrap, [REJECTED_EVENTS])
        if not places:
            return Letters([], {})
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        handled = {place: await consumer.committed(place) or 0 for place in places}
        await consumer.seek_to_beginning(*places)
        found: list[Letter] = []
        while any([await consumer.position(place) < ends[place] for place in places]):
            for place, records in (await consumer.getmany(timeout_ms=_POLL_MS)).items():
                found += [_letter(record, handled[place]) for record in records if record.offset < ends[place]]
    finally:
        await consumer.stop()
    found.sort(key=lambda letter: (letter.written, letter.partition, letter.offset))
    return Letters(found, {place.partition: end for place, end in ends.items()})


async def mark_handled(bootstrap: str, ends: Mapping[int, int]) -> None:
    """Remember that everything below these offsets has been dealt with.

    Raises:
        KafkaError: it does not answer.
    """
    consumer = _consumer(bootstrap)
    try:
        await consumer.start()
        places = {TopicPartition(REJECTED_EVENTS, number): end for number, end in ends.items()}
        consumer.assign(list(places))
        await consumer.commit(places)
    finally:
        await consumer.stop()


def _consumer(bootstrap: str) -> Any:
    return AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        client_id="nhip-rejected",
        group_id=RESEND_GROUP,
        isolation_level="read_committed",  # the scorer writes its letters in its transactions
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )


def _letter(record: Any, handled: int) -> Letter:
    """A record; one that is no dead letter (somebody else wrote it) is shown as such."""
    try:
        content = decode(record.value or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError):
        content = DeadLetter(at="", code="unreadable", detail="a record that is no dead letter")
    return Letter(record.partition, record.offset, record.timestamp, record.offset < handled, content)
