"""Records of event topics: what is read of them, and what becomes of poison."""

from typing import Protocol

from schemas import dead_letters
from schemas.events import FAMILY_OF, Rejected, decode
from schemas.moments import canonical
from services.scorer.agents.families import Family
from services.scorer.domain.facts import Said

__all__ = ["Record", "Word", "letter", "read"]

Word = tuple[str, Said, int]
"""What an event says: its sender (unit of the key), the fact, and when it came to Kafka (microseconds, at most now)."""


class Record(Protocol):
    """What is used of a Kafka record. ``timestamp``: of its arrival (the topics append it), milliseconds."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...


def read(record: Record, family: Family) -> tuple[bytes, str, Said]:
    """(key of the subject, sender, fact) of a record of the topic of a family.

    Raises:
        Rejected: poison: no event, or one that ingest would not have written here.
    """
    if record.value is None:
        raise Rejected("bad_json", "the record has no value")
    event = decode(record.value)
    subject = event.subject.encode()
    if subject != record.key:
        raise Rejected("bad_envelope", "the key of the record is not the subject of its event")
    if not event.keyunit:
        raise Rejected("bad_envelope", "the event carries no keyunit; only ingest may write here")
    if FAMILY_OF[type(event)].topic != family.topic:
        raise Rejected("bad_envelope", "the event belongs on another topic; only ingest may write here")
    try:
        return subject, event.keyunit, family.fact_of(event)
    except ValueError as error:
        raise Rejected("bad_moment", str(error)) from error


def letter(record: Record, poison: Rejected, now: int) -> dead_letters.DeadLetter:
    """A dead letter that says where the poison lies, and repeats nothing of it."""
    return dead_letters.DeadLetter(
        at=canonical(now),
        code=poison.code,
        detail=poison.detail,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
    )
