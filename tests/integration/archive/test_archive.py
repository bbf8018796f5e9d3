"""The archive equals the live state: in every dossier, in every count, whatever happened on the way."""

import asyncio
import re
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from schemas.calendar import WorkingHours, vietnam
from schemas.measures import BY_NAME, Family
from schemas.moments import parse_moment
from schemas.topics import DOSSIER_EVENTS, DOSSIERS_CHANGELOG
from schemas.units import Unit, UnitTree
from services.scorer.agents.stored import next_change_of, packed_of
from services.scorer.domain.facts import unpack
from services.scorer.domain.picture import picture
from services.scorer.domain.setting import Setting
from tests.integration.archive.histories import ZONE, many_said, records_of, renamed
from tests.integration.archive.town import Town, eventually
from tests.oracle.histories import DUE_SOON_HOURS, FIRST_DAY, OWN_HOURS, STATUTORY, TREE, UNITS, micros
from tests.oracle.product import SETTINGS
from tests.oracle.recount import Recount
from tests.oracle.said import Said, moment_of
from tests.waiting import until

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.timeout(600)

MOVED = UnitTree(
    [Unit(code=u.code, name=u.name, kind=u.kind, parent="H01.02" if u.code == "H01.11" else u.parent) for u in TREE]
)
"""The commune below the first department, which has hours of its own, lies below the second."""
NOON = f"{FIRST_DAY + timedelta(days=3)}T12:00:00+07:00"
AS_TOLD = {
    "NHIP_UNIT_HOURS": ";".join(f"{unit}={hours}" for unit, hours in OWN_HOURS.items()),
    "NHIP_DUE_SOON_HOURS": str(DUE_SOON_HOURS),
}
"""The settings by which the histories are counted."""
LATER = f"{FIRST_DAY + timedelta(days=40)}T12:00:00+07:00"
EVER = FIRST_DAY + timedelta(days=1000)
CATALOGUE = [
    Said({"specversion": "1.0", "id": procedure, "source": "/test", "type": "nhip.procedure.described", "subject": procedure,
          "time": "2026-01-01T00:00:00Z",
          "data": {"procedure": procedure, "owner": "H01", "allowed": number, "allowed_unit": unit}}, "H01")
    for procedure, (number, unit) in STATUTORY.items()
]  # fmt: skip
NEVER_DUE = Said(
    {
        "specversion": "1.0",
        "id": "never",
        "source": "/test",
        "type": "nhip.dossier.received",
        "subject": "H01.12-never",
        "time": "2026-03-05T01:00:00Z",
        "data": {"unit": "H01.12", "procedure": "1.001", "due_at": "9999-12-31T16:59:59.999999Z"},
    },
    "H01",
)
SHOWN = [
    *("unit", "procedure", "state", "received_at", "due_at", "overdue_from", "waiting_since"),
    *("ended_at", "late", "agency", "next_change"),
]


