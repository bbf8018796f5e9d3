"""`nhip wait`: until the scores hold everything that was accepted before."""

import asyncio
import time
from typing import Annotated

import typer
from rich.console import Console

from deploy.cli.reach import Running, reach
from deploy.replay.progress import KafkaAway, NotServed, end_offsets, until_served

__all__ = ["wait"]

TimeoutOption = Annotated[float, typer.Option("--timeout", min=0, help="Seconds to wait at most.")]


def wait(timeout: TimeoutOption = 60) -> None:
    """Return once every event accepted before this call is in the scores that the api serves.

    Exit code 1 after the timeout, with what lags.
    """
    try:
        asyncio.run(_wait(reach(), timeout))
    except KafkaAway as error:
        Console(stderr=True).print(f"[red]{error}[/]", highlight=False)
        raise typer.Exit(1) from error
    except NotServed as error:
        console = Console(stderr=True)
        console.print(f"[red]not within {timeout:g} s:[/]", highlight=False)
        for line in error.behind:
            console.print(f"  {line}", highlight=False, markup=False)
        raise typer.Exit(1) from error


async def _wait(running: Running, timeout: float) -> None:
    started = time.monotonic()
    try:
        async with asyncio.timeout(timeout):
            ends = await end_offsets(running.kafka)
    except TimeoutError as error:
        raise KafkaAway(f"Kafka at {running.kafka} does not answer within {timeout:g} s") from error
    await until_served(running.api, ends, max(0.0, timeout - (time.monotonic() - started)))
