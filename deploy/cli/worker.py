"""`nhip worker`: one more scorer for the running stack."""

import os
import sys

from deploy.cli.console import out, plain_errors
from deploy.cli.storage import storage_settings
from deploy.local.process import free_port

__all__ = ["worker"]


def worker() -> None:
    """Run one more scorer of the running stack on a free port, here; Ctrl-C ends it.

    Partitions are shared among all scorers: more than NHIP_PARTITIONS of them help nobody.
    """
    with plain_errors():
        settings = storage_settings()
    port = free_port()
    own = {
        "NHIP_KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        "NHIP_DATABASE_URL": settings.database_url,
        "NHIP_TIMEZONE": settings.timezone,
        "NHIP_NOW": settings.now or "",
        "NHIP_WORKING_HOURS": settings.working_hours,
        "NHIP_UNIT_HOURS": settings.unit_hours,
        "NHIP_WORKING_DAYS": str(settings.working_days or ""),
        "NHIP_SCORER_PORT": str(port),
    }
    out.print(f"Scorer on http://{settings.host}:{port}/ (Ctrl-C ends it)", highlight=False)
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "services.scorer"], {**os.environ, **own})  # noqa: S606 - no shell is wanted
