"""When dossiers became late while somebody watched: by asking, after each arrival, what is known by then."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from schemas.units import UnitTree
from tests.oracle.said import MICROSECOND, Line, Said, read
from tests.oracle.story import Story

NEWS = timedelta(minutes=15)
"""What has been late for longer when it is heard of is history."""


class Arrived(NamedTuple):
    """An event, and when it came."""

    at: datetime
    said: Said


def became_late(arrived: Iterable[Arrived], tree: UnitTree, zone: str, until: datetime) -> list[tuple[str, datetime]]:
    """Each lateness that was news when it passed, up to a moment: the dossier and since when it is late."""
    lines: dict[str, list[tuple[datetime, Line]]] = defaultdict(list)
    for at, said in arrived:
        lines[said.event["subject"]].append((at, read(said, tree, ZoneInfo(zone))))
    return [(subject, late) for subject in lines for late in _of(subject, lines[subject], tree, ZoneInfo(zone), until)]


def _of(
    subject: str, heard: list[tuple[datetime, Line]], tree: UnitTree, zone: ZoneInfo, until: datetime
) -> Iterable[datetime]:
    told = {moment for _, line in heard for moment in line.data.values() if isinstance(moment, datetime)}
    told |= {line.time for _, line in heard} | {at for at, _ in heard} | {until}
    was_late, looked = False, min(told)
    for moment in sorted(each for each in told if each <= until):
        known = [line for at, line in heard if at < moment]
        # time passes by what is known; at a moment that was told something may happen; then what arrives is heard
        steps = (
            (known, moment - MICROSECOND, looked),
            (known, moment, moment),
            ([one for at, one in heard if at <= moment], moment, moment),
        )
        for lines, now, soonest in steps:
            story = Story(subject, lines, tree, zone, now)
            late = story.became_overdue() if story.counts else None
            if late and not was_late and max(late, soonest) - late <= NEWS:
                yield late
            was_late = late is not None
        looked = moment
