"""`python -m services.api`: answer until SIGTERM."""

import logging
import signal
import sys
from types import FrameType

import uvicorn

from services.api.app import create_app
from services.api.settings import Settings

__all__ = ["main"]

GRACE_SECONDS = 5
"""How long requests under way may take after SIGTERM."""


def main() -> None:
    """Run the service; one line an event goes to stderr, none a request."""
    settings = Settings()
    logging.basicConfig(
        stream=sys.stderr, level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("aiokafka").setLevel(
        logging.CRITICAL
    )  # `follower` and `tree` say once what it says many times a second
    signal.signal(signal.SIGTERM, _ended)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
    )


def _ended(_signal: int, _frame: FrameType | None) -> None:
    """What uvicorn comes back to when it has shut down on SIGTERM: that is no failure."""
    raise SystemExit(0)


if __name__ == "__main__":
    main()
