"""Child processes of the embedded stack: started so that they cannot outlive their parent, ended by pid alone."""

import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

__all__ = ["StackError", "end", "free_port", "local_host", "port_is_free", "spawn", "tail"]

_PR_SET_PDEATHSIG = 1
_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared, not listened on
_libc = ctypes.CDLL(None, use_errno=True)


class StackError(Exception):
    """A part of the embedded stack cannot run; the message is one clear line for the person at the console."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on right now, and that nobody else is given for a minute.

    The kernel keeps it back because a connection of its own is left in TIME_WAIT; servers (SO_REUSEADDR) may listen on it all the same.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = server.accept()
            accepted.close()  # who closes first waits
        return port


def local_host(host: str) -> str:
    """Where a service that listens on `host` is found from this machine."""
    return "127.0.0.1" if host in _EVERYWHERE else host


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on the port (connections in TIME_WAIT do not count).

    Raises:
        StackError: not because somebody else does; the address is none of this machine's, or the port needs rights.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise StackError(f"Cannot listen on {host}:{port}: {error.strerror}") from error
        return True


def spawn(
    args: Sequence[str],
    *,
    output: int | IO[bytes] | IO[str],
    env: Mapping[str, str] | None = None,
    user: int | None = None,
    group: int | None = None,
    cwd: Path | None = None,
    death_signal: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, its output (both streams) going to `output`.

    The kernel sends it `death_signal` when the thread that called this ends, whatever ended it: a parent killed
    with -9 leaves nothing behind. Call it from a thread that lives as long as the program should (the main one).
    The session keeps the Ctrl-C of the console away from it: its parent decides the order of stopping.
    """
    return subprocess.Popen(
        list(args),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=None if env is None else dict(env),
        user=user,
        group=group,
        extra_groups=None if group is None else [],
        cwd=cwd,
        start_new_session=True,
        preexec_fn=_dies_with(os.getpid(), death_signal),  # noqa: PLW1509 - one prctl call, takes no lock
    )


def _dies_with(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    def ask_kernel() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # the parent died before the kernel was asked
            os._exit(1)

    return ask_kernel


def end(process: subprocess.Popen[bytes], *, patience: float, how: signal.Signals = signal.SIGTERM) -> None:
    """Ask a child to end and wait; after `patience` seconds it is killed. Nothing happens if it ended already."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(how)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tail(log: Path, lines: int = 5) -> str:
    """The last lines of a log, to say why a program ended."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
