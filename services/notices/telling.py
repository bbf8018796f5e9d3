"""Tells dossiers that somebody knows of their lateness: an event `nhip.dossier.notified` each, so that `late_notified` counts them."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec
from sqlalchemy import Row, exists, func, select, update
from sqlalchemy.orm import aliased

from schemas.events import Door, Rejected, encode
from schemas.moments import Zone, canonical
from schemas.topics import DOSSIER_EVENTS
from schemas.units import UnitTree
from services.common.instants import from_datetime
from services.common.metrics import NOTICES_TOLD
from services.common.outbox import DigestNotice, OutgoingDigest, Webhook
from services.notices.outbox import UNTOLD, Outbox

__all__ = ["SOURCE", "Telling"]

_log = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 0.5
SOURCE: Final = "/nhip/notices"
_SYSTEM: Final = "nhip-notices"


class Telling:
    """Tells while it runs.

    Args:
        outbox: which digests were delivered.
        producer: started.
        tree: the unit tree as it is now.
        zone: of the stack.
        now: the clock, microseconds; where it is fixed, nothing happens after it.
    """

    def __init__(
        self, outbox: Outbox, producer: Any, tree: Callable[[], UnitTree], zone: Zone, now: Callable[[], int]
    ) -> None:
        self._outbox = outbox
        self._producer = producer
        self._tree = tree
        self._zone = zone
        self._now = now

    async def run(self) -> None:
        """Tell until cancelled, or until Kafka or PostgreSQL is away."""
        while True:
            if not await self.turn():
                await asyncio.sleep(_LOOK_SECONDS)

    async def turn(self) -> bool:
        """Tell the dossiers of one digest that was delivered; returns whether there was one.

        Killed before that is kept, the same events are written again, which changes nothing.
        """
        async with self._outbox.begin() as at:
            number = await at.scalar(select(func.min(OutgoingDigest.id)).where(*UNTOLD))
            rows = [] if number is None else list(await at.execute(_asked(number)))
        if number is None:
            return False
        sent = [await self._producer.send(DOSSIER_EVENTS, key=key, value=value) for key, value in self._events(rows)]
        await asyncio.gather(*sent)
        async with self._outbox.begin() as at:
            await at.execute(update(OutgoingDigest).where(OutgoingDigest.id == number).values(told_at=func.now()))
        NOTICES_TOLD.inc(len(sent))
        return True

    def _events(self, rows: list[Row[Any]]) -> Iterator[tuple[bytes, bytes]]:
        """Key and value of each event, checked as at the door."""
        now = self._now()
        for row in rows:
            door = Door(system=_SYSTEM, unit=row.unit, tree=self._tree(), zone=self._zone, now=now)
            moment = canonical(min(from_datetime(row.delivered_at), now))
            event = {
                "specversion": "1.0",
                "id": f"notified/{row.notice}",
                "source": SOURCE,
                "type": "nhip.dossier.notified",
                "subject": row.code,
                "time": moment,
                "data": {"notified_at": moment},
            }
            try:
                yield row.code.encode(), encode(door.check(msgspec.json.encode(event)))
            except Rejected as rejected:
                _log.error("a dossier cannot be told: %s: %s", rejected.code, rejected.detail)


def _asked(number: int) -> Any:
    """The notices of a digest but those that were told when another webhook took them."""
    other, elsewhere = aliased(OutgoingDigest), aliased(DigestNotice)
    known = exists().where(
        elsewhere.notice == DigestNotice.notice, elsewhere.digest == other.id, other.told_at.is_not(None)
    )
    return (
        select(DigestNotice.notice, DigestNotice.code, OutgoingDigest.delivered_at, Webhook.unit)
        .join(OutgoingDigest, OutgoingDigest.id == DigestNotice.digest)
        .join(Webhook, Webhook.id == OutgoingDigest.webhook)
        .where(DigestNotice.digest == number, ~known)
    )
