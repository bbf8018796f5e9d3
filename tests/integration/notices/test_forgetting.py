"""What a sink forgets, and what it keeps, in a real PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.local.postgres import Postgres
from deploy.migrations import migrate
from services.common.database import connect
from services.common.outbox import DEAD, DELIVERED, GATHERING, WAITING, DigestNotice, OutgoingDigest, Webhook
from services.notices.forgetting import Forgetting
from services.notices.outbox import Outbox

KEEP = timedelta(days=90)
NOW = datetime.now(UTC)
LONG_AGO, NOT_SO_LONG_AGO = NOW - KEEP - timedelta(hours=1), NOW - KEEP + timedelta(hours=1)
IN_FORCE, REMOVED, REMOVED_LONG_AGO = 1, 2, 3


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    server = Postgres(tmp_path / "postgres")
    server.start()
    await migrate(server.url)
    engine = connect(server.url)
    yield engine
    await engine.dispose()
    server.stop()


def digest(webhook: int, state: str, kind: str = "late", **moments: datetime) -> dict[str, object]:
    """A digest that is as old as can be, but for `moments`."""
    row = {"webhook": webhook, "state": state, "kind": kind, "size": 1, "opened_at": LONG_AGO, "next_at": LONG_AGO}
    return row | {"delivered_at": None, "told_at": None} | moments


KEPT = [
    digest(IN_FORCE, DELIVERED, delivered_at=NOT_SO_LONG_AGO, told_at=NOW),
    digest(IN_FORCE, DELIVERED, delivered_at=LONG_AGO),  # its dossiers are still to be told
    digest(IN_FORCE, DEAD),
    digest(IN_FORCE, WAITING),
    digest(REMOVED, DEAD),
    digest(REMOVED_LONG_AGO, DELIVERED, delivered_at=LONG_AGO),
    digest(REMOVED_LONG_AGO, DELIVERED, "due_soon", delivered_at=NOT_SO_LONG_AGO),
]
FORGOTTEN = [
    digest(IN_FORCE, DELIVERED, delivered_at=LONG_AGO, told_at=NOW),
    digest(IN_FORCE, DELIVERED, "due_soon", delivered_at=LONG_AGO),
    digest(REMOVED_LONG_AGO, DELIVERED, delivered_at=LONG_AGO, told_at=LONG_AGO),
    digest(REMOVED_LONG_AGO, DEAD),
    digest(REMOVED_LONG_AGO, WAITING),
    digest(REMOVED_LONG_AGO, GATHERING),
]


async def test_what_nobody_needs_any_more_is_forgotten_with_its_notices(engine: AsyncEngine):
    digests = KEPT + FORGOTTEN * 20  # more than are forgotten at once
    async with engine.begin() as at:
        for removed_at in (None, NOT_SO_LONG_AGO, LONG_AGO):
            webhook = {"url": "http://127.0.0.1:9/", "unit": "H01", "kinds": ["late"], "secret": "none"}
            await at.execute(insert(Webhook).values(webhook | {"removed_at": removed_at}))
        for number, row in enumerate(digests):
            added = insert(OutgoingDigest).values(row | {"unit": str(number)})
            identity = (await at.execute(added.returning(OutgoingDigest.id))).scalar_one()
            notice = dict.fromkeys(("procedure", "received_at", "due_at", "late_from"), "")
            notice |= {"notice": str(number), "webhook": row["webhook"], "digest": identity, "code": "H01-1"}
            await at.execute(insert(DigestNotice).values(notice))
    forgetting = Forgetting(Outbox(engine), KEEP)
    while await forgetting.turn():
        pass
    async with engine.begin() as at:
        left = set(await at.scalars(select(OutgoingDigest.unit)))
        notices = set(await at.scalars(select(DigestNotice.notice)))
    assert left == notices == {str(number) for number in range(len(KEPT))}
