"""`python -m services.scorer.archive`: archive what the scorer knows until SIGTERM."""

import asyncio
import os
import signal

from services.common.clock import clock_of
from services.common.metrics import ARCHIVE
from services.common.process import log_to_stderr
from services.common.settings import ArchiveSettings
from services.common.tree import TreeFollower
from services.scorer.archive.archive import Archive
from services.scorer.catalogue import Catalogue
from services.scorer.making import Maker
from services.scorer.web import serving

__all__ = ["main"]

_YIELDS = 10
"""Niceness: what scores and answers goes before."""


def main() -> None:
    """Run the archive."""
    settings = ArchiveSettings()
    log_to_stderr(settings)
    os.nice(_YIELDS)
    asyncio.run(_run(settings))


async def _run(settings: ArchiveSettings) -> None:
    tree = TreeFollower(settings.kafka_bootstrap)
    catalogue = Catalogue(settings.kafka_bootstrap, tree)
    maker = Maker(settings.calendar, settings.unit_calendars, tree, catalogue.held, settings.due_soon_hours)
    archive = Archive(settings.kafka_bootstrap, settings.database_url, maker, clock_of(settings).now_us)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with serving(settings.host, settings.port, ARCHIVE, archive.missing):
        work = asyncio.create_task(_work(archive, tree, catalogue))
        stopping = asyncio.create_task(stopped.wait())
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
        archive.stop()
        if not work.done():
            work.cancel()
            await asyncio.wait({work})
        for topic in (tree, catalogue):
            await topic.stop()
        if not work.cancelled():
            work.result()  # raise what ended it: the supervisor starts it again


async def _work(archive: Archive, tree: TreeFollower, catalogue: Catalogue) -> None:
    """It begins once these have been read: what dossiers count for depends on them."""
    await tree.start()
    await catalogue.start()
    await archive.run()


if __name__ == "__main__":
    main()
