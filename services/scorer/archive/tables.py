"""The archive's side of PostgreSQL: what is known of one batch goes in by one transaction, and how far the archive then is with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Self

import asyncpg
from aiokafka import TopicPartition
from sqlalchemy import make_url

from services.scorer.archive.records import DayRow, DossierRow, EventRow, FindingRow

__all__ = ["Batch", "Place", "Tables"]

_CONNECT_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 60.0
_ONE_WRITER: Final = 7_660_006
"""The number of the lock that only one archive can hold."""

FORGOTTEN_AFTER: Final = timedelta(hours=12)
"""Having been away for so long, it may have missed that rows went: Kafka keeps word of that for a day (`services.common.topics`)."""

_SESSION: Final = {
    # What is joined with the tables is small and new, and nobody has counted it: each row is to be looked up by the index.
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
    # The lock of an archive whose machine has gone is free again within a minute.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}

_INCOMING: Final = """
create temp table incoming_dossier (like dossier) on commit delete rows;
create temp table incoming_finding (like finding) on commit delete rows;
create temp table incoming_event (like dossier_event) on commit delete rows;
create temp table incoming_day (like indicator_day) on commit delete rows;
alter table incoming_day alter column counts drop not null;
"""

_VERSION: Final = {"code", "partition", "offset"}
_SHOWN: Final = [f'"{name}"' for name in DossierRow._fields if name not in _VERSION]
_OLD, _NEW = (", ".join(f"{table}.{name}" for name in _SHOWN) for table in ("dossier", "excluded"))

_OLDER: Final = 'delete from incoming_dossier i using dossier d where d.code = i.code and d."offset" > i."offset"'
"""A changelog that is read again brings older records than the table has. A dossier lies in one partition for ever."""

_DOSSIERS: Final = (
    f"""
    insert into dossier select * from incoming_dossier on conflict (code) do update set
    {", ".join(f'"{name}" = excluded."{name}"' for name in DossierRow._fields)}
    where ({_OLD}) is distinct from ({_NEW})
    """,  # noqa: S608 - names of columns
    """
    delete from finding f using incoming_dossier i where f.subject = i.code and not exists (
        select from incoming_finding n where (n.subject, n.code, n.detail) = (f.subject, f.code, f.detail)
    )
    """,
    """
    insert into finding select n.* from incoming_finding n join incoming_dossier i on i.code = n.subject
    on conflict (subject, code, detail) do update set unit = excluded.unit, since = excluded.since
    where (finding.unit, finding.since) is distinct from (excluded.unit, excluded.since)
    """,
)
_EVENTS: Final = ("insert into dossier_event select * from incoming_event on conflict do nothing",)
_DAYS: Final = (
    """
    delete from indicator_day d using incoming_day i
    where (i.partition, i.unit, i.day) = (d.partition, d.unit, d.day) and i.counts is null and d."offset" < i."offset"
    """,
    """
    insert into indicator_day select * from incoming_day where counts is not null
    on conflict (partition, unit, day) do update set counts = excluded.counts, "offset" = excluded."offset"
    where indicator_day."offset" < excluded."offset"
    """,
)
_PLACES: Final = """
insert into archive_position (topic, partition, next_offset, made_by, as_of, written_at)
select * from unnest($1::text[], $2::smallint[], $3::bigint[], $4::text[], $5::timestamptz[]), now()
on conflict (topic, partition) do update
set (next_offset, made_by, as_of, written_at)
    = (excluded.next_offset, excluded.made_by, excluded.as_of, excluded.written_at)
"""


class Place(NamedTuple):
    """How far the archive is in a partition of a topic: `ArchivePosition`."""

    next_offset: int = 0
    made_by: str = ""
    as_of: datetime | None = None


@dataclass
class Batch:
    """What is to be written together. Of each dossier and each day there is one row, the last."""

    dossiers: list[DossierRow] = field(default_factory=list)
    findings: list[FindingRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    days: list[DayRow] = field(default_factory=list)
    places: dict[TopicPartition, Place] = field(default_factory=dict)


class Tables:
    """A connection that holds the lock of the one writer. Every method raises asyncpg's errors, OSError or TimeoutError."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, url: str) -> Self | None:
        """Connect; None where another archive writes.

        Args:
            url: for SQLAlchemy (`CommonSettings.database_url`).
        """
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(
            plain, timeout=_CONNECT_SECONDS, command_timeout=_ANSWER_SECONDS, server_settings=_SESSION
        )
        try:
            if await connection.fetchval("select pg_try_advisory_lock($1)", _ONE_WRITER):
                await connection.execute(_INCOMING)
                return cls(connection)
        except BaseException:
            connection.terminate()
            raise
        await connection.close()
        return None

    def close(self) -> None:
        """Let go of the connection at once; what is not committed is undone."""
        self._connection.terminate()

    async def places(self) -> dict[TopicPartition, Place]:
        """How far the archive is."""
        rows = await self._connection.fetch(
            "select topic, partition, next_offset, made_by, as_of from archive_position"
        )
        return {TopicPartition(row[0], row[1]): Place(*row[2:]) for row in rows}

    async def check(self) -> None:
        """Raise if PostgreSQL, or this connection, has gone: who has nothing to write would not notice."""
        await self._connection.execute("select")

    async def doubt(self, topic: str) -> None:
        """Doubt the rows of days in those partitions in which it was away for too long: they are to be read again whole, see `settle`."""
        async with self._connection.transaction():
            forgotten = await self._connection.fetch(
                "update archive_position set next_offset = 0 where topic = $1 and written_at < now() - $2::interval returning partition",
                topic,
                FORGOTTEN_AFTER,
            )
            partitions = [row[0] for row in forgotten]
            await self._connection.execute(
                'update indicator_day set "offset" = -1 where partition = any($1)', partitions
            )

    async def settle(self) -> None:
        """Delete the rows that are still in doubt after all was read again: they had gone meanwhile."""
        await self._connection.execute('delete from indicator_day where "offset" = -1')

    async def write(self, batch: Batch) -> int:
        """Write a batch and move the places, all or nothing; returns the number of rows that changed."""
        changed = 0
        async with self._connection.transaction():
            if batch.dossiers:
                await self._copy("incoming_dossier", batch.dossiers)
                await self._copy("incoming_finding", batch.findings)
                await self._connection.execute(_OLDER)
                changed += await self._merge(_DOSSIERS)
            if batch.events:
                await self._copy("incoming_event", batch.events)
                changed += await self._merge(_EVENTS)
            if batch.days:
                await self._copy("incoming_day", batch.days)
                changed += await self._merge(_DAYS)
            await self._move(batch.places)
        return changed

    async def _merge(self, statements: Iterable[str]) -> int:
        """Put into a table what has come in; returns how many rows that changed."""
        tags = [await self._connection.execute(statement) for statement in statements]
        return sum(int(tag.split()[-1]) for tag in tags)

    async def _copy(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        await self._connection.copy_records_to_table(table, records=rows)

    async def _move(self, places: Mapping[TopicPartition, Place]) -> None:
        columns = zip(*((*where, *place) for where, place in places.items()), strict=True)
        if places:
            await self._connection.execute(_PLACES, *map(list, columns))
