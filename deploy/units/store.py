"""Units in PostgreSQL, the one source of the tree, and the tree on its topic."""

from datetime import date

from aiokafka import AIOKafkaProducer
from sqlalchemy import ARRAY, String, all_, cast, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import units as kernel
from schemas.topics import UNIT_TREE, UNIT_TREE_KEY
from services.common.database import Unit

__all__ = ["publish", "read_all", "write"]

_MAX_BYTES = 16 << 20
_CHUNK = 1000
"""Rows a statement: PostgreSQL takes 32,767 parameters."""


async def read_all(connection: AsyncConnection) -> list[kernel.Unit]:
    """All units in the order in which they are shown. Other writers wait until the transaction ends."""
    await connection.execute(text("LOCK TABLE unit IN EXCLUSIVE MODE"))
    rows = await connection.execute(select(Unit.__table__).order_by(Unit.position, Unit.code))
    return [
        kernel.Unit(
            code=row.code,
            name=row.name,
            kind=row.kind,
            parent=row.parent,
            aliases=tuple(row.aliases),
            valid_from=_iso(row.valid_from),
            valid_to=_iso(row.valid_to),
            successor=row.successor,
        )
        for row in rows
    ]


async def write(connection: AsyncConnection, tree: kernel.UnitTree) -> None:
    """Make the table hold exactly this tree, in its order."""
    units = list(tree)
    await connection.execute(delete(Unit).where(Unit.code != all_(cast([unit.code for unit in units], ARRAY(String)))))
    for start in range(0, len(units), _CHUNK):
        rows = [_row(unit, start + place) for place, unit in enumerate(units[start : start + _CHUNK])]
        statement = insert(Unit).values(rows)
        changed = {name: statement.excluded[name] for name in rows[0] if name != "code"}
        await connection.execute(statement.on_conflict_do_update(index_elements=[Unit.code], set_=changed))


async def publish(bootstrap: str, tree: kernel.UnitTree) -> None:
    """Write the whole tree as one record; returns once Kafka has it.

    Raises:
        KafkaError: Kafka does not take it.
    """
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", max_request_size=_MAX_BYTES)
    await producer.start()
    try:
        await producer.send_and_wait(UNIT_TREE, tree.to_json(), key=UNIT_TREE_KEY)
    finally:
        await producer.stop()


def _row(unit: kernel.Unit, position: int) -> dict[str, object]:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "parent": unit.parent,
        "aliases": list(unit.aliases),
        "valid_from": _day(unit.valid_from),
        "valid_to": _day(unit.valid_to),
        "successor": unit.successor,
        "position": position,
    }


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
