import asyncio
import time

from deploy.replay.pace import paced
from deploy.replay.reading import Line


def line(number: int, moment: str) -> Line:
    return Line(number, b'{"time": "%s"}' % moment.encode())


def run(lines: list[Line], speed: float) -> list[tuple[float, list[int]]]:
    """Each batch as (seconds since the start, line numbers)."""

    async def collect():
        started = time.monotonic()
        return [
            (time.monotonic() - started, [line.number for line in batch]) async for batch in paced(iter(lines), speed)
        ]

    return asyncio.run(collect())


def test_events_keep_the_distances_of_event_time_divided_by_the_speed():
    moments = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:30Z", "2026-01-01T07:01:00+07:00"]
    got = run([line(n, moment) for n, moment in enumerate(moments)], 20)
    assert [numbers for _, numbers in got] == [[0], [1], [2]]
    assert got[1][0] >= 1.5
    assert got[2][0] >= 3


def test_what_is_overdue_or_has_no_time_goes_at_once():
    lines = [
        line(0, "2026-01-02T00:00:00Z"),
        line(1, "2026-01-01T00:00:00Z"),
        Line(2, b"junk"),
        line(3, "2026-01-02T00:00:00Z"),
    ]
    assert [numbers for _, numbers in run(lines, 1)] == [[0, 1, 2, 3]]
