"""The embedded database, and the migrations that bring it up to the services' tables."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.local.postgres import Postgres
from deploy.local.process import StackError
from deploy.migrations import migrate
from services.common import archived, outbox, published  # noqa: F401  their tables are part of Base
from services.common.database import Base, connect


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A server of this module's own, because it is stopped and killed."""
    made = Postgres(tmp_path_factory.mktemp("postgres"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
async def engine(server: Postgres) -> AsyncIterator[AsyncEngine]:
    made = connect(server.url)
    yield made
    await made.dispose()


async def test_rows_survive_a_stop_and_a_kill_on_the_same_port(server: Postgres, engine: AsyncEngine):
    async with engine.begin() as at:
        await at.execute(text("CREATE TABLE kept (id serial, said text)"))
    for end, said in ((server.stop, "before the stop"), (server.kill, "before the kill")):
        async with engine.begin() as at:
            await at.execute(text("INSERT INTO kept (said) VALUES (:said)"), {"said": said})
        end()
        assert not server.alive
        server.start()
    async with engine.begin() as at:
        rows = await at.scalars(text("SELECT said FROM kept ORDER BY id"))
        assert rows.all() == ["before the stop", "before the kill"]
        await at.execute(text("DROP TABLE kept"))


async def test_nobody_enters_without_the_password(server: Postgres):
    stranger = connect(server.url.replace(":" + (server.home / "password").read_text(), ":guess"))
    with pytest.raises((DBAPIError, OSError)):
        async with stranger.connect():
            pass
    await stranger.dispose()
    assert (server.home / "password").stat().st_mode & 0o077 == 0


async def test_vietnamese_letters_are_kept_and_sorted_by_code_point(engine: AsyncEngine):
    async with engine.connect() as at:
        words = await at.scalars(text("SELECT w FROM (VALUES ('Ơn'), ('an'), ('Bến')) AS t(w) ORDER BY w"))
        assert words.all() == ["Bến", "an", "Ơn"]


def test_a_second_server_on_the_port_is_refused_in_one_line(server: Postgres, tmp_path: Path):
    with pytest.raises(StackError, match=rf"Port {server.port} \(PostgreSQL\) is in use") as refused:
        Postgres(tmp_path, server.port).start()
    assert "\n" not in str(refused.value)


def test_a_server_that_a_crashed_parent_left_is_replaced(server: Postgres):
    heir = Postgres(server.home, server.port)
    heir.start()
    try:
        assert not server.alive
    finally:
        heir.stop()
        server.start()


def test_the_number_of_a_dead_server_may_belong_to_another_process(server: Postgres):
    server.stop()
    (server.home / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    server.start()
    assert server.alive


def test_a_start_that_was_cut_off_is_begun_anew(tmp_path: Path):
    half = tmp_path / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    server = Postgres(tmp_path)
    server.start()
    server.stop()


async def test_migrations_make_the_tables_that_the_services_expect(server: Postgres, engine: AsyncEngine):
    for _ in range(2):  # the second time there is nothing to do
        await migrate(server.url)
    async with engine.connect() as at:
        differences = await at.run_sync(_differences)
    assert differences == []


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return compare_metadata(context, Base.metadata)
