import csv
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from deploy.demo.history import DAYS, history
from deploy.demo.life import Happening
from deploy.demo.live import LONGEST, second
from deploy.demo.memory import Memory, recall, remember
from deploy.demo.office import UNITS, offices
from deploy.demo.stream import Stream
from schemas.events import Door
from schemas.moments import Zone
from schemas.units import Unit, UnitTree

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=ZONE)


def units() -> list[Unit]:
    with UNITS.open(encoding="utf-8", newline="") as file:
        return [
            Unit(code=row["code"], name=row["name"], kind=row["kind"], parent=row["parent"] or None)
            for row in csv.DictReader(file)
        ]


def of_history() -> list[Happening]:
    return history((NOW - timedelta(days=DAYS)).date(), NOW, ZONE)


def of_five_minutes() -> list[Happening]:
    start = int(NOW.timestamp())
    return [happening for number in range(start, start + 300) for happening in second(number, ZONE)]


@pytest.mark.parametrize("happenings", [of_history, of_five_minutes])
def test_ids_are_unique_and_the_same_at_every_start(happenings):
    ids = [event["id"] for _, event in happenings()]
    assert len(ids) == len(set(ids)) > 1000
    assert list(happenings()) == list(happenings())


@pytest.mark.parametrize("happenings", [of_history, of_five_minutes])
def test_every_event_passes_the_door_when_its_moment_has_come(happenings):
    tree, zone = UnitTree(units()), Zone(ZONE.key)
    for at, event in happenings():
        now = int(at.timestamp() * 1e6)
        door = Door(system="demo", unit="H01", tree=tree, zone=zone, now=now)
        door.check(msgspec.json.encode(event))


def test_history_does_not_depend_on_when_it_is_asked_for():
    before = {
        event["id"]: event for _, event in history((NOW - timedelta(days=DAYS)).date(), NOW - timedelta(hours=1), ZONE)
    }
    now = {event["id"]: event for _, event in of_history()}
    assert before.items() <= now.items()


def test_live_dossiers_have_told_everything_after_the_longest_life():
    assert max(at for at, _ in of_five_minutes()) < NOW + timedelta(minutes=5) + LONGEST


def test_every_office_of_the_units_file_is_there():
    assert {office.unit for office in offices()} == {unit.code for unit in units() if unit.parent}


def test_second_start_sends_only_what_the_first_has_not():
    memory = Memory(key="k", since=NOW.timestamp(), sent=0.0, alive=NOW.timestamp())
    first = Stream(memory, ZONE, lambda _memory: None)
    first._take_up()
    everything = {event for _, _, event in first._waiting}
    later = Memory(key="k", since=NOW.timestamp(), sent=NOW.timestamp() + 60, alive=NOW.timestamp())
    second_start = Stream(later, ZONE, lambda _memory: None)
    second_start._take_up()
    left = [(moment, event) for moment, _, event in second_start._waiting]
    assert all(moment > NOW.timestamp() + 30 for moment, _ in left)
    of_the_history = {event for _, event in left if event in everything}
    assert of_the_history
    assert len(left) > len(of_the_history)  # what the live dossiers of the first run still have to say


def test_memory_is_for_its_owner_alone(tmp_path):
    memory = Memory(key="k", since=1.5, sent=2.5, alive=3.5)
    remember(tmp_path / "m.json", memory)
    assert recall(tmp_path / "m.json") == memory
    assert (tmp_path / "m.json").stat().st_mode & 0o077 == 0
    assert recall(tmp_path / "none.json") is None
