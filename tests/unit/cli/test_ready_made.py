"""The mappings that are shipped: the examples of docs/replay.md become events that the door takes."""

import csv
import re
from pathlib import Path

import msgspec
import pytest

from deploy.replay.reading import Unreadable
from deploy.replay.run import READY_MADE, load_mapping
from schemas.events import Door
from schemas.moments import Zone
from schemas.units import Unit, UnitTree
from tests.unit.schemas.test_events import NOW

TEXT = (Path(__file__).parents[3] / "docs" / "replay.md").read_text(encoding="utf-8")
EXAMPLES = dict(zip(("procedures", "offers"), re.findall(r"```csv\n(.*?)```", TEXT, re.DOTALL), strict=True))
TREE = UnitTree([Unit(code="H01", name="An Giang"), Unit(code="H01.30307", name="Xã", parent="H01")])
DOOR = Door(system="catalogue", unit="H01", tree=TREE, zone=Zone("Asia/Ho_Chi_Minh"), now=NOW)


def events(name: str, text: str) -> list[dict]:
    mapping = load_mapping(Path(name), "Asia/Ho_Chi_Minh")
    reader = csv.DictReader(text.splitlines())
    mapping.check_header(reader.fieldnames or [])
    return [event for row in reader for event in mapping.events(row)]


def taken(name: str) -> list:
    return [DOOR.check(msgspec.json.encode(event)) for event in events(name, EXAMPLES[name])]


def test_every_ready_made_mapping_has_its_example() -> None:
    assert READY_MADE.keys() == EXAMPLES.keys()


def test_a_row_of_a_catalogue_becomes_a_description() -> None:
    (described,) = taken("procedures")
    assert described.subject == "1.001193"
    data = described.data
    assert (data.fee, data.paper_result, data.special, data.services, data.owner) == (False, True, None, 1, None)
    assert (data.levels, len(data.parts), data.allowed) == (["commune"], 7, 1)


def test_a_row_of_offers_becomes_an_offer() -> None:
    (offered,) = taken("offers")
    assert (offered.subject, offered.data.online) == ("H01.30307/1.001193", "full")
    assert (offered.data.from_at, offered.data.to_at) == ("2025-12-31T17:00:00.000000Z", None)


def test_a_column_that_is_missing_is_told_before_anything_is_sent() -> None:
    with pytest.raises(ValueError, match="recorded_at"):
        events("offers", EXAMPLES["offers"].replace("recorded_at", "at"))


def test_a_file_of_that_name_stands_before_the_ready_made_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Unreadable):
        load_mapping(Path("invented"), "Asia/Ho_Chi_Minh")
    (tmp_path / "offers").write_text("events: []", encoding="utf-8")
    with pytest.raises(ValueError, match="events"):
        load_mapping(Path("offers"), "Asia/Ho_Chi_Minh")
