"""Whose a process is: nothing is believed or ended by its pid or port alone."""

import contextlib
from pathlib import Path

import psutil

__all__ = ["end_leftover", "is_ours", "listens", "read_pid"]

PATIENCE_SECONDS = 10


def read_pid(file: Path) -> int | None:
    """The pid in the first line of a pid file; None where there is none."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(file.read_text().splitlines()[0])
    return None


def is_ours(pid: int | None, mark: str) -> bool:
    """Whether a live process has this pid and `mark` (a path of the home) as an argument of its command line."""
    if pid is None:
        return False
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and mark in process.cmdline()
    return False


def end_leftover(pid: int | None, mark: str) -> bool:
    """End the process if it is ours (see `is_ours`), asking first. Returns whether there was one."""
    if pid is None or not is_ours(pid, mark):
        return False
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(PATIENCE_SECONDS)
    return True


def listens(pid: int, port: int) -> bool:
    """Whether this process is the one that serves the port (and not another program that was quicker)."""
    with contextlib.suppress(psutil.Error):
        connections = psutil.Process(pid).net_connections("tcp")
        return any(at.status == psutil.CONN_LISTEN and at.laddr and at.laddr.port == port for at in connections)
    return False
