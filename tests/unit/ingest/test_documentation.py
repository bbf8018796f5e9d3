"""docs/events.md names what the code takes and answers, and its examples pass."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from schemas.codes import REASONS
from schemas.events import FAMILIES
from schemas.events.checks import data_type
from schemas.events.rejected import CODES
from tests.unit.schemas.test_events import DOOR
from tests.unit.schemas.test_families import tag_of

TEXT = (Path(__file__).parents[3] / "docs" / "events.md").read_text(encoding="utf-8")
ROWS = {row[1]: row[2] for row in re.finditer(r"^\| `(nhip\.\w+\.\w+)`[^|]*\|(.*)\|$", TEXT, re.MULTILINE)}

TYPES = [event for family in FAMILIES for event in family.types]


@pytest.mark.parametrize("event", TYPES, ids=tag_of)
def test_every_type_is_there_with_every_field(event: Any) -> None:
    row = ROWS[tag_of(event)]
    named = set(re.findall(r"\w+", row))
    fields = {field.encode_name: field.required for field in msgspec.structs.fields(data_type(event))}
    assert fields.keys() - {"unit"} <= named
    assert {name for name, required in fields.items() if required} == set(re.findall(r"\*\*(\w+)\*\*", row))


def test_no_other_type_is_there() -> None:
    assert ROWS.keys() == {tag_of(event) for event in TYPES}


def test_every_code_and_reason_is_there() -> None:
    codes = set(re.findall(r"^\| `(\w+)` \|", TEXT.partition("## Rejection codes")[2], re.MULTILINE))
    assert codes == set(CODES)
    assert all(f"`{reason}`" in TEXT for reason in REASONS)


def test_the_first_example_is_taken() -> None:
    example = re.search(r"-d '(\{\"specversion\".*?\})'\n```", TEXT, re.DOTALL)
    assert example is not None
    assert DOOR.check(json.dumps(json.loads(example[1])).encode()).subject == "H01.06-260312-0042"
