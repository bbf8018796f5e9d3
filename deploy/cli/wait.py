"""`nhip wait`: until the scores hold everything that was accepted before."""

import asyncio
import time
from typing import Annotated

import typer
from aiokafka.errors import KafkaError

from deploy.cli.console import errors, plain_errors, run
from deploy.cli.reach import Running, reach
from deploy.replay.progress import Ends, NotServed, end_offsets, until_served

__all__ = ["wait"]

RETRY_SECONDS = 0.5

TimeoutOption = Annotated[float, typer.Option("--timeout", min=0, help="Seconds to wait at most.")]


def wait(timeout: TimeoutOption = 60) -> None:
    """Return once every event accepted before this call is in the scores that the api serves.

    Exit code 1 after the timeout, with what lags.
    """
    try:
        with plain_errors():
            run(_wait(reach(), timeout))
    except NotServed as error:
        errors.print(f"[red]not within {timeout:g} s:[/]", highlight=False)
        for line in error.behind:
            errors.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(1) from error


async def _wait(running: Running, timeout: float) -> None:
    started = time.monotonic()
    try:
        async with asyncio.timeout(timeout):
            ends = await _ends(running.kafka)
    except TimeoutError as error:
        raise NotServed([f"Kafka at {running.kafka} has not told its ends"]) from error
    await until_served(running.api, ends, max(0.0, timeout - (time.monotonic() - started)))


async def _ends(bootstrap: str) -> Ends:
    """Where the topics end now; a Kafka that is away, because it is started again, is asked again."""
    while True:
        try:
            return await end_offsets(bootstrap)
        except KafkaError:
            await asyncio.sleep(RETRY_SECONDS)
