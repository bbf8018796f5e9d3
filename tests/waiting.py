"""Waiting for what another process will do, with a word about what did not happen."""

import time
from collections.abc import Callable

POLL_SECONDS = 0.05


def until(happened: Callable[[], object], said: Callable[[], str] = str, seconds: float = 120) -> None:
    """Return once `happened` is true; after `seconds` the test fails with what `said` gives."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"did not happen within {seconds:g} s; {said()}"
        time.sleep(POLL_SECONDS)
