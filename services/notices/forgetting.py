"""Forgets digests that nobody needs any more."""

import asyncio
import logging
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, and_, delete, func, select

from services.common.outbox import DELIVERED, DigestNotice, OutgoingDigest, Webhook
from services.notices.outbox import UNTOLD, Outbox

__all__ = ["Forgetting"]

_log = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 5.0
_AT_ONCE: Final = 50
"""Digests, each with up to a thousand notices: a fraction of a second."""


class Forgetting:
    """Forgets while it runs: what was delivered, and what was kept for a webhook that is out of force; each some time later.

    What failed is kept for as long as its webhook is in force.

    Args:
        outbox: where digests are kept.
        keep: how long after.
    """

    def __init__(self, outbox: Outbox, keep: timedelta) -> None:
        self._outbox = outbox
        self._keep = keep

    async def run(self) -> None:
        """Forget until cancelled, or until PostgreSQL is away."""
        while True:
            if await self.turn() < _AT_ONCE:
                await asyncio.sleep(_LOOK_SECONDS)

    async def turn(self) -> int:
        """Forget some digests; returns how many."""
        async with self._outbox.begin() as at:
            numbers = list(await at.scalars(_forgettable(self._keep)))
            if numbers:
                await at.execute(delete(DigestNotice).where(DigestNotice.digest.in_(numbers)))
                await at.execute(delete(OutgoingDigest).where(OutgoingDigest.id.in_(numbers)))
                _log.info("forgot %d digests", len(numbers))
        return len(numbers)


def _forgettable(keep: timedelta) -> Select[tuple[int]]:
    before = func.now() - keep
    delivered = (
        select(OutgoingDigest.id)
        .where(OutgoingDigest.state == DELIVERED, OutgoingDigest.delivered_at < before, ~and_(*UNTOLD))
        .order_by(OutgoingDigest.delivered_at)
        .limit(_AT_ONCE)
    )
    for_nobody = (
        select(OutgoingDigest.id)
        .join(Webhook, Webhook.id == OutgoingDigest.webhook)
        .where(OutgoingDigest.state != DELIVERED, Webhook.removed_at < before)
    )
    return select(delivered.union_all(for_nobody).subquery().c.id).limit(_AT_ONCE)
