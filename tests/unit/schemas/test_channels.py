"""The AsyncAPI document: every topic, every message, nothing that leads nowhere (that it is committed: `test_jsonschema`)."""

import json

import pytest
from jsonschema import Draft202012Validator

from deploy.jsonschema import files
from schemas.events import FAMILIES, encode
from services.common.topics import topics
from tests.unit.ingest.test_openapi import references
from tests.unit.schemas.test_events import DOOR
from tests.unit.schemas.test_families import OTHERS, sent, tag_of

DOCUMENT = json.loads(files()["asyncapi/nhip.json"])


def test_it_has_every_topic() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert DOCUMENT["channels"].keys() == {topic.name for topic in topics(1)}
    assert all(channel["address"] == name for name, channel in DOCUMENT["channels"].items())


def test_every_reference_leads_somewhere() -> None:
    for reference in references(DOCUMENT):
        part = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]


def test_a_topic_of_events_has_the_messages_of_its_family() -> None:
    for family in FAMILIES:
        tags = {tag_of(kind) for kind in family.types}
        assert DOCUMENT["channels"][family.topic]["messages"].keys() == tags


@pytest.mark.parametrize("kind", OTHERS, ids=tag_of)
def test_what_is_stored_fits_its_message(kind: type) -> None:
    payload = DOCUMENT["components"]["messages"][tag_of(kind)]["payload"]
    schema = {"components": DOCUMENT["components"], "allOf": [payload]}
    Draft202012Validator(schema).validate(json.loads(encode(DOOR.check(sent(tag_of(kind))))))
