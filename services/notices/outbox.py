"""What is to be posted now, and what came of it: the digests in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from schemas.digests import ToldDossier
from schemas.notices import LATE, Kind
from services.common.outbox import DEAD, DELIVERED, GATHERING, WAITING, DigestNotice, OutgoingDigest, Webhook

__all__ = ["AT_ONCE", "UNTOLD", "Due", "Outbox", "Standing"]

_ANSWER_SECONDS: Final = 15.0
AT_ONCE: Final = 4
"""Digests that are posted to one webhook at a time: one that does not answer holds up nobody else."""
_ONE_SINK: Final = 0x6E68697004
"""Advisory lock in PostgreSQL: two sinks would post everything twice."""
UNTOLD: Final = (OutgoingDigest.state == DELIVERED, OutgoingDigest.kind == LATE, OutgoingDigest.told_at.is_(None))
"""Of a digest whose dossiers are still to be told."""


class Due(NamedTuple):
    """A digest that is to be posted."""

    id: int
    webhook: int
    unit: str
    kind: Kind
    opened_at: datetime
    tries: int
    body: str | None
    url: str
    secret: str

    @property
    def message(self) -> str:
        """Its name at the receiver's (header `webhook-id`): also after PostgreSQL was set up anew, no other digest has it."""
        return f"digest-{self.opened_at:%Y%m%dT%H%M%S}-{self.id}"


class Standing(NamedTuple):
    """How many digests of webhooks in force wait and have failed, and for how long the oldest that waits has, seconds."""

    waiting: int
    failed: int
    oldest: float


_OF_DIGEST: Final = (
    OutgoingDigest.id,
    OutgoingDigest.webhook,
    OutgoingDigest.unit,
    OutgoingDigest.kind,
    OutgoingDigest.opened_at,
    OutgoingDigest.tries,
    OutgoingDigest.body,
)


class Outbox:
    """The tables of `services.common.outbox`. Every method raises what comes of a PostgreSQL that is away (`AWAY`)."""

    def __init__(self, engine: AsyncEngine) -> None:
        """The engine stays the caller's."""
        self._engine = engine

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that does not wait for ever."""
        async with asyncio.timeout(_ANSWER_SECONDS), self._engine.begin() as at:
            yield at

    @asynccontextmanager
    async def only_one(self) -> AsyncIterator[AsyncConnection | None]:
        """Hold the lock of the one sink for as long as this connection lives; None where another sink has it."""
        async with asyncio.timeout(_ANSWER_SECONDS):
            connection = await self._engine.connect()
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                mine = await connection.scalar(select(func.pg_try_advisory_lock(_ONE_SINK)))
                await connection.commit()
            yield connection if mine else None
        finally:
            await connection.invalidate()  # the lock goes with the connection, and a pool would keep it
            await connection.close()

    async def standing(self, lock: AsyncConnection) -> Standing:
        """How things stand; asked by the connection that holds the lock, so that its end is noticed."""
        in_force = select(Webhook.id).where(Webhook.removed_at.is_(None)).scalar_subquery()
        waits = OutgoingDigest.state.in_([GATHERING, WAITING])
        since = func.extract("epoch", func.now() - func.min(OutgoingDigest.opened_at))
        async with asyncio.timeout(_ANSWER_SECONDS):
            waiting = await lock.scalar(select(func.count()).where(waits, OutgoingDigest.webhook.in_(in_force)))
            oldest = await lock.scalar(
                select(since).where(waits, OutgoingDigest.state == WAITING, OutgoingDigest.webhook.in_(in_force))
            )
            failed = await lock.scalar(
                select(func.count()).where(OutgoingDigest.state == DEAD, OutgoingDigest.webhook.in_(in_force))
            )
            await lock.commit()
        return Standing(waiting or 0, failed or 0, float(oldest or 0))

    async def due(self) -> list[Due]:
        """What is to be posted: of each webhook in force at most `AT_ONCE`, those first that have waited longest."""
        place = func.row_number().over(
            partition_by=OutgoingDigest.webhook, order_by=(OutgoingDigest.next_at, OutgoingDigest.id)
        )
        ripe = (
            select(*_OF_DIGEST, Webhook.url, Webhook.secret, place.label("place"))
            .join(Webhook, Webhook.id == OutgoingDigest.webhook)
            .where(OutgoingDigest.state == WAITING, OutgoingDigest.next_at <= func.now(), Webhook.removed_at.is_(None))
            .subquery()
        )
        async with self.begin() as at:
            await at.execute(
                update(OutgoingDigest)
                .where(OutgoingDigest.state == GATHERING, OutgoingDigest.next_at <= func.now())
                .values(state=WAITING)
            )
            rows = await at.execute(select(ripe).where(ripe.c.place <= AT_ONCE))
            return [Due(*row[:-1]) for row in rows]

    async def notices(self, number: int) -> list[ToldDossier]:
        """What a digest tells of."""
        asked = select(
            DigestNotice.code,
            DigestNotice.procedure,
            DigestNotice.received_at,
            DigestNotice.due_at,
            DigestNotice.late_from,
        ).where(DigestNotice.digest == number)
        async with self.begin() as at:
            return [ToldDossier(**row._asdict()) for row in await at.execute(asked)]

    async def fix(self, number: int, body: str) -> None:
        """Keep what is posted, so that every try posts the same."""
        async with self.begin() as at:
            await at.execute(update(OutgoingDigest).where(OutgoingDigest.id == number).values(body=body))

    async def delivered(self, number: int, answer: str) -> None:
        """Somebody took it."""
        await self._tried(number, answer, state=DELIVERED, delivered_at=func.now())

    async def put_off(self, number: int, answer: str, seconds: float) -> None:
        """Nobody took it; it is posted again."""
        await self._tried(number, answer, next_at=func.now() + timedelta(seconds=seconds))

    async def failed(self, number: int, answer: str) -> None:
        """Nobody took it, and nobody is asked again."""
        await self._tried(number, answer, state=DEAD)

    async def gone(self, number: int, webhook: int, answer: str) -> None:
        """Its receiver wants nothing more: the webhook goes out of force."""
        async with self.begin() as at:
            await at.execute(
                update(Webhook)
                .where(Webhook.id == webhook, Webhook.removed_at.is_(None))
                .values(removed_at=func.now(), why_removed=answer)
            )
        await self.failed(number, answer)

    async def _tried(self, number: int, answer: str, **values: Any) -> None:
        async with self.begin() as at:
            await at.execute(
                update(OutgoingDigest)
                .where(OutgoingDigest.id == number, OutgoingDigest.state == WAITING)
                .values(tries=OutgoingDigest.tries + 1, answer=answer, **values)
            )
