"""The archive's part, played by whoever knows the tables: a real PostgreSQL with keys, dossiers, events, findings, positions."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.sql import Executable, func

from deploy.local.postgres import Postgres
from deploy.migrations import migrate
from schemas.measures import BY_NUMBER
from schemas.moments import format_day, parse_moment
from schemas.topics import DOSSIERS_CHANGELOG
from services.common import archived as tables
from services.common.database import SystemKey, connect
from services.common.instants import to_datetime
from services.common.keys import hash_key, new_key
from services.scorer.domain.contributions import book
from services.scorer.domain.facts import Dossier
from services.scorer.domain.life import Now, come_true, is_voided, life_of, log_of, refused_at_intake
from services.scorer.domain.owner import heard
from services.scorer.domain.setting import Setting
from services.scorer.domain.spans import FOREVER, first_after
from tests.integration.api.running import NOW, PARTITIONS, ZONE

Row = dict[str, Any]


def at(text: str) -> datetime:
    """A moment of `timestamptz`; without an offset in the zone of the tests."""
    return to_datetime(parse_moment(text, ZONE))


def dossier(code: str, **known: Any) -> Row:
    """A row of the table `dossier`; moments as texts."""
    columns = tables.ArchivedDossier.__table__.columns
    row: Row = dict.fromkeys(columns.keys())
    row |= {"code": code, "unit": "H01.187", "procedure": "1.000105", "state": "open", "agency": "H01.187"}
    row |= {"facts": [], "counts": [], "partition": 0, "offset": 0}
    moments = ("received_at", "due_at", "overdue_from", "soon_from", "waiting_since", "ended_at", "next_change")
    return row | {name: at(value) if name in moments and value else value for name, value in known.items()}


class Archived:
    """The database."""

    def __init__(self, server: Postgres) -> None:
        self.server = server
        self.url = server.url
        asyncio.run(migrate(self.url))

    def run(self, *statements: Executable | tuple[Executable, list[Row]]) -> None:
        """Run statements in one transaction."""
        asyncio.run(self._run(statements))

    def fill(
        self,
        dossiers: Iterable[Row] = (),
        events: Iterable[Row] = (),
        findings: Iterable[Row] = (),
        *,
        as_of: str = NOW,
        partitions: int = PARTITIONS,
    ) -> None:
        """Replace all that the archive holds."""
        positions = [
            {"topic": DOSSIERS_CHANGELOG, "partition": number, "next_offset": 9, "made_by": "", "as_of": at(as_of)}
            for number in range(partitions)
        ]
        held = {
            tables.ArchivedDossier: list(dossiers),
            tables.ArchivedEvent: list(events),
            tables.Finding: list(findings),
            tables.ArchivePosition: positions,
        }
        self.run(*(delete(table) for table in held), *((insert(table), rows) for table, rows in held.items() if rows))

    def key(self, unit: str, *, read: bool = True) -> str:
        """Make a key."""
        key = new_key()
        self.run(insert(SystemKey).values(system="test", unit=unit, hash=hash_key(key), may_read=read))
        return key

    def revoke(self, key: str) -> None:
        """Take it out of force."""
        self.run(update(SystemKey).where(SystemKey.hash == hash_key(key)).values(revoked_at=func.now()))

    async def _run(self, statements: Iterable[Executable | tuple[Executable, list[Row]]]) -> None:
        engine = connect(self.url)
        async with engine.begin() as connection:
            for statement in statements:
                await connection.execute(*(statement if isinstance(statement, tuple) else (statement,)))
        await engine.dispose()


@contextmanager
def archived_at(home: Path) -> Iterator[Archived]:
    """A database in a server of its own."""
    server = Postgres(home)
    server.start()
    try:
        yield Archived(server)
    finally:
        server.stop()


def archived_row(code: str, known: Dossier, now: int, setting: Setting) -> Row:
    """The row of a dossier as `services.common.archived` describes it, worked out by the scorer's domain."""
    booking = book(code, known, now, setting)
    found = dossier(code, unit=booking.unit, state="unknown", agency=None) | {"counts": _counts(booking.cells)}
    facts = come_true(heard(code, known, setting.tree), Now(now))
    log = log_of(facts, Now(now))
    if facts.received is None or is_voided(facts) or refused_at_intake(facts, log) is not None:
        return found
    life = life_of(facts, log, Now(now), setting)
    assert life is not None
    found |= {"state": "open", "procedure": life.received.procedure, "received_at": to_datetime(life.start)}
    if life.due is not None:
        found["due_at"] = to_datetime(first_after(life.due, [span for span in life.stops if span[1] <= now]) - 1)
    if life.ended is not None:
        found |= {"state": "ended", "ended_at": to_datetime(life.end), "late": None if life.due is None else life.late}
    elif life.waiting and life.waiting[-1][1] > now:
        found |= {"state": "waiting", "waiting_since": to_datetime(life.waiting[-1][0])}
    elif life.overdue_from != FOREVER:
        found["overdue_from"] = to_datetime(life.overdue_from)
    elif life.in_time_until != FOREVER:
        found["overdue_from"] = to_datetime(life.in_time_until + 1)
        found["soon_from"] = next(
            (to_datetime(since) for since, until in life.soon if until > life.in_time_until), None
        )
    return found


def _counts(cells: Mapping[tuple[str, int, str], Mapping[int, int]]) -> list[Row]:
    return [
        {"unit": unit, "day": format_day(day), "procedure": item, "measure": BY_NUMBER[number].name, "count": count}
        for (unit, day, item), cell in cells.items()
        for number, count in cell.items()
    ]
