"""A worker process of the chaos test of deadlines: the real scoring job, with a unit tree of its own."""

import logging
import signal
import sys

from schemas.calendar import DEFAULT_HOURS, vietnam
from schemas.moments import MINUTE, Zone
from schemas.units import Unit, UnitTree
from services.common.clock import SystemClock
from services.scorer.__main__ import APP_ID
from services.scorer.agents.job import ScoringJob
from services.scorer.agents.partition import Making
from services.scorer.domain.setting import Setting
from services.scorer.engine.engine import Engine
from services.scorer.engine.worker import run_worker
from tests.chaos.worker import Teller, settings, tell_readiness

ZONE = Zone("Asia/Ho_Chi_Minh")
TREE = UnitTree([Unit(code="H01", name="An Giang", kind="province")])


def main() -> None:
    (bootstrap,) = sys.argv[1:]
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    teller = Teller()
    signal.signal(signal.SIGUSR1, lambda *_: setattr(teller, "armed", True))
    making = Making(Setting(TREE, ZONE, vietnam(ZONE, DEFAULT_HOURS)), "chaos")
    job = ScoringJob(lambda: making, SystemClock().now_us, MINUTE)
    run_worker(engine := Engine(job, settings(bootstrap, APP_ID), teller), [tell_readiness(engine)])


if __name__ == "__main__":
    main()
