"""How a service runs as a process: its log, its server, its end."""

import logging
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Final, TypeVar

import uvicorn
from fastapi import FastAPI

from services.common.settings import CommonSettings, WrongSettingsError

__all__ = ["log_to_stderr", "serve", "settings_of"]

S = TypeVar("S", bound=CommonSettings)

_CHATTY = ("aiokafka", "faust", "mode", "httpx", "httpcore")
"""They repeat many times a second what the services say once (Kafka is away), or write whole addresses (of webhooks, tokens included)."""

_MISUSED: Final = 2
"""The exit code of commands that were given something wrong."""

_SILENT_PEER_MS: Final = 60_000
_UNSENT_BYTES: Final = 128 << 10
"""Of one connection, in the kernel; by itself it would let some MB gather for a reader who does not read."""


def settings_of(model: type[S]) -> S:
    """The settings of a service; where one is wrong the process ends with 2, and a line that says so."""
    try:
        return model()
    except WrongSettingsError as error:
        print(error, file=sys.stderr)
        raise SystemExit(_MISUSED) from None


def log_to_stderr(settings: CommonSettings) -> None:
    """One line an event goes to stderr."""
    logging.basicConfig(
        stream=sys.stderr, level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def serve(app: FastAPI, host: str, port: int, grace: int, *, on_stop: Callable[[], None] = lambda: None) -> None:
    """Answer until SIGTERM; no line a request is logged.

    Args:
        app: what answers.
        host: the address to listen on.
        port: of it.
        grace: how many seconds requests under way may take after SIGTERM.
        on_stop: called on the event loop's thread when SIGTERM comes, so that answers without an end can end.
    """
    signal.signal(signal.SIGTERM, _ended)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=grace,
        server_header=False,
    )
    listening = config.bind_socket()
    # What a peer does not take is given up by the kernel: connections inherit both options (tcp(7)).
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _SILENT_PEER_MS)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNSENT_BYTES)
    _Server(config, on_stop).run(sockets=[listening])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_stop = on_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._on_stop()
        super().handle_exit(sig, frame)


def _ended(_signal: int, _frame: FrameType | None) -> None:
    """What uvicorn comes back to when it has shut down on SIGTERM: that is no failure."""
    raise SystemExit(0)
