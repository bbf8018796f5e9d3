"""What the console hears of the demo while it runs."""

import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta, tzinfo
from typing import Final

from deploy.demo.stream import Stream
from deploy.demo.waves import Wave, wave_at
from deploy.replay.outcome import Outcome
from deploy.replay.reading import Line

__all__ = ["told"]

EVERY_SECONDS: Final = 1.0


async def told(stream: Stream, outcome: Outcome, zone: tzinfo, say: Callable[[str], None]) -> AsyncIterator[list[Line]]:
    """The batches of a stream, with a word about how far the history is and which wave has begun."""
    began, said = time.time(), 0.0
    wave: Wave | None = None
    async for batch in stream.batches():
        yield batch
        now = time.time()
        if not stream.caught_up:
            if now - said >= EVERY_SECONDS and stream.day > stream.first_day:
                said = now
                say(_progress(stream, outcome, datetime.fromtimestamp(now, zone)))
        elif wave is None:
            say(f"up to date after {outcome.total} events and {now - began:.0f} s; live dossiers follow")
        if stream.caught_up and (present := wave_at(int(now))) != wave:
            wave = present
            if not wave.is_over(now):
                say(wave.announced(zone))


def _progress(stream: Stream, outcome: Outcome, now: datetime) -> str:
    last = stream.day - timedelta(days=1)
    share = (last - stream.first_day) / (now.date() - stream.first_day)
    return f"history up to {last:%Y-%m-%d}, {share:.0%}: {outcome.total} events sent"
