"""`python -m services.scorer.archive`: archive what the scorer knows until SIGTERM."""

import asyncio
import os

from services.common.clock import clock_of
from services.common.metrics import ARCHIVE
from services.common.persistent import run_until_stopped
from services.common.process import log_to_stderr, settings_of
from services.common.settings import ArchiveSettings
from services.common.tree import TreeFollower
from services.common.web import serving
from services.scorer.archive.archive import Archive
from services.scorer.catalogue import Catalogue
from services.scorer.making import Maker

__all__ = ["main"]

_YIELDS = 10
"""Niceness: what scores and answers goes before."""


def main() -> None:
    """Run the archive."""
    settings = settings_of(ArchiveSettings)
    log_to_stderr(settings)
    os.nice(_YIELDS)
    asyncio.run(_run(settings))


async def _run(settings: ArchiveSettings) -> None:
    tree = TreeFollower(settings.kafka_bootstrap)
    catalogue = Catalogue(settings.kafka_bootstrap, tree)
    maker = Maker(settings.calendar, settings.unit_calendars, tree, catalogue.held, settings.due_soon_hours)
    archive = Archive(settings.kafka_bootstrap, settings.database_url, maker, clock_of(settings).now_us)
    async with serving(settings.host, settings.port, ARCHIVE, archive.missing):
        await run_until_stopped(archive, tree, catalogue)  # what dossiers count for depends on both


if __name__ == "__main__":
    main()
