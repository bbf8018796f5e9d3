"""`python -m services.scorer`: score partitions until SIGTERM."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from schemas.moments import MINUTE
from services.common.clock import FixedClock, clock_of
from services.common.metrics import SCORER
from services.common.process import log_to_stderr, settings_of
from services.common.settings import ScorerSettings
from services.common.tree import TreeFollower
from services.common.web import serving
from services.common.whole_topic import WholeTopic
from services.scorer.agents.job import ScoringJob
from services.scorer.catalogue import Catalogue
from services.scorer.counted import Counted
from services.scorer.engine.engine import Engine
from services.scorer.engine.settings import EngineSettings
from services.scorer.engine.worker import run_worker
from services.scorer.making import Maker

__all__ = ["APP_ID", "main"]

APP_ID = "nhip-scorer"
"""The consumer group, and the prefix of the changelogs (`schemas.topics`)."""

CLOCKS_DIFFER = MINUTE
"""How far two workers' wall clocks may lie apart, microseconds: a partition that moves between them then waits, instead of being
made anew. A clock that is set (NHIP_NOW) may not step back at all without that."""


def main() -> None:
    """Run the worker."""
    settings = settings_of(ScorerSettings)
    log_to_stderr(settings)
    clock = clock_of(settings)
    tree = TreeFollower(settings.kafka_bootstrap)
    catalogue = Catalogue(settings.kafka_bootstrap, tree)
    maker = Maker(settings.calendar, settings.unit_calendars, tree, catalogue.held, settings.due_soon_hours)
    job = ScoringJob(maker, clock.now_us, 0 if isinstance(clock, FixedClock) else CLOCKS_DIFFER)
    engine = Engine(job, EngineSettings(app_id=APP_ID, bootstrap=settings.kafka_bootstrap), Counted())

    def missing() -> dict[str, str]:
        parts = {}
        if not tree.ready:
            parts["units"] = "the unit tree has not been read yet"
        if not catalogue.ready:
            parts["procedures"] = "the catalogue of procedures has not been read yet"
        if not engine.ready:
            parts["partitions"] = "partitions are being assigned or loaded, or one stands still"
        return parts

    run_worker(engine, [serving(settings.host, settings.port, SCORER, missing), _following(tree, catalogue)])


@asynccontextmanager
async def _following(*topics: WholeTopic) -> AsyncIterator[None]:
    """The engine starts once these have been read: who may speak for whom, and statutory times, depend on them."""
    for topic in topics:
        await topic.start()
    try:
        yield
    finally:
        for topic in topics:
            await topic.stop()


if __name__ == "__main__":
    main()