def test_the_archive_equals_the_live_state_after_a_random_history(found_town):
    said = many_said(150)
    first, rest = said[: len(said) // 2], said[len(said) // 2 :]
    town = found_town(NHIP_NOW=NOON, **AS_TOLD)
    version = town.load(TREE)
    town.write(records_of(CATALOGUE, TREE))
    town.start("scorer", "archive", "api")
    town.await_ready("scorer", "archive", "api")
    town.write(records_of(first, TREE))
    settle(town, version)
    agrees(town, first, TREE, NOON)

    version = town.load(MOVED)
    settle(town, version)
    agrees(town, first, MOVED, NOON)

    town.kill("archive")
    town.stop("scorer", "api")
    town.write(records_of(rest, TREE))  # accepted before the tree changed
    town.start("scorer", "archive", "api", NHIP_NOW=LATER)
    town.await_ready("scorer", "archive", "api")
    settle(town, version)
    agrees(town, said, MOVED, LATER)


def test_an_archive_that_is_killed_again_and_again_loses_nothing(found_town):
    said = [renamed(one, copy) for one in many_said(60) for copy in range(50)]
    town = found_town(NHIP_NOW=NOON, **AS_TOLD)
    version = town.load(TREE)
    town.write(records_of(CATALOGUE, TREE))
    town.start("scorer")
    town.await_ready("scorer")
    missing = []
    for pause, piece in enumerate(said[n::4] for n in range(4)):
        town.write(records_of(piece, TREE))
        town.start("archive")
        eventually(lambda: town.metric("archive", "nhip_archive_batches_total") >= 1)
        time.sleep(pause / 10)  # the first time at once
        town.kill("archive")
        missing.append(len(town.read(DOSSIER_EVENTS)) - events_read(town))
    print("killed with so many events still to be archived:", missing)
    assert any(missing), "it was never in the middle of its work"
    town.start("archive")
    town.await_ready("archive")
    settle(town, version)
    setting = setting_with(TREE)
    dossiers = archived(town)
    assert len(dossiers) == len({one.event["subject"] for one in said})
    equals_the_scorers_table(town, dossiers, setting, micros_of(NOON))
    equals_the_dossiers(town, counted(dossiers))
    keeps_every_event(town, said)


def test_rows_that_went_unseen_go_and_emptied_tables_are_filled_again(found_town):
    said = [*many_said(30), NEVER_DUE]
    town = found_town(NHIP_NOW=NOON, **AS_TOLD)
    version = town.load(TREE)
    town.write(records_of([*CATALOGUE, *said], TREE))
    town.start("scorer", "api", "archive")
    town.await_ready("scorer", "api", "archive")
    settle(town, version)
    agrees(town, said, TREE, NOON)

    town.kill("archive")
    town.query("update archive_position set written_at = now() - interval '13 hours'")
    town.query("""insert into indicator_day values (1, 'H01', '2020-01-01', '{"": {"open": 1}}', 1)""")
    town.start("archive")
    town.await_ready("archive")
    settle(town, version)
    agrees(town, said, TREE, NOON)

    (emptied,) = re.findall(r"```sql\nbegin;\n(.+?)commit;", (ROOT / "docs" / "archive.md").read_text(), re.DOTALL)
    asyncio.run(town.execute(emptied))
    settle(town, version)
    agrees(town, said, TREE, NOON)


def events_read(town: Town) -> int:
    """How many dossier events the archive has, by what it says itself."""
    told = "select coalesce(sum(next_offset), 0)::bigint from archive_position where topic = $1"
    (row,) = town.query(told, DOSSIER_EVENTS)
    return int(row[0])


def settle(town: Town, version: str) -> None:
    """Wait until all is scored by a tree, and archived."""
    town.await_scored(version)
    town.await_archived(made_with=version)


def agrees(town: Town, said: list[Said], tree: UnitTree, now: str) -> None:
    """The archive equals the scorer's own table, the recount of all that was said, and the api."""
    moment = micros_of(now)
    setting = setting_with(tree)
    recount = Recount(said, tree, ZONE.name, moment)
    dossiers = archived(town)
    print(len(said), "events,", Counter(row["state"] for row in dossiers.values()))
    equals_the_scorers_table(town, dossiers, setting, moment)
    equals_the_recount(dossiers, recount, moment)
    equals_the_dossiers(town, counted(dossiers))
    for unit in UNITS:
        await_shown(town, unit, recount.counts(unit, "own", None, EVER) | {"carried_over": 0})
    keeps_every_event(town, said)


def await_shown(town: Town, unit: str, expected: dict[str, int]) -> None:
    """Wait until the api, which reads for itself, counts that."""

    def shown() -> dict:
        return town.get("api", f"/v1/units/{unit}/counts", params={"scope": "own"}).json()["counts"]

    until(lambda: shown() == expected, lambda: f"{unit} has {shown()} instead of {expected}")


def archived(town: Town) -> dict:
    """The dossiers of the archive by their code."""
    return {row["code"]: row for row in town.query("select * from dossier")}


def counted(dossiers: dict) -> Counter:
    """What the archived dossiers count for together."""
    counts: Counter = Counter()
    for row in dossiers.values():
        for one in msgspec.json.decode(row["counts"]):
            counts[one["unit"], one["procedure"], date.fromisoformat(one["day"]), one["measure"]] += one["count"]
    return counts


def equals_the_scorers_table(town: Town, dossiers: dict, setting: Setting, now: int) -> None:
    live = {record.key.decode(): record.value for record in town.read(DOSSIERS_CHANGELOG)}
    assert dossiers.keys() == live.keys()
    findings = defaultdict(set)
    for row in town.query("select * from finding"):
        findings[row["subject"]].add((row["code"], row["detail"], row["unit"], micros(row["since"])))
    for code, raw in live.items():
        as_of = min(now, next_change_of(raw) - 1)
        seen, row = picture(code, unpack(packed_of(raw)), as_of, setting), dossiers[code]
        for name in SHOWN:
            value = getattr(seen, name)
            shown = micros(row[name]) if hasattr(row[name], "tzinfo") else row[name]
            assert shown == (None if value == 1 << 62 else value), (code, name)
        assert msgspec.json.decode(row["facts"]) == msgspec.to_builtins([fact._asdict() for fact in seen.facts])
        assert findings.pop(code, set()) == {(f.code, f.detail, seen.unit, f.since) for f in seen.findings}
    assert not findings


def equals_the_recount(dossiers: dict, recount: Recount, now: int) -> None:
    """Every count and state by the stories of the dossiers."""
    found: dict = defaultdict(Counter)
    for (unit, procedure, day, measure), n in counted(dossiers).items():
        if day <= EVER:
            found[unit, procedure][measure] += n
    assert plain(found) == plain(recount.measures(None, EVER))
    at = moment_of(now)
    states = Counter(row["state"] for row in dossiers.values())
    counting = [story for story in recount.stories if story.counts]
    still_open = [story for story in counting if story.is_open(at)]
    assert states["waiting"] == sum(bool(story.waits(at)) for story in still_open)
    assert states["open"] == len(still_open) - states["waiting"]
    assert states["ended"] == len(counting) - len(still_open)
    overdue = [
        row for row in dossiers.values() if row["state"] == "open" and row["overdue_from"] and row["overdue_from"] <= at
    ]
    assert len(overdue) == sum(story.is_overdue(at) for story in still_open)


def equals_the_dossiers(town: Town, counts: Counter) -> None:
    """The view adds the partitions up to what the dossiers count for."""
    cube = {
        (row["unit"], row["procedure"], row["day"], row["measure"]): row["count"]
        for row in town.query("select * from indicator_day_count")
        if BY_NAME[row["measure"]].family is Family.DOSSIER
    }
    assert cube == {key: n for key, n in counts.items() if n}


def keeps_every_event(town: Town, said: list[Said]) -> None:
    events = {(one.event["subject"], one.event["source"], one.event["id"], one.event["type"]) for one in said}
    rows = town.query("select code, source, id, type, sender, data from dossier_event")
    assert {(row["code"], row["source"], row["id"], row["type"]) for row in rows} == events
    assert len(rows) == len(events)
    assert {row["sender"] for row in rows} <= {one.unit for one in said}


def setting_with(tree: UnitTree, hours_of: Mapping[str, str] = OWN_HOURS) -> Setting:
    own = {unit: vietnam(ZONE, WorkingHours(hours)) for unit, hours in hours_of.items()}
    return SETTINGS[ZONE.name]._replace(tree=tree, own_calendars=own)


def micros_of(text: str) -> int:
    return parse_moment(text, ZONE)


def plain(found: dict) -> dict:
    return {place: kept for place, counts in found.items() if (kept := {name: n for name, n in counts.items() if n})}
