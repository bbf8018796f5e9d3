"""Random histories of many dossiers, as the property tests draw them, ready for Kafka."""

import os
import random
from dataclasses import replace

import msgspec
from hypothesis import HealthCheck, Phase, given, seed, settings

from schemas.events import Door
from schemas.moments import Zone
from schemas.units import UnitTree
from services.ingest.batch import check_all
from services.ingest.partitions import Record
from tests.oracle.histories import DOOR_NOW, History, histories
from tests.oracle.said import Said

ZONE = Zone("Asia/Ho_Chi_Minh")
SEED = int(os.environ.get("NHIP_TEST_SEED", random.SystemRandom().randrange(10**6)))
"""Of the histories; `NHIP_TEST_SEED=n` repeats a run."""


def many_said(count: int) -> list[Said]:
    """What was said in `count` histories, each about dossiers of its own, in a random order, some of it twice."""
    print(f"NHIP_TEST_SEED={SEED}")
    found: list[Said] = []
    for number, history in enumerate(_drawn(count)):
        if history.zone == ZONE.name:
            found += [renamed(said, number) for said in history.said]
    rnd = random.Random(SEED)
    found += rnd.sample(found, len(found) // 20)
    rnd.shuffle(found)
    return found


def renamed(said: Said, number: int) -> Said:
    """The same about a dossier of its own."""
    return replace(said, event=said.event | {"subject": f"{said.event['subject']}-{number}"})


def records_of(said: list[Said], tree: UnitTree) -> dict[str, list[Record]]:
    """The records that ingest makes of it."""
    written: dict[str, list[Record]] = {}
    for one in said:
        door = Door(system=one.system, unit=one.unit, tree=tree, zone=ZONE, now=DOOR_NOW)
        checked = check_all([msgspec.json.encode(one.event)], door)
        assert checked.rejected == [], (one, checked.rejected)
        for topic, records in (*checked.records.items(), *checked.derived.items()):
            written.setdefault(topic, []).extend(records)
    return written


def _drawn(count: int) -> list[History]:
    drawn: list[History] = []

    @seed(SEED)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(histories(dossiers=12))
    def draw(history: History) -> None:
        drawn.append(history)

    draw()
    return drawn
