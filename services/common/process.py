"""How a service runs as a process: its log, its server, its end."""

import logging
import signal
import sys
from types import FrameType

import uvicorn
from fastapi import FastAPI

from services.common.settings import CommonSettings

__all__ = ["log_to_stderr", "serve"]

_CHATTY = ("aiokafka", "faust", "mode")
"""They repeat many times a second what the services say once (Kafka is away)."""


def log_to_stderr(settings: CommonSettings) -> None:
    """One line an event goes to stderr."""
    logging.basicConfig(
        stream=sys.stderr, level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def serve(app: FastAPI, host: str, port: int, grace: int) -> None:
    """Answer until SIGTERM; `grace` is how many seconds requests under way may take after it. No line a request is logged."""
    signal.signal(signal.SIGTERM, _ended)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=grace,
        server_header=False,
    )


def _ended(_signal: int, _frame: FrameType | None) -> None:
    """What uvicorn comes back to when it has shut down on SIGTERM: that is no failure."""
    raise SystemExit(0)
