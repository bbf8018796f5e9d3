"""`python -m services.notices`: post notices to webhooks until SIGTERM."""

import asyncio

from services.common.metrics import NOTICES
from services.common.persistent import run_until_stopped
from services.common.process import log_to_stderr, settings_of
from services.common.settings import NoticesSettings
from services.common.tree import TreeFollower
from services.common.web import serving
from services.notices.sink import Sink

__all__ = ["main"]


def main() -> None:
    """Run the sink."""
    settings = settings_of(NoticesSettings)
    log_to_stderr(settings)
    asyncio.run(_run(settings))


async def _run(settings: NoticesSettings) -> None:
    tree = TreeFollower(settings.kafka_bootstrap)
    sink = Sink(settings, tree)
    async with serving(settings.host, settings.port, NOTICES, sink.missing):
        await run_until_stopped(sink, tree)  # who is above a unit is told of it


if __name__ == "__main__":
    main()
