"""The committed JSON Schemas are those of the code, and say the same as the check at the door."""

import json

import pytest
from jsonschema import Draft202012Validator

from deploy.jsonschema import FOLDER, files
from schemas.events import FAMILIES, FAMILY_OF, Rejected, encode
from tests.unit.schemas.test_events import DOOR, LEAST, TYPES, kind, raw
from tests.unit.schemas.test_families import OTHERS, sent, tag_of

SCHEMA = json.loads(files()["jsonschema/dossier-event.json"])
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_committed_files_are_up_to_date() -> None:
    committed = {
        str(path.relative_to(FOLDER)): path.read_text(encoding="utf-8")
        for folder in ("jsonschema", "asyncapi")
        for path in (FOLDER / folder).iterdir()
    }
    assert committed == files(), "run `python -m deploy.jsonschema`"


@pytest.mark.parametrize("name", [name for name in files() if name.startswith("jsonschema/")])
def test_each_is_a_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(json.loads(files()[name]))


def test_every_family_has_one() -> None:
    others = {"asyncapi/nhip.json", "jsonschema/digest.json"}
    assert files().keys() - others == {f"jsonschema/{family.name}-event.json" for family in FAMILIES}


@pytest.mark.parametrize("event", OTHERS, ids=tag_of)
def test_every_type_of_the_other_families_validates_as_sent_and_as_stored(event: type) -> None:
    of_family = Draft202012Validator(json.loads(files()[f"jsonschema/{FAMILY_OF[event].name}-event.json"]))
    of_family.validate(json.loads(sent(tag_of(event))))
    of_family.validate(json.loads(encode(DOOR.check(sent(tag_of(event))))))
    assert not VALIDATOR.is_valid(json.loads(sent(tag_of(event))))


@pytest.mark.parametrize("event", TYPES, ids=kind)
def test_every_type_validates_as_sent_and_as_stored(event: type) -> None:
    VALIDATOR.validate(json.loads(raw(kind(event))))
    VALIDATOR.validate(json.loads(encode(DOOR.check(raw(kind(event))))))
    full = LEAST.get(kind(event), {}) | {"unit": "H01", "x": 1}
    VALIDATOR.validate(json.loads(raw(kind(event), full)))


@pytest.mark.parametrize(
    "wrong",
    [
        raw("received", {"unit": "H01"}),
        raw("received", LEAST["received"] | {"channel": "fax"}),
        raw("received", LEAST["received"] | {"received_at": "2026-03-12"}),
        raw("rescheduled", {"due_at": "soon"}),
        raw("rated", {"stars": 6}),
        raw("voided", subject="x" * 65),
        raw("voided", time="2026-03-12T08:00:00"),
        raw("voided", specversion="0.3"),
        raw("invented"),
    ],
)
def test_what_the_door_refuses_by_its_form_does_not_validate(wrong: bytes) -> None:
    with pytest.raises(Rejected):
        DOOR.check(wrong)
    assert not VALIDATOR.is_valid(json.loads(wrong))
