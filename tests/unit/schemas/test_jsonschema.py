"""The committed JSON Schemas are those of the code, and say the same as the check at the door."""

import json

import pytest
from jsonschema import Draft202012Validator

from deploy.jsonschema import FOLDER, files
from schemas.events import Rejected, encode
from tests.unit.schemas.test_events import DOOR, LEAST, TYPES, kind, raw

SCHEMA = json.loads(files()["dossier-event.json"])
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_committed_files_are_up_to_date() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert committed == files(), "run `python -m deploy.jsonschema`"


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("event", TYPES, ids=kind)
def test_every_type_validates_as_sent_and_as_stored(event: type) -> None:
    VALIDATOR.validate(json.loads(raw(kind(event))))
    VALIDATOR.validate(json.loads(encode(DOOR.check(raw(kind(event))))))
    full = LEAST.get(kind(event), {}) | {"unit": "H01", "x": 1}
    VALIDATOR.validate(json.loads(raw(kind(event), full)))


@pytest.mark.parametrize(
    "sent",
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
def test_what_the_door_refuses_by_its_form_does_not_validate(sent: bytes) -> None:
    with pytest.raises(Rejected):
        DOOR.check(sent)
    assert not VALIDATOR.is_valid(json.loads(sent))
