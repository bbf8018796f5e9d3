"""Brings a database to the tables that the services expect (Alembic, run from Python)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from services.common.database import connect

__all__ = ["migrate"]

_LOCK = 0x6E686970
"""Advisory lock in PostgreSQL ("nhip"): two that migrate at once go one after the other."""


async def migrate(url: str) -> None:
    """Apply all migrations that are missing, in one transaction. Does nothing to a database that is up to date."""
    engine = connect(url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
