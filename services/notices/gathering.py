"""Notices into digests: one a webhook, unit and kind gathers at a time; what a webhook was told of already is passed over."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.digests import MOST
from schemas.notices import Kind, Notice
from schemas.units import UnitTree
from services.common.outbox import GATHERING, WAITING, DigestNotice, NoticePosition, OutgoingDigest, Webhook

__all__ = ["Arrived", "Receiver", "gather", "move", "receivers", "wanted"]


class Receiver(NamedTuple):
    """A webhook in force. ``since``: when it was made, milliseconds since 1970, as the records of Kafka."""

    webhook: int
    unit: str
    kinds: frozenset[str]
    since: int


class Arrived(NamedTuple):
    """A notice, and when it was written, milliseconds since 1970."""

    notice: Notice
    written: int


class Target(NamedTuple):
    """Whose digest."""

    webhook: int
    unit: str
    kind: Kind


async def receivers(at: AsyncConnection) -> list[Receiver]:
    """The webhooks in force."""
    rows = await at.execute(
        select(Webhook.id, Webhook.unit, Webhook.kinds, Webhook.created_at).where(Webhook.removed_at.is_(None))
    )
    return [Receiver(row.id, row.unit, frozenset(row.kinds), int(row.created_at.timestamp() * 1000)) for row in rows]


def wanted(arrived: Iterable[Arrived], to: Iterable[Receiver], tree: UnitTree) -> dict[Target, dict[str, Notice]]:
    """Who is to be told of what: the notices by their ids. A webhook hears of its unit and of those below, from when it was made."""
    to = list(to)
    found: dict[Target, dict[str, Notice]] = {}
    for notice, written in arrived:
        line = tree.line(notice.data.unit)
        for one in to:
            if one.unit in line and notice.kind in one.kinds and written >= one.since:
                target = Target(one.webhook, notice.data.unit, notice.kind)
                found.setdefault(target, {})[notice.id] = notice
    return found


async def gather(at: AsyncConnection, told: Mapping[Target, Mapping[str, Notice]], wait: timedelta) -> int:
    """Put notices into digests; returns how many were new to their webhook.

    Args:
        at: in a transaction.
        told: what `wanted` found.
        wait: how long a digest gathers.
    """
    count = 0
    for target, notices in told.items():
        known = await at.scalars(
            select(DigestNotice.notice).where(
                DigestNotice.webhook == target.webhook, DigestNotice.notice.in_(list(notices))
            )
        )
        passed_over = set(known)
        new = [notice for number, notice in notices.items() if number not in passed_over]
        count += len(new)
        while new:
            taken = await _fill(at, target, new, wait)
            new = new[taken:]
    return count


async def _fill(at: AsyncConnection, target: Target, notices: Sequence[Notice], wait: timedelta) -> int:
    """Fill the digest that gathers, or a new one; returns how many it took."""
    opened = upsert(OutgoingDigest).values(
        {**target._asdict(), "state": GATHERING, "size": 0, "next_at": func.now() + wait}
    )
    row = (
        await at.execute(
            opened.on_conflict_do_update(
                index_elements=["webhook", "unit", "kind"],
                index_where=text("state = 'gathering'"),
                set_={"size": OutgoingDigest.size},  # nothing changes, but the row is ours
            ).returning(OutgoingDigest.id, OutgoingDigest.size)
        )
    ).one()
    taken = notices[: MOST - row.size]
    await at.execute(insert(DigestNotice), [_row(target.webhook, row.id, notice) for notice in taken])
    size = row.size + len(taken)
    full = {"state": WAITING, "next_at": func.now()} if size >= MOST else {}
    await at.execute(update(OutgoingDigest).where(OutgoingDigest.id == row.id).values(size=size, **full))
    return len(taken)


def _row(webhook: int, number: int, notice: Notice) -> dict[str, object]:
    data = notice.data
    return {
        "webhook": webhook,
        "notice": notice.id,
        "digest": number,
        "code": notice.subject,
        "procedure": data.procedure,
        "received_at": data.received_at,
        "due_at": data.due_at,
        "late_from": data.late_from,
    }


async def move(at: AsyncConnection, places: Mapping[tuple[str, int], int]) -> None:
    """Remember the next offsets to be read, by topic and partition."""
    if not places:
        return
    rows = [{"topic": topic, "partition": number, "next_offset": offset} for (topic, number), offset in places.items()]
    moved = upsert(NoticePosition).values(rows)
    await at.execute(
        moved.on_conflict_do_update(
            index_elements=["topic", "partition"], set_={"next_offset": moved.excluded.next_offset}
        )
    )
